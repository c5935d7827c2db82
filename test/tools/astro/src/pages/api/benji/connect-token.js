import { answerToken } from "../../../../benji.js";

export const POST = ({ request }) => answerToken(request);
