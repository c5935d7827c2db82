import { RETURN_STATUSES } from "../../contract.js";
import { type JsonObject, ownField } from "../jsonObject.js";
import type { ConfirmClaim } from "./confirmContext.js";
import { Refusal } from "./refusal.js";
import { isState } from "./stateCookie.js";

const MAX_ATTEMPT = 1_000;
/** The browser's code has the same limit for an id in an address. */
const ID = /^[\x21-\x7e]{1,512}$/;
const CLAIM_FIELDS = [
  ["benjiUserUuid", ID],
  ["benjiUserId", /^\d{1,20}$/],
  ["triggerEventId", ID],
] as const;

/** The claim that the browser sent, with its types checked. */
export interface SentClaim {
  /**
   * Absent where a link, such as one in an e-mail, began the visit. A state in another format than ours
   * is refused.
   */
  state: string | undefined;
  status: (typeof RETURN_STATUSES)[number];
  ids: Omit<ConfirmClaim, "status">;
  attempt: number;
}

/** @throws Refusal `not_confirmed` */
export function requireSuccess({ status, ids }: SentClaim): ConfirmClaim {
  if (status === "success") return { status, ...ids };
  throw new Refusal("not_confirmed");
}

/**
 * Checks what the browser sent to the confirm route.
 *
 * @throws Refusal `invalid_claim`
 */
export function parseClaim(body: JsonObject): SentClaim {
  const status = RETURN_STATUSES.find((known) => known === ownField(body, "status"));
  const state = ownField(body, "state");
  if (!status || (state !== undefined && !isState(state))) throw new Refusal("invalid_claim");
  return { state, status, ids: parseIds(body), attempt: parseAttempt(ownField(body, "attempt")) };
}

function parseIds(body: JsonObject): Omit<ConfirmClaim, "status"> {
  const ids = CLAIM_FIELDS.map(([field, shape]) => {
    const id = ownField(body, field);
    if (id === undefined || (typeof id === "string" && shape.test(id))) return [field, id] as const;
    throw new Refusal("invalid_claim");
  });
  return Object.fromEntries(ids.filter(([, id]) => id !== undefined));
}

function parseAttempt(attempt: unknown = 1): number {
  const isInRange = Number.isSafeInteger(attempt) && (attempt as number) >= 1;
  if (isInRange && (attempt as number) <= MAX_ATTEMPT) return attempt as number;
  throw new Refusal("invalid_claim");
}
