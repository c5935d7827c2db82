import {
  confirmWithBenji,
  type ConfirmWithBenjiOptions,
  createBenjiClient,
  createMemoryStore,
  rememberTransaction,
} from "../../src/server/index.js";
import { benjiAnswering, KEY, URL_OF_BENJI } from "./benji.js";
import { CLAIM, refused, type User, visit } from "./shop.js";

export const ADA = "3f0c7c5e-9b1d-4e6a-8f2b-0a58a9feac02";
export const BOB = "9d0c7c5e-9b1d-4e6a-8f2b-0a58a9feac09";
export const OURS = "77777777-9b1d-4e6a-8f2b-0a58a9feac77";
export const THEIRS = "88888888-9b1d-4e6a-8f2b-0a58a9feac88";
export const EVENT = "e0e0e0e0-9b1d-4e6a-8f2b-0a58a9feace0";
export const TRANSACTION = "aaaaaaaa-9b1d-4e6a-8f2b-0a58a9feacaa";
export const SALT = "a salt of the subscription";
export const NOW = Date.UTC(2026, 10, 25, 12);
export const MINUTE = 60_000;

export const NOT_YET = [202, { status: "not_yet" }];
export const NO = [409, refused("not_confirmed")];
export const MEMBER = [200, { confirmed: "member" }];
export const DONE = [200, { confirmed: "transaction", status: "completed", rewardAmount: 1_000 }];

export const iso = (time: number) => new Date(time).toISOString();

/** Benji's documented entities, not taken from the code under test. */
export const user = (fields: object = {}) => ({
  uuid_id: ADA,
  id: 12,
  external_id: null,
  merchants: [{ merchant_id: 5, external_id: "ada" }],
  partner_status_tiers: [{ partner_id: 6, external_id: "loyalty-1" }],
  ...fields,
});
export const transaction = (fields: object = {}) => ({
  user_uuid: ADA,
  partnership_uuid: OURS,
  trigger_event_uuid_id: EVENT,
  trigger_event_id: 4,
  reward_amount: 1_000,
  transaction_type: 2,
  transaction_status: 3,
  created_date: iso(NOW + MINUTE),
  ...fields,
});
export const partnership = (fields: object = {}) => ({
  uuid_id: OURS,
  merchant_id: 5,
  partner_id: 6,
  is_active: true,
  ...fields,
});

/** A fake Benji API with these entities by path. `null` means that the entity does not exist. */
export function benjiWith(known: Record<string, object | null> = {}) {
  const everything: Record<string, object | null> = {
    [`/users/${ADA}`]: { user: user() },
    [`/transactions/${TRANSACTION}`]: { reward_transaction: transaction() },
    [`/partnerships/${OURS}`]: { partnership: partnership() },
    ...known,
  };
  const benji = benjiAnswering(({ url }) => {
    const data = everything[new URL(url).pathname];
    if (data) return Response.json({ code: "ok", data });
    return Response.json({ error: "does_not_exist", message: "…" }, { status: 404 });
  });
  const client = createBenjiClient({ apiKey: KEY, baseUrl: URL_OF_BENJI, fetch: benji.fetch });
  const paths = () => benji.asked.map(({ request }) => new URL(request.url).pathname);
  return { client, paths, everything };
}

export interface SetUp {
  mode?: "connect" | "transfer" | "redeem";
  known?: Record<string, object | null>;
  options?: Partial<ConfirmWithBenjiOptions>;
  /** The lifetime of each flow. Default: the library's. */
  lifetimeMs?: number;
  /** False: no webhook has arrived. Default true. */
  webhook?: boolean;
}

/** A shop with `confirmWithBenji` and a flow of Ada. `claim` is the body of her confirm request. */
export async function setUp({
  mode = "transfer",
  known,
  options,
  lifetimeMs,
  webhook = true,
}: SetUp = {}) {
  const benji = benjiWith(known);
  const store = createMemoryStore();
  const receiveWebhook = (entityId = TRANSACTION) =>
    rememberTransaction(store, {
      entityId,
      fetchTransaction: () => benji.client.getTransaction(entityId),
    });
  if (webhook) await receiveWebhook().catch(() => {});
  const asked = benji.paths().length;
  const { client } = benji;
  const isConfirmed = confirmWithBenji({ client, store, partnershipUuid: OURS, ...options });
  const createRequest = ({ user: { id } }: { user: User }) =>
    ({ partnershipId: 49, mode, userExternalId: id }) as const;
  const browser = visit({ isConfirmed }, { createRequest, lifetimeMs });
  await browser.start();
  const claim = {
    ...CLAIM,
    benjiUserUuid: ADA,
    ...(mode !== "connect" && { triggerEventId: EVENT }),
  };
  return {
    ...browser,
    ...benji,
    store,
    receiveWebhook,
    claim,
    ask: (more: object = {}) => browser.ask({ ...claim, ...more }),
    askedSince: () => benji.paths().slice(asked),
  };
}
