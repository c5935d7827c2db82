export { answerToken as POST } from "../../../benji";
