export { BenjiApiError, type BenjiApiErrorCode } from "./apiError.js";
export { BENJI_STAGING_URL } from "./baseUrl.js";
export {
  createConnectTokenHandler,
  type ConnectTokenContext,
  type ConnectTokenHandlerOptions,
  type ConnectTokenRefusal,
} from "./connectTokenHandler.js";
export {
  createConnectToken,
  type BenjiApiOptions,
  type CreateConnectTokenOptions,
  type Fetch,
} from "./createConnectToken.js";
export type { ConnectToken } from "./tokenAnswer.js";
export type { ConnectAction, ConnectTokenInput } from "./tokenInput.js";
