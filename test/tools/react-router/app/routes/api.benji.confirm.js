import { answerConfirm } from "../../benji.js";

export const action = ({ request }) => answerConfirm(request);
