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
 * What the present page knows about a return from Benji. `A` is the type of your `appState`;
 * `C`, where `confirm` is given, of what it answered.
 */
export type BenjiRedirectResult<A = unknown, C = never> =
  /** Server render, hydration, prerendering, the flow's user still loading, or `confirm` running. */
  | { status: "pending" }
  /** Not a return from Benji. */
  | { status: "none" }
  /** Benji's answer to a flow that this browser started. The ids are unsigned. */
  | ([C] extends [never] ? SuccessRedirect<A> : SuccessRedirect<A> & { confirmation: C })
  | ErrorRedirect<A>
  /** We do not believe this address. No ids. */
  | RejectedRedirect
  | ([C] extends [never] ? never : UnconfirmedRedirect);

/** Whatever a reader may be given, before its options narrow it. */
export type AnyRedirectResult =
  | BenjiRedirectResult
  | BenjiRedirectResult<unknown, unknown>
  | UnverifiedRedirect;
