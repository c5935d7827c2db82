import { answerConfirm } from "../../../../benji.js";

export const POST = ({ request }) => answerConfirm(request);
