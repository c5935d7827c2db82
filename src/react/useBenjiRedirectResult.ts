import { useEffect, useSyncExternalStore } from "react";
import type { ConfirmRedirect } from "../core/back/askForConfirmation.js";
import type {
  ErrorRedirect,
  RejectedRedirect,
  SuccessRedirect,
  UnverifiedRedirect,
} from "../core/back/verifyRedirect.js";
import type { BenjiConnectError } from "../errors.js";
import {
  type AnyResult,
  currentResult,
  holdSlot,
  reportCurrent,
  settleCurrent,
  type SlotOptions,
  subscribe,
  WAITING,
} from "./returnSlot.js";
import { useWithDefaults } from "./BenjiConnectProvider.js";
import { useIsomorphicLayoutEffect } from "./useIsomorphicLayoutEffect.js";

/** How the hook is told where to look, and who is signed in. */
export interface UseBenjiRedirectResultOptions
  extends Omit<SlotOptions, "confirm" | "dangerouslyAcceptReturnsWithoutState"> {}

interface OnlyVerified {
  dangerouslyAcceptReturnsWithoutState?: false | undefined;
}

interface MaybeConfirm<C> {
  confirm?: ConfirmRedirect<C> | undefined;
}

type EvenUnverified = Pick<SlotOptions, "dangerouslyAcceptReturnsWithoutState">;

/** A success that could not be confirmed: the call itself failed. */
export interface UnconfirmedRedirect {
  status: "unconfirmed";
  /** `confirm_failed`, with what `confirm` threw as its cause. */
  error: BenjiConnectError;
  /** Asks again. */
  retry: () => void;
}

/**
 * What the present page knows about a return from Benji. `A` is the type of your `appState`;
 * `C`, where `confirm` is given, of what it answered.
 */
export type BenjiRedirectResult<A = unknown, C = never> =
  /** Server render, hydration, prerendering, `userKey` still `undefined`, or `confirm` running. */
  | { status: "pending" }
  /** Not a return from Benji. */
  | { status: "none" }
  /** Benji's answer to a flow that this browser started. The ids are unsigned. */
  | ([C] extends [never] ? SuccessRedirect<A> : SuccessRedirect<A> & { confirmation: C })
  | ErrorRedirect<A>
  /** We do not believe this address. No ids. */
  | RejectedRedirect
  | ([C] extends [never] ? never : UnconfirmedRedirect);

const waiting = () => WAITING;

/**
 * Reads Benji's return on the callback route: verified against the flow this browser started,
 * settled once however often it renders, and cleaned out of the address bar before the first paint.
 *
 * The ids in the result come from an unsigned query. Before they count, let `confirm` ask your
 * server: a success stays `pending` until it has agreed.
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
export function useBenjiRedirectResult<A = unknown>(
  options?: UseBenjiRedirectResultOptions & { confirm?: undefined } & OnlyVerified,
): BenjiRedirectResult<A>;
export function useBenjiRedirectResult<A = unknown, C = unknown>(
  options: UseBenjiRedirectResultOptions & { confirm: ConfirmRedirect<C> } & OnlyVerified,
): BenjiRedirectResult<A, C>;
export function useBenjiRedirectResult<A = unknown, C = never>(
  options: UseBenjiRedirectResultOptions & MaybeConfirm<C> & OnlyVerified,
): BenjiRedirectResult<A> | BenjiRedirectResult<A, C>;
export function useBenjiRedirectResult<A = unknown, C = never>(
  options: UseBenjiRedirectResultOptions & MaybeConfirm<C> & EvenUnverified,
): BenjiRedirectResult<A> | BenjiRedirectResult<A, C> | UnverifiedRedirect;
export function useBenjiRedirectResult(own: SlotOptions = {}): AnyResult {
  const options = useWithDefaults(own);
  const result = useSyncExternalStore(subscribe, () => currentResult(options), waiting);
  useIsomorphicLayoutEffect(holdSlot, []);
  useIsomorphicLayoutEffect(() => settleCurrent(options), [result]);
  useEffect(() => reportCurrent(options), [result]);
  return result;
}
