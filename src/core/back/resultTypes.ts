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
  /** Calls `confirm` again. */
  retry: () => void;
}

/**
 * The result of a return from Benji. `A` is the type of your `appState`, `C` the type of the
 * `confirmation`, which is always present if the hook's own options contain `confirm`.
 */
export type BenjiRedirectResult<A = unknown, C = unknown> =
  /** Server render, hydration, prerendering, the flow's user still loading, or `confirm` running. */
  | { status: "pending" }
  /** Not a return from Benji. */
  | { status: "none" }
  /** Benji's answer to a flow that this browser started. The ids are unsigned. */
  | (SuccessRedirect<A> & (undefined extends C ? { confirmation?: C } : { confirmation: C }))
  | ErrorRedirect<A>
  /** The return is not believed. */
  | RejectedRedirect
  /** Only if the hook, or a provider above it, has a `confirm`. */
  | UnconfirmedRedirect;

/** All results; the options of a hook narrow this type. */
export type AnyRedirectResult = BenjiRedirectResult | UnverifiedRedirect;
