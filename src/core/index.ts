/** The entry point `react-benji-connect/core`, which needs no React. */
export { BenjiConnectError, type BenjiConnectErrorCode } from "../errors.js";
export {
  buildHostedConnectUrl,
  type HostedConnectParams,
  type TrustOptions,
} from "./out/buildHostedConnectUrl.js";
export type { RouteRequestInit } from "./askRoute.js";
export type { ConfirmRedirect } from "./back/askForConfirmation.js";
export type { BenjiRedirectResult, UnconfirmedRedirect } from "./back/resultTypes.js";
export type { ConnectStatus } from "./connector.js";
export {
  type ConnectFlow,
  type ConnectFlowOptions,
  createConnectFlow,
} from "./createConnectFlow.js";
export type { ConnectMode, ConnectModeName, ConnectModeNumber } from "./mode.js";
export type { BenjiEvents, OnBenjiEvent } from "./events.js";
export type { ConnectOptions, ConnectOutcome, ReturnOptions, UserKey } from "./options.js";
export {
  parseRedirect,
  type ParseRedirectOptions,
  type ReadableClaim,
  type RedirectClaim,
  type RedirectIds,
  type UnreadableClaim,
} from "./back/parseRedirect.js";
export type { FlowPorts, LeavePorts, ReturnPorts, SharedPorts, StorageChoice } from "./ports.js";
export type { RedirectStorage } from "./records/records.js";
export type { UnfinishedFlow } from "./records/unfinished.js";
export type { ReaderOptions } from "./returnReader.js";
export { removeRedirectParams } from "./back/removeRedirectParams.js";
export type { ConnectTokenRequest, FetchConnectToken } from "./out/connectTokenTypes.js";
export type {
  ErrorRedirect,
  RejectedRedirect,
  RejectionReason,
  SuccessRedirect,
  UnverifiedRedirect,
  VerifiedRedirect,
} from "./back/verifyRedirect.js";
