import type { Entities, Transaction, User } from "../records/entityStore.js";
import { numericIdOf, partnershipUuidOf, stableUuid } from "../records/identity.js";
import { answerOk, refuse, refuseMethod } from "./apiAnswers.js";
import { hasApiKey, type Credentials } from "./readCall.js";

export interface EntityContext extends Credentials {
  readonly entities: Entities;
  readonly nameOf: (partnershipId: string | undefined) => string;
}

/** Which of the three `GET`s a path calls, and for which id. */
export interface EntityPath {
  readonly kind: "users" | "transactions" | "partnerships";
  readonly id: string;
}

/** The documents' page on exchanging tokens shows this number and calls it "Your system ID". */
export const MERCHANT_ID = 1;

// The documents show these codes, two of the three under `error`.
const KINDS = {
  users: { codeKey: "error", missing: "user_does_not_exist", describe: describeUser },
  transactions: {
    codeKey: "code",
    missing: "transaction_does_not_exist",
    describe: describeTransaction,
  },
  partnerships: {
    codeKey: "error",
    missing: "partnership_does_not_exist",
    describe: describePartnership,
  },
} as const;

export function readEntityPath(path: string): EntityPath | undefined {
  const [, kind, id] = /^\/(users|transactions|partnerships)\/([^/]+)$/.exec(path) ?? [];
  return kind === undefined || id === undefined
    ? undefined
    : { kind: kind as EntityPath["kind"], id: id.toLowerCase() };
}

/** Answers `GET /users/{uuid}`, `/transactions/{uuid}` and `/partnerships/{uuid}`. */
export async function answerEntity(
  request: Request,
  { kind, id }: EntityPath,
  context: EntityContext,
): Promise<Response> {
  const { codeKey, missing, describe } = KINDS[kind];
  if (request.method !== "GET") return refuseMethod("GET");
  if (!hasApiKey(request, context)) return refuse({ codeKey, ...problemOfKey(request) });

  const data = await describe(id, context);
  if (data) return answerOk(data);
  const message = "Nothing is known here under this id. It must be a UUID.";
  return refuse({ status: 404, code: missing, message, codeKey });
}

/** The documents show both answers, but not which one is for a missing key. */
function problemOfKey({ headers }: Request) {
  return headers.has("x-api-key")
    ? ({ status: 400, code: "invalid_token", message: "That is no key of this sandbox." } as const)
    : ({ status: 401, code: "unauthorized_request", message: "x-api-key is missing." } as const);
}

async function describeUser(
  uuid: string,
  { entities }: EntityContext,
): Promise<object | undefined> {
  const user = entities.user(uuid);
  return user && { user: await writeUser(user) };
}

// Benji's names are written out on purpose: the sandbox shares no constant with the library.
async function writeUser({ uuid, partnershipId, createdAt, externalIds }: User): Promise<object> {
  const id = Number(numericIdOf(uuid));
  const created_date = writeDate(createdAt);
  const names = { first_name: "Sandbox", last_name: "Member" };
  const totals = { total_rewards_earned: 0, total_rewards_redeemed: 0 };
  const partnerId = partnershipId === undefined ? undefined : await partnerIdOf(partnershipId);
  const row = { id, user_id: id, created_date, ...totals };
  return {
    uuid_id: uuid,
    id,
    ...names,
    email: `member-${id}@example.com`,
    phone_number: null,
    created_date,
    external_id: null,
    merchants:
      partnerId === undefined
        ? []
        : [{ ...row, merchant_id: MERCHANT_ID, external_id: externalIds.merchant }],
    partner_status_tiers:
      partnerId === undefined
        ? []
        : [
            {
              ...row,
              ...names,
              partner_id: partnerId,
              partner_status_tier_id: 1,
              external_id: externalIds.partner,
              total_rewards: 0,
            },
          ],
  };
}

async function describeTransaction(
  uuid: string,
  { entities }: EntityContext,
): Promise<object | undefined> {
  const transaction = entities.transaction(uuid);
  return transaction && { reward_transaction: await writeTransaction(transaction) };
}

async function writeTransaction(transaction: Transaction): Promise<object> {
  const { uuid, partnershipId, triggerEventUuid } = transaction;
  return {
    id: Number(numericIdOf(uuid)),
    merchant_id: MERCHANT_ID,
    partner_id: partnershipId === undefined ? null : await partnerIdOf(partnershipId),
    partnership_uuid: partnershipId === undefined ? null : await partnershipUuidOf(partnershipId),
    campaign_id: 1,
    user_uuid: transaction.userUuid,
    trigger_event_uuid_id: triggerEventUuid,
    trigger_event_id: Number(numericIdOf(triggerEventUuid)),
    transaction_amount: 0,
    reward_amount: transaction.amount,
    external_id: null,
    external_order_id: null,
    external_partner_transaction_id: null,
    // The documents give no number for a transfer.
    transaction_type: transaction.mode === 4 ? 2 : null,
    transaction_status: transaction.status,
    created_date: writeDate(transaction.createdAt),
  };
}

async function describePartnership(
  uuid: string,
  { entities, nameOf }: EntityContext,
): Promise<object | undefined> {
  const id = await entities.partnershipIdOf(uuid);
  if (id === undefined) return undefined;
  return {
    partnership: {
      uuid_id: uuid,
      name: nameOf(id),
      description: null,
      img: null,
      merchant_id: MERCHANT_ID,
      partner_id: await partnerIdOf(id),
      related_partner_id: null,
      is_active: 1,
      is_deleted: 0,
      owner_id: 1,
      total_rewards_earned: null,
      total_rewards_redeemed: null,
      num_of_transactions: null,
      is_demo: 1,
      created_date: writeDate(Date.UTC(2026, 0, 1)),
      campaigns: null,
    },
  };
}

async function partnerIdOf(partnershipId: string): Promise<number> {
  return Number(numericIdOf(await stableUuid("benji partner", partnershipId)));
}

/** Writes a date as in the documents' samples: with microseconds and an offset. */
function writeDate(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000+00:00");
}
