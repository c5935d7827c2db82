/**
 * Judges a return by the record of its flow (one way of a member to Benji and back). Writes nothing:
 * `settleReturn` in journey.ts marks the flow as used.
 */
import type { ConnectModeName } from "../mode.js";
import { type UserKey, userKeyText } from "../options.js";
import {
  isSameClaim,
  type ReadableClaim,
  type RedirectClaim,
  type RedirectIds,
  type UnreadableClaim,
} from "./parseRedirect.js";
import { type FlowRecord, isOver } from "../records/records.js";
import { sameOriginPath } from "../addresses/returnTo.js";

/** Why a return is not believed. Each has a heading in `docs/errors.md`. */
export type RejectionReason =
  | UnreadableClaim["reason"]
  | "state_missing"
  | "state_unknown"
  | "state_expired"
  | "state_reused"
  | "user_changed"
  | "storage_unavailable"
  | "invalid_request"
  | "not_confirmed"
  | "state_not_bound";

/** A return that is not believed. It contains no ids. */
export interface RejectedRedirect {
  status: "rejected";
  reason: RejectionReason;
}

/**
 * A return of a flow that this browser started. The ids are still unsigned: `state` proves where
 * the flow began, not who the member is. Let your server confirm them before you act on them.
 */
export type VerifiedRedirect<A = unknown> = SuccessRedirect<A> | ErrorRedirect<A>;

export interface SuccessRedirect<A = unknown> extends VerifiedFacts<A> {
  status: "success";
  /**
   * No flow of this browser led to this success (a link in an e-mail did), but your server has
   * confirmed it. Only with `confirm` and `dangerouslyAcceptReturnsWithoutState`.
   */
  begunElsewhere?: true;
}

/** Benji reports an error for a flow that this browser started. Benji gives no reason. */
export interface ErrorRedirect<A = unknown> extends VerifiedFacts<A> {
  status: "error";
}

interface VerifiedFacts<A> extends RedirectIds {
  mode?: ConnectModeName;
  /** The `appState` of the start. */
  appState?: A;
  /** A path of this origin, with one leading slash. Navigate there yourself. */
  returnTo?: string;
  /** Whether the flow had ended before this page load, as after a reload or Back. */
  replayed: boolean;
}

/**
 * A return without a state, accepted only with `dangerouslyAcceptReturnsWithoutState`. Nothing
 * proves what it says: anybody can write such a link.
 */
export interface UnverifiedRedirect {
  status: "unverified";
  /** What the address says. Do not show it or act on it before your server has confirmed it. */
  claim: RedirectIds & Pick<ReadableClaim, "status">;
}

/** What a return is compared with, besides the record of its flow. */
export interface Circumstances {
  /** ms since 1970 */
  now: number;
  /** Who is signed in; `null`, empty or absent for nobody. */
  userKey?: UserKey | undefined;
  pageUrl: string;
  dangerouslyAcceptReturnsWithoutState?: boolean | undefined;
}

/** Turns a claim into a result. */
export function verifyRedirect(
  claim: RedirectClaim,
  record: FlowRecord | undefined,
  circumstances: Circumstances,
): VerifiedRedirect | UnverifiedRedirect | RejectedRedirect {
  const { now, userKey, pageUrl } = circumstances;
  if (claim.status === "unreadable") return rejected(claim.reason);
  if (!claim.state)
    return circumstances.dangerouslyAcceptReturnsWithoutState
      ? { status: "unverified", claim }
      : rejected("state_missing");
  const isTooLate = !record || isOver(record, now);
  if (!record || (isTooLate && record.outcome)) return rejected("state_unknown");
  if (record.outcome && !isSameClaim(record.outcome.claim, claim)) return rejected("state_reused");
  if (isTooLate) return rejected("state_expired");
  if ((record.userKey ?? "") !== userKeyText(userKey)) return rejected("user_changed");
  return verified(claim, record, pageUrl);
}

export const rejected = (reason: RejectionReason): RejectedRedirect => ({
  status: "rejected",
  reason,
});

function verified(claim: ReadableClaim, record: FlowRecord, pageUrl: string): VerifiedRedirect {
  const { state: _, ...answer } = claim;
  const { mode, appState } = record;
  const returnTo = record.returnTo && sameOriginPath(record.returnTo, pageUrl);
  return {
    ...answer,
    ...(mode && { mode }),
    ...(appState !== undefined && { appState }),
    ...(returnTo && { returnTo }),
    replayed: record.outcome !== undefined,
  };
}
