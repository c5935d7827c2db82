/** What partners need to test their own code. */
export { BenjiTestProvider, withBenji } from "./BenjiTestProvider.js";
export {
  type ConfirmRouteAnswer,
  confirmHandlers,
  type ConfirmHandlersOptions,
} from "./confirmHandlers.js";
export {
  type ConnectTokenAnswer,
  connectTokenHandlers,
  type ConnectTokenHandlersOptions,
  type MswParts,
} from "./connectTokenHandlers.js";
export {
  finishAtBenji,
  type FinishAtBenjiOptions,
  type FinishOutcome,
  type PlaywrightLocator,
  type PlaywrightPage,
} from "./finishAtBenji.js";
export { memoryNavigate, type MemoryNavigate, memoryStorage } from "./memory.js";
export { results } from "./results.js";
export {
  rejectedReturnUrl,
  type RejectionByAddress,
  type ReturnParams,
  returnUrl,
  startedFlow,
} from "./returns.js";
