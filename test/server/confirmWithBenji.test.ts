import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  askBenjiAboutMember,
  askBenjiAboutTransaction,
  confirmWithBenji,
  type ConfirmWithBenjiOptions,
  createBenjiClient,
  createMemoryStore,
  createTestWebhook,
  createWebhookHandler,
  rememberTransaction,
} from "../../src/server/index.js";
import { benjiAnswering, KEY, URL_OF_BENJI } from "./benji.js";
import { CLAIM, refused, STATE, stateNo, type User, visit } from "./shop.js";

const ADA = "3f0c7c5e-9b1d-4e6a-8f2b-0a58a9feac02";
const BOB = "9d0c7c5e-9b1d-4e6a-8f2b-0a58a9feac09";
const OURS = "77777777-9b1d-4e6a-8f2b-0a58a9feac77";
const THEIRS = "88888888-9b1d-4e6a-8f2b-0a58a9feac88";
const EVENT = "e0e0e0e0-9b1d-4e6a-8f2b-0a58a9feace0";
const TRANSACTION = "aaaaaaaa-9b1d-4e6a-8f2b-0a58a9feacaa";
const SALT = "a salt of the subscription";
const NOW = Date.UTC(2026, 10, 25, 12);
const MINUTE = 60_000;

const NOT_YET = [202, { status: "not_yet" }];
const NO = [409, refused("not_confirmed")];
const MEMBER = [200, { confirmed: "member" }];
const DONE = [200, { confirmed: "transaction", status: "completed", rewardAmount: 1_000 }];

const iso = (time: number) => new Date(time).toISOString();

/** As the document has it, spelled out here on purpose. */
const user = (fields: object = {}) => ({
  uuid_id: ADA,
  id: 12,
  external_id: null,
  merchants: [{ merchant_id: 5, external_id: "ada" }],
  partner_status_tiers: [{ partner_id: 6, external_id: "loyalty-1" }],
  ...fields,
});
const transaction = (fields: object = {}) => ({
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
const partnership = (fields: object = {}) => ({
  uuid_id: OURS,
  merchant_id: 5,
  partner_id: 6,
  is_active: true,
  ...fields,
});

/** A Benji that knows these things, by path; `null` is unknown. */
function benjiKnowing(known: Record<string, object | null> = {}) {
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

interface Scene {
  mode?: "connect" | "transfer" | "redeem";
  known?: Record<string, object | null>;
  options?: Partial<ConfirmWithBenjiOptions>;
  /** Whether the webhook has come. */
  webhook?: boolean;
}

/** A shop with the ready-made confirmation, a flow of Ada's, and what she asks for. */
async function scene({ mode = "transfer", known, options, webhook = true }: Scene = {}) {
  const benji = benjiKnowing(known);
  const store = createMemoryStore();
  const hearWebhook = (entityId = TRANSACTION) =>
    rememberTransaction(store, {
      entityId,
      fetchTransaction: () => benji.client.getTransaction(entityId),
    });
  if (webhook) await hearWebhook().catch(() => {});
  const asked = benji.paths().length;
  const { client } = benji;
  const isConfirmed = confirmWithBenji({ client, store, partnershipUuid: OURS, ...options });
  const createRequest = ({ user: { id } }: { user: User }) =>
    ({ partnershipId: 49, mode, userExternalId: id }) as const;
  const browser = visit({ isConfirmed }, { createRequest });
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
    hearWebhook,
    claim,
    ask: (more: object = {}) => browser.ask({ ...claim, ...more }),
    askedSince: () => benji.paths().slice(asked),
  };
}

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: NOW }));
afterEach(() => void vi.useRealTimers());

