export { BenjiApiError, type BenjiApiErrorCode } from "./apiError.js";
export { BENJI_STAGING_URL } from "./baseUrl.js";
export {
  createConnectTokenHandler,
  type ConnectTokenContext,
  type ConnectTokenHandlerOptions,
} from "./connectTokenHandler.js";
export {
  createBenjiClient,
  type BenjiClient,
  type BenjiClientOptions,
  type CallOptions,
  type ConnectToken,
  type ConnectUrlOptions,
} from "./benjiClient.js";
export type { BenjiApiOptions, Fetch, FetchInit } from "./callBenji.js";
export type { ExchangedToken } from "./exchangedToken.js";
export type { ConnectAction, ConnectTokenInput, SdkTokenInput } from "./tokenInput.js";
export type { ClaimStore } from "./claimMemory.js";
export {
  type ConfirmClaim,
  type ConfirmContext,
  createConfirmHandler,
  type ConfirmHandlerOptions,
} from "./confirmHandler.js";
export type { RouteContext, RouteOptions, RouteRefusal } from "./route.js";
export {
  createTestWebhook,
  type TestWebhook,
  type TestWebhookOptions,
} from "./createTestWebhook.js";
export {
  verifyWebhook,
  type BenjiWebhook,
  type BenjiWebhookEvent,
  type BenjiWebhookEventName,
  type VerifyWebhookOptions,
} from "./webhook.js";
export { BenjiWebhookError, type BenjiWebhookErrorCode } from "./webhookError.js";
