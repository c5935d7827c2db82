import type { ConfirmAnswer } from "./confirmAnswer.js";
import type { ConfirmFlow } from "./stateCookie.js";

/** What the member's browser says Benji said. Unsigned: the member can edit all of it. */
export interface ConfirmClaim {
  /** Only a success is asked about: a return with an error is never confirmed. */
  status: "success";
  /** At most 512 printable ASCII characters, without spaces. */
  benjiUserUuid?: string;
  /** At most 20 digits, as text. */
  benjiUserId?: string;
  /** At most 512 printable ASCII characters, without spaces. */
  triggerEventId?: string;
}

/** What the partner decides from. */
export interface ConfirmContext<User> {
  /** The answer of `getUser`. The flow was begun by the same user. */
  user: User;
  /** The flow's state: by its cookie, one that this browser was given a token for. */
  state: string;
  claim: ConfirmClaim;
  /** What the token was for, as the token route decided it. */
  flow: ConfirmFlow;
  /** Which try of this return it is, from 1. The browser says so: good for pacing, not for limits. */
  attempt: number;
  request: Request;
  /** Aborts when `timeoutMs` has passed or the browser has gone: hand it to what you ask. */
  signal: AbortSignal;
}

/** An `isConfirmed` that can also settle a return without a state. */
export interface MemberQuestion<User = unknown> {
  (context: ConfirmContext<User>): Promise<ConfirmAnswer>;
  /** Only with the option `userExternalId`. */
  withoutState?:
    | ((context: {
        user: User;
        claim: ConfirmClaim;
        signal: AbortSignal;
      }) => Promise<ConfirmAnswer>)
    | undefined;
}