describe("is this Benji user our member", () => {
  const merchants = { undocumentedUserExternalIdIn: "merchants" } as const;
  const tiers = { undocumentedUserExternalIdIn: "partnerStatusTiers" } as const;
  const connect = (scenery: Scene) => scene({ mode: "connect", ...scenery });
  const knowing = (fields: object) => ({ [`/users/${ADA}`]: { user: user(fields) } });

  it("yes, where a row of ours carries the userExternalId of this flow", async () => {
    const { ask, askedSince } = await connect({ options: merchants });
    expect(await ask()).toEqual(MEMBER);
    expect(askedSince()).toEqual([`/users/${ADA}`, `/partnerships/${OURS}`]);
    await ask({ attempt: 2 });
    expect(askedSince().slice(2)).toEqual([`/users/${ADA}`]);
  });

  it("yes, where the partner says that the programme's row carries it", async () => {
    const row = { partner_id: 6, external_id: "ada" };
    const known = knowing({ partner_status_tiers: [row], merchants: [] });
    expect(await (await connect({ known, options: tiers })).ask()).toEqual(MEMBER);
  });

  it("not yet, and Benji is not asked, as long as nobody says which row carries it", async () => {
    const { ask, askedSince } = await connect({});
    expect(await ask()).toEqual(NOT_YET);
    expect(askedSince()).toEqual([]);
  });

  it.each([
    ["the member is unknown to Benji", { [`/users/${ADA}`]: null }],
    ["the row carries null", knowing({ merchants: [{ merchant_id: 5, external_id: null }] })],
    ["the row carries another id", knowing({ merchants: [{ merchant_id: 5, external_id: "x" }] })],
    [
      "the row is another merchant's",
      knowing({ merchants: [{ merchant_id: 9, external_id: "ada" }] }),
    ],
    ["there is no row", knowing({ merchants: [] })],
    [
      "somebody's loyalty number equals it",
      knowing({ merchants: [], partner_status_tiers: [{ partner_id: 6, external_id: "ada" }] }),
    ],
    ["only the user itself carries it", knowing({ external_id: "ada", merchants: [] })],
  ])("not yet, where %s", async (_, known) => {
    expect(await (await connect({ known, options: merchants })).ask()).toEqual(NOT_YET);
  });

  it.each([
    ["a numeric id only", { benjiUserUuid: undefined, benjiUserId: "12" }],
    ["a uuid that is none", { benjiUserUuid: "12" }],
    ["a uuid edited to a path", { benjiUserUuid: `../partnerships/${OURS}` }],
  ])("not yet, and Benji is not asked, for %s", async (_, edited) => {
    const { ask, askedSince } = await connect({ options: merchants });
    expect(await ask(edited)).toEqual(NOT_YET);
    expect(askedSince()).toEqual([]);
  });

  it("not yet, for an edited uuid: another member's row carries another id", async () => {
    const bob = user({ uuid_id: BOB, merchants: [{ merchant_id: 5, external_id: "bob" }] });
    const { ask } = await connect({
      options: merchants,
      known: { [`/users/${BOB}`]: { user: bob } },
    });
    expect(await ask({ benjiUserUuid: BOB })).toEqual(NOT_YET);
  });

  it("nobody knows, where Benji is down or the partnership names no merchant: an error, no no", async () => {
    const nameless = { [`/partnerships/${OURS}`]: { partnership: { uuid_id: OURS } } };
    const { ask, errors } = await connect({ options: merchants, known: nameless });
    expect(await ask()).toEqual([500, refused("internal_error")]);
    expect(String(errors[0])).toContain("merchant");
    const unknown = await connect({
      options: merchants,
      known: { [`/partnerships/${OURS}`]: null },
    });
    expect(await unknown.ask()).toEqual([502, refused("benji_rejected")]);
    unknown.everything[`/partnerships/${OURS}`] = { partnership: partnership() };
    expect(await unknown.ask()).toEqual(MEMBER); // a failure is not kept
  });

  it("hands no personal data to the page", async () => {
    const known = knowing({ email: "ada@shop.test", first_name: "Ada", phone_number: "+49" });
    expect(await (await connect({ known, options: merchants })).ask()).toEqual(MEMBER);
  });
});

