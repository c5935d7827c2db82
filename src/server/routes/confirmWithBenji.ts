import { BenjiApiError, invalidRequest } from "../client/apiError.js";
import type { BenjiClient } from "../client/benjiClient.js";
import type { BenjiPartnership, BenjiTransaction, BenjiUser } from "../client/readEntities.js";
import { checkKinds, checkMethods, got, ownOptions } from "../options.js";
import { sha256 } from "../sha256.js";
import { transactionKey, usedEventKey } from "../stores/storeKeys.js";
import type { BenjiStore } from "../stores/store.js";
import type { ConfirmAnswer } from "./confirmAnswer.js";
import type { ConfirmClaim, ConfirmContext, MemberQuestion } from "./confirmContext.js";
import { tellDeveloper } from "../report.js";

// Every function here follows one rule (docs/contract.md, "Afterwards"): "no" only where Benji
// contradicts the claim, "not yet" where something is absent or unknown.

/** Options of {@link askBenjiAboutMember}. */
export interface MemberQuestionOptions<User = unknown> {
  client: Pick<BenjiClient, "getUser" | "getPartnership">;
  /** Your partnership. It decides which rows in the two lists of a Benji user are yours. */
  partnershipUuid: string;
  /**
   * Names the list in which your row of a Benji user has the token's `userExternalId` as its
   * `external_id`. Benji documents this for neither list: ask Benji, and try it on staging. Without
   * this option the result is always `"not_yet"`.
   */
  undocumentedUserExternalIdIn?: "merchants" | "partnerStatusTiers" | undefined;
  /** Returns the `userExternalId` of a signed-in user, for returns without a state only. */
  userExternalId?: ((user: User) => string) | undefined;
}

/** Options of {@link askBenjiAboutTransaction}. */
export interface TransactionQuestionOptions {
  client: Pick<BenjiClient, "getTransaction">;
  /** The store that `rememberTransaction` writes to. */
  store: Pick<BenjiStore, "get" | "putIfAbsent">;
  partnershipUuid: string;
  /** Whether a pending transaction is confirmed. Default `false`: the result is `"not_yet"`. */
  acceptsPending?: boolean | undefined;
  /**
   * How far Benji's clock and yours may be apart, in milliseconds. Default 300 000, five minutes; at most
   * 43 200 000, twelve hours.
   */
  clockSkewMs?: number | undefined;
}

/** Options of {@link confirmWithBenji}. */
export type ConfirmWithBenjiOptions<User = unknown> = MemberQuestionOptions<User> &
  TransactionQuestionOptions;

const DEFAULT_SKEW_MS = 5 * 60 * 1_000;
const MAX_SKEW_MS = 12 * 60 * 60 * 1_000;
/**
 * How long a used event is stored: as long as any flow that could use it can be confirmed. A flow lives
 * 24 hours at most. It may begin twice the largest clockSkewMs after the event was used: Benji's date
 * may be that much ahead, and the check allows it once more.
 */
const USED_MS = 48 * 60 * 60 * 1_000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Creates a ready-made `isConfirmed`, which asks Benji with your key. After mode `connect` it uses
 * {@link askBenjiAboutMember}; after `transfer` and `redeem` it uses {@link askBenjiAboutTransaction},
 * and the member's check as well where `undocumentedUserExternalIdIn` is set.
 *
 * @throws BenjiApiError `invalid_request`, at construction, for options that cannot work
 * @see docs/server.md, "Confirm"
 * @example
 * ```ts
 * import {
 *   BENJI_STAGING_URL,
 *   confirmWithBenji,
 *   createBenjiClient,
 *   createConfirmHandler,
 *   createMemoryStore,
 * } from "react-benji-connect/server";
 *
 * declare function readSession(request: Request): Promise<{ id: string } | null>;
 * const apiKey = process.env["BENJI_API_KEY"] ?? "";
 *
 * export const POST = createConfirmHandler({
 *   apiKey,
 *   getUser: readSession,
 *   isConfirmed: confirmWithBenji({
 *     client: createBenjiClient({ apiKey, baseUrl: BENJI_STAGING_URL }),
 *     store: createMemoryStore(), // the one that your webhook writes to
 *     partnershipUuid: "3f0c7c5e-9b1d-4e6a-8f2b-0a58a9feac02",
 *   }),
 * });
 * ```
 */
