import { RETURN_STATUSES } from "../../contract.js";
import { invalidRequest } from "../client/apiError.js";
import { parseTimeout, withDeadline } from "../deadline.js";
import { type JsonObject, ownField } from "../jsonObject.js";
import { sha256 } from "../sha256.js";
import { claimKey } from "../stores/keys.js";
import { createMemoryStore } from "../stores/memoryStore.js";
import type { BenjiStore } from "../stores/store.js";
import { type ConfirmAnswer, toResponse } from "./confirmAnswer.js";
import { parseOrigins } from "./origins.js";
import { Refusal, refuseFor } from "./refusal.js";
import { createRoute, type RouteOptions } from "./route.js";
import { parseSigningKeys, type SigningOptions } from "./signingKeys.js";
import { type BoundFlow, type ConfirmFlow, isState, stateCookies } from "./stateCookie.js";

/** What the member's browser says Benji said. Unsigned: the member can edit every word of it. */
export interface ConfirmClaim {
  /** Only a success is asked about: a return with an error is never confirmed. */
  status: "success";
  /** At most 128 printable ASCII characters, without spaces. */
  benjiUserUuid?: string;
  /** At most 20 digits, as text. */
  benjiUserId?: string;
  /** At most 128 printable ASCII characters, without spaces. */
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

/** Options of {@link createConfirmHandler}. */
export interface ConfirmHandlerOptions<User, Host = unknown>
  extends RouteOptions<User, Host>,
    SigningOptions {
  /**
   * Whether the claim is true, by what you know from Benji (a webhook, its API). Required. `true` or a
   * plain object says yes, and the object is handed to the page; `false` says no; `"not_yet"` lets the
   * page ask again. Anything else is an error. May be asked again for the same claim.
   */
  isConfirmed: (context: ConfirmContext<User>) => ConfirmAnswer | Promise<ConfirmAnswer>;
  /** Milliseconds that `isConfirmed` may take; then 503, and the page asks again. Default 8 000. */
  timeoutMs?: number | undefined;
  /** Where the first claim of each flow is kept. Default: the memory of this process. */
  store?: Pick<BenjiStore, "putIfAbsent"> | undefined;
}

const DEFAULT_TIMEOUT_MS = 8_000;
const MAX_ATTEMPT = 1_000;
const ID = /^[\x21-\x7e]{1,128}$/;
const CLAIM_FIELDS = [
  ["benjiUserUuid", ID],
  ["benjiUserId", /^\d{1,20}$/],
  ["triggerEventId", ID],
] as const;

/**
 * The route that the hook's `confirm` calls: `Request` in, `Response` out.
 *
 * Takes the claim as JSON from a signed-in member whose browser was given that state by
 * {@link createConnectTokenHandler} for the same member, and answers what `isConfirmed` said: 200 with
 * the data for yes, 409 `not_confirmed` for no, 202 with `Retry-After` for not yet. The same claim may
 * be asked again within the flow's lifetime; another claim on the same state is 409 `claim_conflict`.
 * Needs the token route's `apiKey`, or on both routes the same `stateSecret`.
 *
 * @throws BenjiApiError `invalid_request`, at construction, for options that cannot work
 * @see docs/server.md, "Confirm"
 * @example
 * ```ts
 * import { createConfirmHandler } from "react-benji-connect/server";
 *
 * declare function readSession(request: Request): Promise<{ id: string } | null>;
 * declare function benjiUserOf(userId: string): Promise<string | undefined>;
 *
 * export const POST = createConfirmHandler({
 *   apiKey: process.env["BENJI_API_KEY"] ?? "",
 *   getUser: readSession,
 *   isConfirmed: async ({ user, claim }) => {
 *     const linked = await benjiUserOf(user.id); // what Benji's webhook told you
 *     if (linked === undefined) return "not_yet";
 *     return linked === claim.benjiUserUuid && { linked };
 *   },
 * });
 * ```
 */
export function createConfirmHandler<User, Host = unknown>(
  options: ConfirmHandlerOptions<User, Host>,
): (request: Request, host?: Host) => Promise<Response> {
  if (typeof options.isConfirmed !== "function") {
    throw invalidRequest("Expected isConfirmed({ user, claim, flow }).");
  }
  const { ownOrigin } = parseOrigins(options);
  const signingKeys = parseSigningKeys(parseSigning(options));
  const store = options.store ?? createMemoryStore();
  const timeoutMs = parseTimeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);

  return createRoute(options, async ({ user, body, request }, userId) => {
    const said = parseClaim(body);
    const { state, attempt } = said;
    const bound = await stateCookies(request, ownOrigin(request), signingKeys).read(state, userId);
    if (!bound) throw new Refusal("state_not_bound");
    await holdAgainstFirstClaim(store, bound, said);
    const claim = requireSuccess(said);
    const ask = async (signal: AbortSignal) =>
      options.isConfirmed({ user, state, claim, flow: bound.flow, attempt, request, signal });
    const deadline = { timeoutMs, signal: request.signal, timedOut };
    return toResponse(await withDeadline(ask, deadline).catch(refuseFor), attempt);
  });
}

const timedOut = (timeoutMs: number) =>
  new Refusal("confirm_timeout", {
    error: new Error(`Expected isConfirmed to answer within ${timeoutMs} ms; it did not.`),
  });

function parseSigning({ apiKey, stateSecret }: SigningOptions): SigningOptions {
  if (apiKey !== undefined || stateSecret !== undefined) return { apiKey, stateSecret };
  throw invalidRequest(
    "Expected the token route's apiKey, or on both routes the same stateSecret: " +
      "without it nobody knows who began a flow, and what for.",
  );
}

/** The first claim of a flow decides what may be asked on its state. */
async function holdAgainstFirstClaim(
  store: Pick<BenjiStore, "putIfAbsent">,
  { names, lifetimeMs }: BoundFlow,
  { status, ids }: SaidClaim,
): Promise<void> {
  const said = await sha256(JSON.stringify({ status, ...ids }));
  const key = claimKey(names.flow, names.user);
  const first = (await store.putIfAbsent(key, said, lifetimeMs)) ?? said;
  if (first !== said) throw new Refusal("claim_conflict");
}

/** What the browser sent, by shape. */
interface SaidClaim {
  state: string;
  status: (typeof RETURN_STATUSES)[number];
  ids: Omit<ConfirmClaim, "status">;
  attempt: number;
}

function requireSuccess({ status, ids }: SaidClaim): ConfirmClaim {
  if (status === "success") return { status, ...ids };
  throw new Refusal("not_confirmed");
}

function parseClaim(body: JsonObject): SaidClaim {
  const status = RETURN_STATUSES.find((known) => known === ownField(body, "status"));
  const state = ownField(body, "state");
  if (!status || !isState(state)) throw new Refusal("invalid_claim");
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
