import { defineHandler } from "nitro/h3";
import { answerConfirm } from "../../../../benji.js";

export default defineHandler((event) => answerConfirm(event.req));
