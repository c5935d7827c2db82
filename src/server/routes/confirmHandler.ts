import { RETURN_STATUSES } from "../../contract.js";
import { isResponse } from "../../core/isResponse.js";
import { invalidRequest } from "../client/apiError.js";
import { createClaimMemory, type ClaimStore } from "../stores/claimMemory.js";
import { type JsonObject, ownField } from "../jsonObject.js";
import { parseOrigins } from "./origins.js";
import { createRoute, Refusal, type RouteOptions } from "./route.js";
import { sha256 } from "../sha256.js";
import { isBound, isState } from "./stateCookie.js";

/** What the member's browser says Benji said. Unsigned: the member can edit every word of it. */
export interface ConfirmClaim {
  status: "success" | "error";
  benjiUserUuid?: string;
  /** Digits, as text. */
  benjiUserId?: string;
  triggerEventId?: string;
}

/** What the partner decides from. */
export interface ConfirmContext<User> {
  /** The answer of `getUser`. */
  user: User;
  /** The flow: by its cookie, one that this browser was given a token for. */
  state: string;
  claim: ConfirmClaim;
  request: Request;
}

/** Options of {@link createConfirmHandler}. */
export interface ConfirmHandlerOptions<User> extends RouteOptions<User> {
  /**
   * Whether the claim is true, by what you know from Benji (a webhook, its API). Required. `false`
   * says no; anything else that JSON can express says yes and is handed to the page. May be asked
   * again for the same claim.
   */
  isConfirmed: (context: ConfirmContext<User>) => unknown;
  /** Where the first claim of each flow is kept for an hour. Default: in the memory of this process. */
  claims?: ClaimStore;
}

const MAX_LENGTH = 512;
const HOUR_MS = 60 * 60 * 1_000;
const CLAIM_FIELDS = ["benjiUserUuid", "benjiUserId", "triggerEventId"] as const;

/**
 * The route that the hook's `confirm` calls: `Request` in, `Response` out.
 *
 * Takes the claim as JSON from a signed-in member whose browser was given that state by
 * {@link createConnectTokenHandler}, and answers what `isConfirmed` said. The same claim may be asked
 * again for an hour; another claim on the same state is 409 `claim_conflict`.
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
 *   getUser: readSession,
 *   isConfirmed: async ({ user, claim }) => {
 *     const linked = await benjiUserOf(user.id); // what Benji's webhook told you
 *     return linked !== undefined && linked === claim.benjiUserUuid && { linked };
 *   },
 * });
 * ```
 */
export function createConfirmHandler<User>(
  options: ConfirmHandlerOptions<User>,
): (request: Request) => Promise<Response> {
  if (typeof options.isConfirmed !== "function") {
    throw invalidRequest("Expected isConfirmed({ user, state, claim }).");
  }
  const { ownOrigin } = parseOrigins(options);
  const claims = options.claims ?? createClaimMemory();
  return createRoute(options, async ({ user, body, request }) => {
    const { state, claim } = parseClaim(body);
    if (!(await isBound(state, request, ownOrigin(request)))) throw new Refusal("state_not_bound");
    await holdAgainstFirstClaim(claims, state, claim);
    return answer(await options.isConfirmed({ user, state, claim, request }));
  });
}

function answer(confirmation: unknown): Response {
  // A forgotten `return` is no yes, and a Response would become `{}`.
  if (confirmation === undefined || isResponse(confirmation))
    throw new TypeError(
      "Expected isConfirmed to answer false or data; got nothing, or a Response.",
    );
  return Response.json(confirmation);
}

/** The first claim of a flow decides what may be asked on its state. */
async function holdAgainstFirstClaim(
  claims: ClaimStore,
  state: string,
  claim: ConfirmClaim,
): Promise<void> {
  const [key, said] = await Promise.all([sha256(state), sha256(JSON.stringify(claim))]);
  const first = (await claims.putIfAbsent(key, said, HOUR_MS)) ?? said;
  if (first !== said) throw new Refusal("claim_conflict");
}

function parseClaim(body: JsonObject): { state: string; claim: ConfirmClaim } {
  const status = RETURN_STATUSES.find((known) => known === ownField(body, "status"));
  const state = ownField(body, "state");
  if (!status || !isState(state)) throw new Refusal("invalid_claim");
  const ids = CLAIM_FIELDS.map((field) => [field, parseId(body, field)] as const);
  const known = ids.filter(([, id]) => id !== undefined);
  return { state, claim: { status, ...Object.fromEntries(known) } };
}

function parseId(body: JsonObject, field: string): string | undefined {
  const id = ownField(body, field);
  if (id === undefined || (typeof id === "string" && id !== "" && id.length <= MAX_LENGTH))
    return id;
  throw new Refusal("invalid_claim");
}
