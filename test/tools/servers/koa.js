import { getRequestListener } from "@hono/node-server";
import Koa from "koa";
import { answerBenji } from "./benji.js";

const app = new Koa();
const listener = getRequestListener(answerBenji);

app.use(async (context, next) => {
  if (!context.path.startsWith("/api/benji/")) return next();
  context.respond = false;
  await listener(context.req, context.res);
});
// Body parsers come after this.
app.listen(3000);
