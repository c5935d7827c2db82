// The shop's own server: sessions and pages. The routes for Benji are in benji.mjs.
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { getRequestListener } from "@hono/node-server";
import express from "express";
import session from "express-session";
import { confirm, token, webhook } from "./benji.mjs";

const { PORT, PUBLIC_ORIGIN } = process.env;
const dist = fileURLToPath(new URL("dist", import.meta.url));

const app = express();
app.use(
  session({
    secret: randomUUID(),
    resave: false,
    saveUninitialized: true,
    cookie: { sameSite: "lax" },
  }),
);
// Signs a visitor without a session in as a new member.
app.use((request, _response, next) => {
  request.session.user ??= { id: randomUUID() };
  next();
});
app.post("/api/benji/connect-token", getRequestListener(token));
app.post("/api/benji/confirm", getRequestListener(confirm));
app.post("/webhooks/benji", getRequestListener(webhook));
app.use(express.json()); // after Benji's routes, which read their own bodies
app.use(express.static(dist));
app.get("/{*page}", (_request, response) => response.sendFile(`${dist}/index.html`));

app.listen(Number(PORT), "localhost", () => console.log(`The shop is open at ${PUBLIC_ORIGIN}`));