export function confirmWithBenji<User = unknown>(
  given: ConfirmWithBenjiOptions<User>,
): (context: ConfirmContext<User>) => Promise<ConfirmAnswer> {
  const options = ownOptions(given);
  const askMember = askBenjiAboutMember(options);
  const checkTransaction = createTransactionCheck(options);
  return async (context) => {
    if (context.flow.mode === "connect") return askMember(context);
    const answer = await checkTransaction(context);
    if (answer === false || answer === "not_yet") return answer;
    if (options.undocumentedUserExternalIdIn !== undefined) {
      const member = await askMember(context);
      if (member === false || member === "not_yet") return member;
    }
    return (await isFirstFlowOf(options.store, context)) ? answer : because(false, USED_BEFORE);
  };
}

/**
 * Creates an `isConfirmed` that asks Benji whether the claimed Benji user is the member who began the
 * flow: the Benji user must have a row of yours with the `userExternalId` of this flow. It returns
 * `{ confirmed: "member" }` for yes, otherwise `"not_yet"` and never `false`: the row may come later.
 *
 * @throws BenjiApiError `invalid_request`, at construction, for options that cannot work
 * @example
 * ```ts
 * import { askBenjiAboutMember, type BenjiClient } from "react-benji-connect/server";
 *
 * declare const client: BenjiClient;
 *
 * export const isConfirmed = askBenjiAboutMember({
 *   client,
 *   partnershipUuid: "3f0c7c5e-9b1d-4e6a-8f2b-0a58a9feac02",
 *   undocumentedUserExternalIdIn: "merchants", // after asking Benji
 * });
 * ```
 */
export function askBenjiAboutMember<User = unknown>(
  given: MemberQuestionOptions<User>,
): MemberQuestion<User> {
  const options = ownOptions(given);
  checkMethods(options.client, "client", ["getUser", "getPartnership"]);
  checkKinds(options, { userExternalId: "function" });
  const { client, userExternalId, undocumentedUserExternalIdIn: list } = options;
  checkUuid(options.partnershipUuid);
  if (list !== undefined && list !== "merchants" && list !== "partnerStatusTiers") {
    throw invalidRequest(
      `Expected undocumentedUserExternalIdIn "merchants" or "partnerStatusTiers", or left out; ${got(list)}.`,
    );
  }
  const getPartnership = onceSucceeded(() => client.getPartnership(options.partnershipUuid));

  const ask = async (
    { benjiUserUuid }: ConfirmClaim,
    isOurs: (externalId: string) => boolean | Promise<boolean>,
    signal: AbortSignal,
  ): Promise<ConfirmAnswer> => {
    if (list === undefined) return because("not_yet", NO_ROW_NAMED);
    if (benjiUserUuid === undefined || !UUID.test(benjiUserUuid))
      return because("not_yet", "the return carries no UUID of a Benji user.");
    const user = await unlessUnknown(client.getUser(benjiUserUuid, { signal }));
    if (!user) return because("not_yet", "Benji does not know the user of the return.");
    for (const externalId of externalIdsOf(user, list, await getPartnership()))
      if (await isOurs(externalId)) return { confirmed: "member" };
    return because("not_yet", `no row of yours in "${list}" carries this member's userExternalId.`);
  };

  const question: MemberQuestion<User> = ({ claim, flow, signal }) =>
    ask(claim, flow.isUserExternalId, signal);
  if (userExternalId) {
    question.withoutState = async ({ user, claim, signal }) => {
      const own = userExternalId(user);
      return ask(claim, (externalId) => own !== "" && externalId === own, signal);
    };
  }
  return question;
}

