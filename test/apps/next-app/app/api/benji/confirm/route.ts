export { answerConfirm as POST } from "../../../benji";
