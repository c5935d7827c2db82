import { defineHandler } from "nitro/h3";
import { answerToken } from "../../../../benji.js";

export default defineHandler((event) => answerToken(event.req));