describe("did this transaction happen", () => {
  const about = (fields: object) => ({
    [`/transactions/${TRANSACTION}`]: { reward_transaction: transaction(fields) },
  });

  it.each(["transfer", "redeem"] as const)("yes, after %s, with Benji's amount", async (mode) => {
    const { ask, askedSince } = await scene({ mode });
    expect(await ask()).toEqual(DONE);
    expect(askedSince()).toEqual([`/transactions/${TRANSACTION}`]);
  });

  it("reads ids in any letter case", async () => {
    const known = about({
      user_uuid: ADA.toUpperCase(),
      trigger_event_uuid_id: EVENT.toUpperCase(),
    });
    expect(await (await scene({ known })).ask()).toEqual(DONE);
  });

  it("not yet while the webhook is late, without a question to Benji; then yes", async () => {
    const { ask, askedSince, hearWebhook } = await scene({ webhook: false });
    expect(await ask()).toEqual(NOT_YET);
    expect(await ask({ attempt: 2 })).toEqual(NOT_YET);
    expect(askedSince()).toEqual([]);
    await hearWebhook();
    expect(await ask({ attempt: 3 })).toEqual(DONE);
  });

  it("not yet for a made-up trigger event, which is never looked up as a transaction (T31)", async () => {
    const { ask, askedSince } = await scene();
    expect(await ask({ triggerEventId: TRANSACTION })).toEqual(NOT_YET);
    expect(askedSince()).toEqual([]);
  });

  it("no for a failed transfer whose status was edited to success (T31)", async () => {
    const { ask, claim } = await scene({ known: about({ transaction_status: 6 }) });
    expect(claim.status).toBe("success");
    expect(await ask()).toEqual(NO);
  });

  it.each([
    ["1, initiated", 1, NOT_YET],
    ["2, pending", 2, NOT_YET],
    ["4, error", 4, NO],
    ["5, reversed", 5, NO],
    ["6, failed", 6, NO],
    ["7, cancelled", 7, NO],
    ["8, which nobody has documented", 8, NOT_YET],
  ])("goes by the status: %s", async (_, transaction_status, answer) => {
    expect(await (await scene({ known: about({ transaction_status }) })).ask()).toEqual(answer);
  });

  it("takes pending for a yes where the partner says so, and initiated never", async () => {
    const options = { acceptsPending: true };
    const pending = await scene({ options, known: about({ transaction_status: 2 }) });
    expect(await pending.ask()).toEqual([200, { ...(DONE[1] as object), status: "pending" }]);
    const initiated = await scene({ options, known: about({ transaction_status: 1 }) });
    expect(await initiated.ask()).toEqual(NOT_YET);
  });

  it.each([
    ["another member's", { user_uuid: BOB }, NO],
    ["another partnership's", { partnership_uuid: THEIRS }, NO],
    ["older than the flow", { created_date: iso(NOW - 5 * MINUTE - 1) }, NO],
    ["as old as the clocks may differ", { created_date: iso(NOW - 5 * MINUTE) }, DONE],
    ["of nobody", { user_uuid: null }, NOT_YET],
    ["of no partnership", { partnership_uuid: null }, NOT_YET],
    ["without a date", { created_date: null }, NOT_YET],
  ])("looks whose and when: one that is %s", async (_, fields, answer) => {
    expect(await (await scene({ known: about(fields) })).ask()).toEqual(answer);
  });

  it("says no as soon as one thing is contradicted, whatever else is open", async () => {
    const known = about({ user_uuid: BOB, created_date: null, transaction_status: 2 });
    expect(await (await scene({ known })).ask()).toEqual(NO);
  });

  it("has a clock skew as an option", async () => {
    const known = about({ created_date: iso(NOW - 1) });
    expect(await (await scene({ known, options: { clockSkewMs: 0 } })).ask()).toEqual(NO);
  });

  it("not yet where Benji has forgotten the transaction, or tells of another event", async () => {
    const browser = await scene();
    browser.everything[`/transactions/${TRANSACTION}`] = {
      reward_transaction: transaction({ trigger_event_uuid_id: THEIRS, user_uuid: BOB }),
    };
    expect(await browser.ask()).toEqual(NOT_YET);
    browser.everything[`/transactions/${TRANSACTION}`] = null;
    expect(await browser.ask()).toEqual(NOT_YET);
  });

  it("not yet without a trigger event, or with a numeric user id only", async () => {
    const first = await scene();
    expect(await first.ask({ triggerEventId: undefined })).toEqual(NOT_YET);
    const second = await scene();
    expect(await second.ask({ benjiUserUuid: undefined, benjiUserId: "12" })).toEqual(NOT_YET);
  });

  it("counts one trigger event on one flow only, and on that one again and again (T31)", async () => {
    const { ask, start } = await scene();
    expect(await ask()).toEqual(DONE);
    await start(stateNo(2));
    expect(await ask({ state: stateNo(2) })).toEqual(NO);
    expect(await ask({ attempt: 2 })).toEqual(DONE);
  });

  it("uses an event up only with a yes: a flow that was told no leaves it to the right one", async () => {
    const { ask, start, session } = await scene();
    session.user = { id: "mallory" };
    await start(stateNo(2));
    expect(await ask({ state: stateNo(2), benjiUserUuid: BOB })).toEqual(NO);
    session.user = { id: "ada" };
    expect(await ask()).toEqual(DONE);
  });

  it("asks about the member as well, where the partner says which row tells", async () => {
    const options = { undocumentedUserExternalIdIn: "merchants" } as const;
    const browser = await scene({ options });
    expect(await browser.ask()).toEqual(DONE);
    // A stolen return: Ada's transaction, claimed by another member on a flow of that member's own.
    const thief = await scene({ options });
    thief.session.user = { id: "mallory" };
    await thief.start(stateNo(2));
    expect(await thief.ask({ state: stateNo(2) })).toEqual(NOT_YET);
    thief.session.user = { id: "ada" };
    expect(await thief.ask()).toEqual(DONE);
  });

  it("hears of it from the webhook handler", async () => {
    const { store, client, ask } = await scene({ webhook: false });
    const handle = createWebhookHandler({
      salt: SALT,
      client,
      on: { transaction_created: (webhook) => rememberTransaction(store, webhook) },
    });
    const body = { event: "transaction_created", entity_type: 3, entity_id: TRANSACTION };
    expect((await handle(await createTestWebhook(body, { salt: SALT }))).status).toBe(204);
    expect(await ask()).toEqual(DONE);
  });

  it("is answered by two servers that share a store as by one", async () => {
    const { client, store, claim } = await scene();
    const one = confirmWithBenji({ client, store, partnershipUuid: OURS });
    const other = confirmWithBenji({ client, store, partnershipUuid: OURS });
    const context = (state: string) => ({
      user: { id: "ada" },
      state,
      claim: {
        status: "success" as const,
        benjiUserUuid: ADA,
        triggerEventId: claim.triggerEventId ?? "",
      },
      flow: {
        mode: "transfer" as const,
        startedAt: new Date(NOW),
        isUserExternalId: async () => true,
      },
      attempt: 1,
      request: new Request("https://shop.test"),
      signal: new AbortController().signal,
    });
    const answers = await Promise.all([one(context(STATE)), other(context(stateNo(2)))]);
    expect(answers.filter((answer) => answer === false)).toHaveLength(1);
  });
});

