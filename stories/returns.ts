import {
  rejectedReturnUrl,
  type RejectionByAddress,
  results,
  type ReturnParams,
  returnUrl,
} from "react-benji-connect/testing";
import { createConnectFlow } from "../src/core/index.js";

// Prepares a callback page: a flow was started, and the member came back.

/** A success, always of the same member. */
export const SUCCESS = results.success();
export const UUID = String(SUCCESS.benjiUserUuid);

/** Gives this frame the address of a return. Returns, for `beforeEach`, the function that restores it. */
export const comeBack = (params: ReturnParams) => visit(returnUrl(params, window.location.href));

export const comeBackRejected = (reason: RejectionByAddress) =>
  visit(rejectedReturnUrl(reason, window.location.href));

function visit(address: string): () => void {
  const before = window.location.href;
  window.history.replaceState(null, "", address);
  return () => window.history.replaceState(null, "", before);
}

/** Reads a return before the page opens, so that its flow has ended. */
export function settle(params: ReturnParams): void {
  createConnectFlow({
    currentUrl: () => returnUrl(params, window.location.href),
    writeEntry: () => {},
  }).getResult();
}

/** Forgets every flow. */
export function forgetFlows(): void {
  for (const storage of [sessionStorage, localStorage])
    for (const key of Object.keys(storage))
      if (key.startsWith("benji-connect:")) storage.removeItem(key);
}
