import type { BenjiConnectError } from "../../errors.js";
import type {
  ErrorRedirect,
  RejectedRedirect,
  SuccessRedirect,
  UnverifiedRedirect,
} from "./verifyRedirect.js";

/** A success that could not be confirmed: the call failed, or the answer was "not yet" for too long. */
export interface UnconfirmedRedirect {
  status: "unconfirmed";
  /** `confirm_failed`, with what `confirm` threw as its cause; `confirm_pending`; `unauthenticated`. */
  error: BenjiConnectError;
  /** Asks again. */
  retry: () => void;
}

/**
 * What the present page knows about a return from Benji. `A` is the type of your `appState`, `C` of
 * what `confirm` answered: there without doubt where the hook itself is given a `confirm`.
 */
export type BenjiRedirectResult<A = unknown, C = unknown> =
  /** Server render, hydration, prerendering, the flow's user still loading, or `confirm` running. */
  | { status: "pending" }
  /** Not a return from Benji. */
  | { status: "none" }
  /** Benji's answer to a flow that this browser started. The ids are unsigned. */
  | (SuccessRedirect<A> & (undefined extends C ? { confirmation?: C } : { confirmation: C }))
  | ErrorRedirect<A>
  /** We do not believe this address. No ids. */
  | RejectedRedirect
  /** Only where a `confirm` is given, to the hook or to a provider above it. */
  | UnconfirmedRedirect;

/** Whatever a reader may be given, before its options narrow it. */
export type AnyRedirectResult = BenjiRedirectResult | UnverifiedRedirect;