/**
 * Creates an `isConfirmed` that asks Benji whether the claimed transfer or redemption has happened. It
 * returns `{ confirmed: "transaction", status, rewardAmount }` where all of this is true (the amount
 * may differ from your token's):
 *
 * - A webhook has named the transaction of this trigger event (`rememberTransaction`).
 * - The transaction belongs to the claimed Benji user and to your partnership.
 * - It began after the flow.
 * - It is completed (or pending, with `acceptsPending`).
 *
 * It returns `false` for another user or partnership, for a transaction that is older, failed, reversed
 * or cancelled, and where another flow has used the trigger event; otherwise `"not_yet"`.
 *
 * @throws BenjiApiError `invalid_request`, at construction, for options that cannot work
 * @example
 * ```ts
 * import {
 *   askBenjiAboutTransaction,
 *   type BenjiClient,
 *   type BenjiStore,
 * } from "react-benji-connect/server";
 *
 * declare const client: BenjiClient;
 * declare const store: BenjiStore;
 *
 * export const isConfirmed = askBenjiAboutTransaction({
 *   client,
 *   store,
 *   partnershipUuid: "3f0c7c5e-9b1d-4e6a-8f2b-0a58a9feac02",
 *   acceptsPending: true,
 * });
 * ```
 */
export function askBenjiAboutTransaction(
  given: TransactionQuestionOptions,
): (context: ConfirmContext<unknown>) => Promise<ConfirmAnswer> {
  const options = ownOptions(given);
  const check = createTransactionCheck(options);
  return async (context) => {
    const answer = await check(context);
    if (answer === false || answer === "not_yet") return answer;
    return (await isFirstFlowOf(options.store, context)) ? answer : because(false, USED_BEFORE);
  };
}

/**
 * Checks everything except whether another flow has used the trigger event. That check writes to the
 * store, so it comes last.
 */
function createTransactionCheck(options: TransactionQuestionOptions) {
  const { client, store, acceptsPending = false, clockSkewMs = DEFAULT_SKEW_MS } = options;
  checkMethods(client, "client", ["getTransaction"]);
  checkMethods(store, "store", ["get", "putIfAbsent"]);
  checkKinds(options, { acceptsPending: "boolean" });
  const partnershipUuid = checkUuid(options.partnershipUuid);
  if (typeof clockSkewMs !== "number" || !(clockSkewMs >= 0 && clockSkewMs <= MAX_SKEW_MS)) {
    throw invalidRequest(
      `Expected clockSkewMs as milliseconds from 0 to ${MAX_SKEW_MS} (twelve hours); ${got(clockSkewMs)}.`,
    );
  }
  return async ({ claim, flow, signal }: ConfirmContext<unknown>): Promise<ConfirmAnswer> => {
    const { triggerEventId, benjiUserUuid } = claim;
    if (triggerEventId === undefined || benjiUserUuid === undefined)
      return because("not_yet", "the return names no trigger event, or no UUID of a Benji user.");
    // `getTransaction` takes the transaction's id. For the trigger event's id Benji might return
    // something else.
    const uuid = await store.get(transactionKey(triggerEventId));
    if (typeof uuid !== "string" || !UUID.test(uuid)) return because("not_yet", NO_WEBHOOK);
    const transaction = await unlessUnknown(client.getTransaction(uuid, { signal }));
    if (!transaction)
      return because("not_yet", "Benji does not know the transaction that the webhook named.");
    // A transaction of another event proves nothing about this event, even if the store names it.
    if (isSame(transaction.triggerEventUuid, triggerEventId) !== true)
      return because("not_yet", "the transaction that the webhook named is of another event.");
    const earliest = flow.startedAt.getTime() - clockSkewMs;
    const verdicts: Readonly<Record<string, Verdict>> = {
      user: isSame(transaction.userUuid, benjiUserUuid),
      partnership: isSame(transaction.partnershipUuid, partnershipUuid),
      date: transaction.createdAt ? transaction.createdAt.getTime() >= earliest : "not_yet",
      [`status "${transaction.status}"`]: standsFor(transaction.status, acceptsPending),
    };
    const which = (verdict: Verdict) =>
      Object.keys(verdicts).filter((name) => verdicts[name] === verdict);
    for (const verdict of [false, "not_yet"] as const)
      if (which(verdict).length > 0)
        return because(verdict, `Benji's transaction has another ${which(verdict).join(", ")}.`);
    return toYes(transaction);
  };
}

