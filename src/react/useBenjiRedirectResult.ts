import { useEffect, useInsertionEffect, useState, useSyncExternalStore } from "react";
import type { ConfirmRedirect } from "../core/back/askForConfirmation.js";
import type { AnyRedirectResult, BenjiRedirectResult } from "../core/back/resultTypes.js";
import type { UnverifiedRedirect } from "../core/back/verifyRedirect.js";
import { returnPorts } from "../core/browser.js";
import type { StorageChoice } from "../core/ports.js";
import { createReturnReader, type ReaderOptions, thisPage } from "../core/returnReader.js";
import { useWithDefaults } from "./BenjiConnectProvider.js";

interface HookOptions extends ReaderOptions {
  /** The same storage as at the start. Default `"session"`. */
  storage?: StorageChoice | undefined;
}

/** Where the hook looks for a return, and who is signed in. */
export interface UseBenjiRedirectResultOptions
  extends Omit<HookOptions, "confirm" | "dangerouslyAcceptReturnsWithoutState"> {}

interface OnlyVerified {
  dangerouslyAcceptReturnsWithoutState?: false | undefined;
}

interface Confirm<C> {
  confirm: string | ConfirmRedirect<C>;
}

interface MaybeConfirm<C> {
  confirm?: string | ConfirmRedirect<C> | undefined;
}

/** Accepts a return without a state as `unverified`; with `confirm`, only an error stays so. */
type EvenUnverified = Pick<HookOptions, "dangerouslyAcceptReturnsWithoutState">;

/**
 * Reads Benji's return on the callback route: verifies it against the flow that this browser
 * started, marks the flow as used (once, however often the hook renders), and removes the return
 * from the address bar before the result is painted.
 *
 * The result stays as long as the component is mounted and shown, even after a navigation: use the
 * hook in the callback route, or give its component a `key`. The app may navigate in the React commit
 * that shows the result.
 *
 * The ids in the result come from an unsigned query. Before you act on them, let `confirm` ask your
 * server: a success is `pending` until the server agrees.
 *
 * @see docs/contract.md, "Coming back"
 * @example
 * ```tsx
 * import { useBenjiRedirectResult } from "react-benji-connect";
 *
 * function BenjiCallback() {
 *   const result = useBenjiRedirectResult();
 *   if (result.status === "success") return <p>Linked {result.benjiUserUuid}</p>;
 *   if (result.status === "rejected") return <p>Please start again ({result.reason}).</p>;
 *   return <p>{result.status}</p>;
 * }
 * ```
 */
export function useBenjiRedirectResult<A = unknown, C = unknown>(
  options: UseBenjiRedirectResultOptions & Confirm<C> & OnlyVerified,
): BenjiRedirectResult<A, C>;
export function useBenjiRedirectResult<A = unknown, C = unknown>(
  options: UseBenjiRedirectResultOptions & Confirm<C> & EvenUnverified,
): BenjiRedirectResult<A, C> | UnverifiedRedirect;
export function useBenjiRedirectResult<A = unknown, C = unknown>(
  options?: UseBenjiRedirectResultOptions & MaybeConfirm<C> & OnlyVerified,
): BenjiRedirectResult<A, C | undefined>;
export function useBenjiRedirectResult<A = unknown, C = unknown>(
  options: UseBenjiRedirectResultOptions & MaybeConfirm<C> & EvenUnverified,
): BenjiRedirectResult<A, C | undefined> | UnverifiedRedirect;
export function useBenjiRedirectResult(own: HookOptions = {}): AnyRedirectResult {
  const options = useWithDefaults(own);
  const [reader] = useState(createReader);
  const result = useSyncExternalStore(
    reader.subscribe,
    () => reader.getResult(options),
    reader.getServerResult,
  );
  // React runs insertion effects before layout effects, so before the app can navigate.
  useInsertionEffect(reader.settle, [result]);
  useEffect(() => reader.deliver(options), [result]);
  return result;
}

const createReader = () =>
  createReturnReader(thisPage, (options?: HookOptions) => returnPorts(options?.storage));
