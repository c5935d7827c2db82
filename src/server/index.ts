export { BenjiApiError, type BenjiApiErrorCode } from "./client/apiError.js";
export { BENJI_PRODUCTION_URL, BENJI_STAGING_URL } from "./client/baseUrl.js";
export {
  createConnectTokenHandler,
  type ConnectTokenContext,
  type ConnectTokenHandlerOptions,
} from "./routes/connectTokenHandler.js";
export {
  createBenjiClient,
  type BenjiClient,
  type BenjiClientOptions,
  type CallOptions,
  type ConnectToken,
  type ConnectUrlOptions,
} from "./client/benjiClient.js";
export type { BenjiApiOptions, Fetch, FetchInit } from "./client/callBenji.js";
export type {
  BenjiMerchantRow,
  BenjiPartnership,
  BenjiPartnerStatusTier,
  BenjiTransaction,
  BenjiUser,
} from "./client/readEntities.js";
export type { ExchangedToken } from "./client/exchangedToken.js";
export type { ConnectAction, ConnectTokenInput, SdkTokenInput } from "./client/tokenInput.js";
export type { ConfirmClaim, ConfirmContext, MemberQuestion } from "./routes/confirmContext.js";
export { createConfirmHandler, type ConfirmHandlerOptions } from "./routes/confirmHandler.js";
export type { ConfirmAnswer } from "./routes/confirmAnswer.js";
export {
  askBenjiAboutMember,
  askBenjiAboutTransaction,
  confirmWithBenji,
  type ConfirmWithBenjiOptions,
  type MemberQuestionOptions,
  type TransactionQuestionOptions,
} from "./routes/confirmWithBenji.js";
export { rememberTransaction, type TransactionWebhook } from "./webhooks/rememberTransaction.js";
export { BenjiRefusedRequest } from "./routes/refusedRequest.js";
export type { RouteRefusal } from "./routes/refusal.js";
export type { RouteContext, RouteOptions } from "./routes/route.js";
export type { SigningOptions } from "./routes/signingKeys.js";
export type { ConfirmFlow } from "./routes/stateCookie.js";
export { createMemoryStore, type MemoryStoreOptions } from "./stores/memoryStore.js";
export {
  createTestWebhook,
  type TestWebhook,
  type TestWebhookOptions,
} from "./webhooks/createTestWebhook.js";
export {
  verifyWebhook,
  type BenjiCampaignEvent,
  type BenjiEntityType,
  type BenjiTransactionEvent,
  type BenjiUserEvent,
  type BenjiWebhook,
  type BenjiWebhookEvent,
  type BenjiWebhookEventName,
  type SignedForm,
  type VerifyWebhookOptions,
} from "./webhooks/verifyWebhook.js";
export { BenjiWebhookError, type BenjiWebhookErrorCode } from "./webhooks/webhookError.js";
export {
  createWebhookHandler,
  type BenjiWebhookFunctions,
  type FetchesTransaction,
  type FetchesUser,
  type WebhookHandlerOptions,
} from "./webhooks/webhookHandler.js";
export { createRedisStore, type IoredisClient, type NodeRedisClient } from "./stores/redisStore.js";
export {
  createSqlStore,
  type PostgresClient,
  type SqliteDatabase,
  type SqlStoreOptions,
} from "./stores/sqlStore.js";
export type { BenjiStore, Stored } from "./stores/store.js";
