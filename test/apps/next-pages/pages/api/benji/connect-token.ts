import { getRequestListener } from "@hono/node-server";
import { answerToken } from "../../../benji";

export const config = { api: { bodyParser: false } }; // the route reads its own body
export default getRequestListener(answerToken, { overrideGlobalObjects: false });