describe("returns without a state", () => {
  const link = { status: "success", benjiUserUuid: ADA };
  const linked = (fields: object = {}) => {
    const { client, paths } = benjiKnowing({ [`/users/${ADA}`]: { user: user(fields) } });
    const question = askBenjiAboutMember<User>({
      client,
      partnershipUuid: OURS,
      undocumentedUserExternalIdIn: "merchants",
      userExternalId: ({ id }) => id,
    });
    return { ...visit({ dangerouslyConfirmReturnsWithoutState: question }), paths };
  };

  it("are refused, unless the handler is told by name", async () => {
    expect(await visit().ask(link)).toEqual([400, refused("invalid_claim")]);
  });

  it("are a yes where Benji's record names the signed-in member, as often as the page is reloaded", async () => {
    const browser = linked();
    expect(await browser.ask(link)).toEqual(MEMBER);
    expect(await browser.ask(link)).toEqual(MEMBER);
    expect(browser.isConfirmed).not.toHaveBeenCalled();
  });

  it("are not yet for a member whom the record does not name: anybody can send a link", async () => {
    const browser = linked();
    browser.session.user = { id: "bob" };
    expect(await browser.ask(link)).toEqual(NOT_YET);
  });

  it("never confirm a transaction, nor an error", async () => {
    const browser = linked();
    expect(await browser.ask({ ...link, triggerEventId: EVENT })).toEqual([
      403,
      refused("state_not_bound"),
    ]);
    expect(await browser.ask({ ...link, status: "error" })).toEqual(NO);
    expect(browser.paths()).toEqual([]);
  });

  it("are still 401 for who is signed out, and a state that is not bound stays so", async () => {
    const browser = linked();
    expect(await browser.ask({ ...link, state: STATE })).toEqual([403, refused("state_not_bound")]);
    browser.session.user = null;
    expect((await browser.ask(link))[0]).toBe(401);
  });

  it("are settled by the question about the member only", () => {
    const { client } = benjiKnowing();
    const options = { client, partnershipUuid: OURS, store: createMemoryStore() };
    for (const question of [
      confirmWithBenji(options),
      askBenjiAboutTransaction(options),
      askBenjiAboutMember(options), // without userExternalId
      () => true,
    ]) {
      const wrong = { dangerouslyConfirmReturnsWithoutState: question as never };
      expect(() => visit(wrong)).toThrow(/askBenjiAboutMember/);
    }
  });
});

it.each([
  { partnershipUuid: "49" },
  { undocumentedUserExternalIdIn: "users" },
  { clockSkewMs: -1 },
  { clockSkewMs: "5m" },
])("the ready-made confirmation is not made with %o", (wrong) => {
  const { client } = benjiKnowing();
  const options = { client, store: createMemoryStore(), partnershipUuid: OURS, ...wrong };
  expect(() => confirmWithBenji(options as never)).toThrow(/^Expected /);
});
