import { H3, serve } from "h3";
import { answerConfirm, answerToken } from "./benji.js";

const app = new H3()
  .all("/api/benji/connect-token", (event) => answerToken(event.req))
  .all("/api/benji/confirm", (event) => answerConfirm(event.req));

serve(app, { port: 3000 });