type Verdict = boolean | "not_yet";

const NO_ROW_NAMED =
  "undocumentedUserExternalIdIn is not set, without which no member is ever confirmed: " +
  "see docs/server.md, What to ask Benji.";
const NO_WEBHOOK =
  "no webhook has named the transaction of this return so far. Is the webhook route reached, does it call " +
  "rememberTransaction, and do webhook and confirm route share one store?";
const USED_BEFORE = "another flow has used this trigger event.";

/**
 * Returns the result unchanged. In development the reason goes to the console, without an id.
 */
function because<A extends false | "not_yet">(answer: A, why: string): A {
  tellDeveloper(`confirmWithBenji answers ${answer === false ? "no" : "not yet"}: ${why}`);
  return answer;
}

/** A field that Benji left out contradicts nothing. */
const isSame = (said: string | undefined, expected: string): Verdict =>
  said === undefined ? "not_yet" : said.toLowerCase() === expected.toLowerCase();

function standsFor(status: BenjiTransaction["status"], acceptsPending: boolean): Verdict {
  switch (status) {
    case "completed":
      return true;
    case "pending":
      return acceptsPending || "not_yet";
    case "initiated":
    case "unknown":
      return "not_yet";
    case "error":
    case "reversed":
    case "failed":
    case "cancelled":
      return false;
    default:
      return status satisfies never;
  }
}

const toYes = ({ status, rewardAmount }: BenjiTransaction) => ({
  confirmed: "transaction",
  status,
  ...(rewardAmount !== undefined && { rewardAmount }),
});

/** Stores which flow has used up the trigger event; returns false where it was another flow. */
async function isFirstFlowOf(
  store: Pick<BenjiStore, "putIfAbsent">,
  { claim, state }: ConfirmContext<unknown>,
): Promise<boolean> {
  const flow = await sha256(state);
  const first = await store.putIfAbsent(usedEventKey(claim.triggerEventId ?? ""), flow, USED_MS);
  return (first ?? flow) === flow;
}

/**
 * Returns the external ids of your own rows only: a loyalty number in another row may equal a member's
 * id.
 */
function externalIdsOf(
  user: BenjiUser,
  list: "merchants" | "partnerStatusTiers",
  { merchantId, partnerId }: BenjiPartnership,
): string[] {
  const own = list === "merchants" ? merchantId : partnerId;
  if (own === undefined) {
    throw new TypeError(
      `Expected Benji's answer about your partnership to name its ${list === "merchants" ? "merchant" : "partner"}: ` +
        `undocumentedUserExternalIdIn: "${list}" cannot work without it.`,
    );
  }
  const rows =
    list === "merchants"
      ? user.merchants.filter((row) => row.merchantId === own)
      : user.partnerStatusTiers.filter((row) => row.partnerId === own);
  return rows.flatMap(({ externalId }) => (externalId === undefined ? [] : [externalId]));
}

/** Returns `undefined` for an unknown id: Benji may know it a moment later. */
async function unlessUnknown<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof BenjiApiError && error.code === "not_found") return undefined;
    throw error;
  }
}

/** Calls `ask` once, and again only after a failure. */
function onceSucceeded<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return async () => {
    answer ??= ask();
    try {
      return await answer;
    } catch (error) {
      answer = undefined;
      throw error;
    }
  };
}

function checkUuid(uuid: unknown): string {
  if (typeof uuid === "string" && UUID.test(uuid)) return uuid;
  throw invalidRequest(
    'Expected partnershipUuid such as "3f0c7c5e-9b1d-4e6a-8f2b-0a58a9feac02", ' +
      `the UUID and not the number; ${got(uuid)}.`,
  );
}
