import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { Elysia } from "elysia";
import { answerConfirm, answerToken } from "./benji.js";

const app = new Elysia()
  // `parse: "none"` leaves the body to the route.
  .all("/api/benji/connect-token", ({ request }) => answerToken(request), { parse: "none" })
  .all("/api/benji/confirm", ({ request }) => answerConfirm(request), { parse: "none" });

createServer(getRequestListener(app.fetch)).listen(3000); // with Bun: app.listen(3000)
