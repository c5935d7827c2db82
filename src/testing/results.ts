import {
  BenjiConnectError,
  type ErrorRedirect,
  type RejectedRedirect,
  type RejectionReason,
  type SuccessRedirect,
  type UnconfirmedRedirect,
  type UnverifiedRedirect,
} from "react-benji-connect";
import { UUID } from "./fixtures.js";

type SuccessFacts<A> = Partial<Omit<SuccessRedirect<A>, "status">>;
type ErrorFacts<A> = Partial<Omit<ErrorRedirect<A>, "status">>;

function success<A = unknown>(
  facts?: SuccessFacts<A> & { confirmation?: never },
): SuccessRedirect<A> & { confirmation?: unknown };
function success<A = unknown, C = unknown>(
  facts: SuccessFacts<A> & { confirmation: C },
): SuccessRedirect<A> & { confirmation: C };
function success(facts: SuccessFacts<unknown> = {}): SuccessRedirect {
  const someone = facts.benjiUserId === undefined && { benjiUserUuid: UUID };
  return Object.freeze({ ...someone, replayed: false, ...facts, status: "success" });
}

const error = <A = unknown>(facts: ErrorFacts<A> = {}): ErrorRedirect<A> =>
  Object.freeze({ replayed: false, ...facts, status: "error" });

const rejected = (reason: RejectionReason): RejectedRedirect =>
  Object.freeze({ status: "rejected", reason });

const unconfirmed = (
  facts: { retry?: (() => void) | undefined; cause?: unknown } = {},
): UnconfirmedRedirect =>
  Object.freeze({
    status: "unconfirmed",
    error: new BenjiConnectError("confirm_failed", "", { cause: facts.cause }),
    retry: facts.retry ?? (() => {}),
  });

const unverified = (
  claim: UnverifiedRedirect["claim"] = { status: "success", benjiUserUuid: UUID },
): UnverifiedRedirect => Object.freeze({ status: "unverified", claim });

const pending = (): { status: "pending" } => Object.freeze({ status: "pending" });

const none = (): { status: "none" } => Object.freeze({ status: "none" });

/**
 * Functions that make each result of `useBenjiRedirectResult`, as a frozen object, for components that
 * take it as a prop. A success has a sample id unless you pass an id.
 *
 * @example
 * ```tsx
 * import type { BenjiRedirectResult } from "react-benji-connect";
 * import { results } from "react-benji-connect/testing";
 *
 * const Greeting = ({ result }: { result: BenjiRedirectResult }) => <p>{result.status}</p>;
 *
 * const scenes = [
 *   <Greeting result={results.success({ mode: "transfer", triggerEventId: "event-1" })} />,
 *   <Greeting result={results.rejected("state_expired")} />,
 * ];
 * ```
 */
export const results = { success, error, rejected, unconfirmed, unverified, pending, none };
