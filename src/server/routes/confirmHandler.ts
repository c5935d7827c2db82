import { invalidRequest } from "../client/apiError.js";
import { inTime, parseTimeout, withDeadline } from "../deadline.js";
import { ownField } from "../jsonObject.js";
import { checkMethods, got, ownOptions } from "../options.js";
import { sha256 } from "../sha256.js";
import { claimKey } from "../stores/storeKeys.js";
import { createMemoryStore } from "../stores/memoryStore.js";
import type { BenjiStore } from "../stores/store.js";
import { type ConfirmAnswer, toResponse } from "./confirmAnswer.js";
import type { ConfirmContext, MemberQuestion } from "./confirmContext.js";
import { parseClaim, requireSuccess, type SentClaim } from "./parseClaim.js";
import { Refusal, refuseFor } from "./refusal.js";
import { createRoute, type RouteOptions } from "./route.js";
import { parseSigningKeys, type SigningOptions } from "./signingKeys.js";
import { appBinding, type BoundFlow, stateCookies } from "./stateCookie.js";

/** Options of {@link createConfirmHandler}. */
export interface ConfirmHandlerOptions<User, Host = unknown>
  extends RouteOptions<User, Host>,
    SigningOptions {
  /**
   * Decides whether the claim is true, by what you know from Benji (a webhook, its API). Required.
   * `true` or a plain object means yes, and the object is sent to the page; `false` means no; with
   * `"not_yet"` the page asks again. Any other value is an error. It may be called again for the same
   * claim.
   */
  isConfirmed: (context: ConfirmContext<User>) => ConfirmAnswer | Promise<ConfirmAnswer>;
  /**
   * Decides about returns without a state, such as those of links in e-mails. Without this option they
   * are refused. A return that names a transaction is never confirmed this way. Anybody can write such
   * an address, so the function compares the signed-in user with Benji's own record.
   */
  dangerouslyConfirmReturnsWithoutState?: MemberQuestion<User> | undefined;
  /** Milliseconds that `isConfirmed` may take; then 503, and the page asks again. Default 8 000. */
  timeoutMs?: number | undefined;
  /** Where the first claim of each flow is kept. Default: the memory of this process. */
  store?: Pick<BenjiStore, "putIfAbsent"> | undefined;
}

const DEFAULT_TIMEOUT_MS = 8_000;

/**
 * Creates the route that the hook's `confirm` calls: `Request` in, `Response` out.
 *
 * The route takes the claim as JSON from a signed-in member. {@link createConnectTokenHandler} must
 * have bound the claim's state to this browser and member. `isConfirmed` decides the answer: 200 with
 * the data for yes, 409 `not_confirmed` for no, 202 with `Retry-After` for not yet. The same claim may
 * be sent again within the flow's lifetime; another claim on the same state is 409 `claim_conflict`.
 * The route needs the token route's `apiKey`, or on both routes the same `stateSecret`.
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
 *     const linked = await benjiUserOf(user.id); // what Benji's webhook reported
 *     if (linked === undefined) return "not_yet";
 *     return linked === claim.benjiUserUuid && { linked };
 *   },
 * });
 * ```
 */
export function createConfirmHandler<User, Host = unknown>(
  given: ConfirmHandlerOptions<User, Host>,
): (request: Request, host?: Host) => Promise<Response> {
  const options = ownOptions(given);
  const { isConfirmed, store = createMemoryStore() } = options;
  if (typeof isConfirmed !== "function") {
    throw invalidRequest(
      `Expected isConfirmed({ user, claim, flow }) as a function; ${got(isConfirmed)}.`,
    );
  }
  checkMethods(store, "store", ["putIfAbsent"]);
  const signingKeys = parseSigningKeys(parseSigning(options));
  const { timeoutMs: givenTimeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const timeoutMs = parseTimeout(givenTimeoutMs);
  const askWithoutState = parseQuestion(options.dangerouslyConfirmReturnsWithoutState);

  return createRoute(options, async ({ user, body, request }, passed) => {
    const said = parseClaim(body);
    const { state, attempt } = said;
    const answer = async (ask: (signal: AbortSignal) => Promise<ConfirmAnswer>) => {
      const deadline = { timeoutMs, signal: request.signal, timedOut };
      return toResponse(await withDeadline(ask, deadline).catch(refuseFor), attempt);
    };
    if (state === undefined) {
      if (!askWithoutState) throw new Refusal("invalid_claim");
      if (said.ids.triggerEventId !== undefined) throw new Refusal("state_not_bound");
      const claim = requireSuccess(said);
      return answer((signal) => askWithoutState({ user, claim, signal }));
    }
    const { userId, caller, isOnPlainHttp } = passed;
    const bound =
      caller === "app"
        ? await appBinding(signingKeys).read(ownField(body, "binding"), state, userId)
        : await stateCookies(request, isOnPlainHttp, signingKeys).read(state, userId);
    if (!bound) throw new Refusal("state_not_bound");
    await holdAgainstFirstClaim(store, bound, said);
    const { flow } = bound;
    const claim = requireSuccess(said);
    return answer(async (signal) =>
      isConfirmed({ user, state, claim, flow, attempt, request, signal }),
    );
  });
}

/** @throws BenjiApiError `invalid_request` */
function parseQuestion<User>(question: MemberQuestion<User> | undefined) {
  if (question === undefined) return undefined;
  const isFunction = typeof question === "function" && Object.hasOwn(question, "withoutState");
  if (isFunction && typeof question.withoutState === "function") return question.withoutState;
  throw invalidRequest(
    "Expected dangerouslyConfirmReturnsWithoutState as askBenjiAboutMember(…) with its option " +
      "userExternalId: no other question may settle a return without a state.",
  );
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

/** Stores the first claim of a flow, and refuses any other claim on the same state. */
async function holdAgainstFirstClaim(
  store: Pick<BenjiStore, "putIfAbsent">,
  { names, lifetimeMs }: BoundFlow,
  { status, ids }: SentClaim,
): Promise<void> {
  const said = await sha256(JSON.stringify({ status, ...ids }));
  const key = claimKey(names.flow, names.user);
  const kept = await inTime(store.putIfAbsent(key, said, lifetimeMs), "store.putIfAbsent");
  const first = kept ?? said;
  if (first !== said) throw new Refusal("claim_conflict");
}
