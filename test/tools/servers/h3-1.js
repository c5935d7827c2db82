// "h3-1" is h3 1, which Nitro 2 is built on.
import { createServer } from "node:http";
import { createApp, createRouter, defineEventHandler, toNodeListener, toWebRequest } from "h3-1";
import { answerConfirm, answerToken } from "./benji.js";

const router = createRouter();
router.use(
  "/api/benji/connect-token",
  defineEventHandler((event) => answerToken(toWebRequest(event))),
);
router.use(
  "/api/benji/confirm",
  defineEventHandler((event) => answerConfirm(toWebRequest(event))),
);

createServer(toNodeListener(createApp().use(router))).listen(3000);
