import { getRequestListener } from "@hono/node-server";
import { answerConfirm } from "../../../benji";

export const config = { api: { bodyParser: false } }; // the route reads its own body
export default getRequestListener(answerConfirm, { overrideGlobalObjects: false });
