/** The main entry: a button that starts the redirect, a hook that reads its result. */
export type { ConfirmRedirect } from "./core/back/askForConfirmation.js";
export type { RouteRequestInit } from "./core/askRoute.js";
export type { ConnectStatus } from "./core/connector.js";
export type { BenjiRedirectResult, UnconfirmedRedirect } from "./core/back/resultTypes.js";
export type { BenjiEvents, OnBenjiEvent } from "./core/events.js";
export type { ConnectMode, ConnectModeName, ConnectModeNumber } from "./core/mode.js";
export type { ConnectOutcome, UserKey } from "./core/options.js";
export type { StorageChoice } from "./core/ports.js";
export type { ReadableClaim } from "./core/back/parseRedirect.js";
export type { RedirectStorage } from "./core/records/records.js";
export type { UnfinishedFlow } from "./core/records/unfinished.js";
export type { ConnectTokenRequest, FetchConnectToken } from "./core/out/connectTokenTypes.js";
export type {
  ErrorRedirect,
  RejectedRedirect,
  RejectionReason,
  SuccessRedirect,
  UnverifiedRedirect,
} from "./core/back/verifyRedirect.js";
export { BenjiConnectError, type BenjiConnectErrorCode } from "./errors.js";
export { BenjiConnectButton, type BenjiConnectButtonProps } from "./react/BenjiConnectButton.js";
export {
  type BenjiConnectDefaults,
  BenjiConnectProvider,
  type BenjiConnectProviderProps,
} from "./react/BenjiConnectProvider.js";
export type { BenjiMessages } from "./react/messages.js";
export { type BenjiConnect, useBenjiConnect } from "./react/useBenjiConnect.js";
export {
  useBenjiRedirectResult,
  type UseBenjiRedirectResultOptions,
} from "./react/useBenjiRedirectResult.js";
export type { BenjiButtonProps, UseBenjiConnectOptions } from "./react/useConnectStart.js";
