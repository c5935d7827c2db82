import type { ConfirmAnswer } from "./confirmAnswer.js";
import type { ConfirmFlow } from "./stateCookie.js";

/**
 * What Benji returned, as the browser reports it. It is unsigned: the member can edit all of it.
 * parseClaim.ts checks the formats below.
 */
export interface ConfirmClaim {
  /** `isConfirmed` is called for a success only: a return with an error is never confirmed. */
  status: "success";
  /** At most 512 printable ASCII characters, without spaces. */
  benjiUserUuid?: string;
  /** At most 20 digits, as text. */
  benjiUserId?: string;
  /** Benji's id of the transfer or redemption. At most 512 printable ASCII characters, without spaces. */
  triggerEventId?: string;
}

/** The argument of `isConfirmed`. */
export interface ConfirmContext<User> {
  /** The user that `getUser` returned; the same user began the flow, the visit to Benji. */
  user: User;
  /** The flow's state. Its signed cookie proves that this browser was given a token for it. */
  state: string;
  claim: ConfirmClaim;
  /** What the token was for, as the token route decided it. */
  flow: ConfirmFlow;
  /**
   * The number of the attempt for this return, from 1. The browser sends it: use it for pacing, not for
   * limits.
   */
  attempt: number;
  request: Request;
  /** Aborts after `timeoutMs`, or when the browser disconnects: pass it to your own requests. */
  signal: AbortSignal;
}

/** An `isConfirmed` that can also decide about a return without a state. */
export interface MemberQuestion<User = unknown> {
  (context: ConfirmContext<User>): Promise<ConfirmAnswer>;
  /** Present only with the option `userExternalId`. */
  withoutState?:
    | ((context: {
        user: User;
        claim: ConfirmClaim;
        signal: AbortSignal;
      }) => Promise<ConfirmAnswer>)
    | undefined;
}
