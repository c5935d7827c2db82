import { answerToken } from "../../benji.js";

export const action = ({ request }) => answerToken(request);
