import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  askBenjiAboutMember,
  askBenjiAboutTransaction,
  confirmWithBenji,
  createMemoryStore,
  createTestWebhook,
  createWebhookHandler,
  rememberTransaction,
} from "../../src/server/index.js";
import { KEY } from "./benji.js";
import {
  ADA,
  BOB,
  OURS,
  THEIRS,
  EVENT,
  TRANSACTION,
  SALT,
  NOW,
  MINUTE,
  NOT_YET,
  NO,
  MEMBER,
  DONE,
  iso,
  user,
  transaction,
  partnership,
  benjiWith,
  type SetUp,
  setUp,
} from "./benjiConfirmFixture.js";
import { refused, STATE, stateNo, type User, visit } from "./shop.js";

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: NOW }));
afterEach(() => void vi.useRealTimers());

describe("the question about the member", () => {
  const merchants = { undocumentedUserExternalIdIn: "merchants" } as const;
  const tiers = { undocumentedUserExternalIdIn: "partnerStatusTiers" } as const;
  const connect = (more: SetUp) => setUp({ mode: "connect", ...more });
  const userWith = (fields: object) => ({ [`/users/${ADA}`]: { user: user(fields) } });

  it("a member is confirmed if the merchant's row at Benji has the userExternalId of this flow", async () => {
    const { ask, askedSince } = await connect({ options: merchants });
    expect(await ask()).toEqual(MEMBER);
    expect(askedSince()).toEqual([`/users/${ADA}`, `/partnerships/${OURS}`]);
    await ask({ attempt: 2 });
    expect(askedSince().slice(2)).toEqual([`/users/${ADA}`]);
  });

  it("a member is confirmed by a partner status tier if undocumentedUserExternalIdIn is partnerStatusTiers", async () => {
    const row = { partner_id: 6, external_id: "ada" };
    const known = userWith({ partner_status_tiers: [row], merchants: [] });
    expect(await (await connect({ known, options: tiers })).ask()).toEqual(MEMBER);
  });

  it("without undocumentedUserExternalIdIn the answer is not_yet, and Benji is not called", async () => {
    const { ask, askedSince } = await connect({});
    expect(await ask()).toEqual(NOT_YET);
    expect(askedSince()).toEqual([]);
  });

  it.each([
    ["the member is unknown to Benji", { [`/users/${ADA}`]: null }],
    [
      "the merchant's row has the external_id null",
      userWith({ merchants: [{ merchant_id: 5, external_id: null }] }),
    ],
    [
      "the merchant's row has another external_id",
      userWith({ merchants: [{ merchant_id: 5, external_id: "x" }] }),
    ],
    [
      "the row is that of another merchant",
      userWith({ merchants: [{ merchant_id: 9, external_id: "ada" }] }),
    ],
    ["the user has no merchant's row", userWith({ merchants: [] })],
    [
      "only a partner status tier has the member's id",
      userWith({ merchants: [], partner_status_tiers: [{ partner_id: 6, external_id: "ada" }] }),
    ],
    [
      "only the user itself, and no row, has the member's id",
      userWith({ external_id: "ada", merchants: [] }),
    ],
  ])("the confirm route answers not_yet for a connection if %s", async (_, known) => {
    expect(await (await connect({ known, options: merchants })).ask()).toEqual(NOT_YET);
  });

  it.each([
    ["a numeric id only", { benjiUserUuid: undefined, benjiUserId: "12" }],
    ["an invalid uuid", { benjiUserUuid: "12" }],
    ["a uuid edited to a path", { benjiUserUuid: `../partnerships/${OURS}` }],
  ])("a return with %s is answered with not_yet, and Benji is not called", async (_, edited) => {
    const { ask, askedSince } = await connect({ options: merchants });
    expect(await ask(edited)).toEqual(NOT_YET);
    expect(askedSince()).toEqual([]);
  });

  it("a return with another member's uuid is answered with not_yet, as that member's row has another id", async () => {
    const bob = user({ uuid_id: BOB, merchants: [{ merchant_id: 5, external_id: "bob" }] });
    const { ask } = await connect({
      options: merchants,
      known: { [`/users/${BOB}`]: { user: bob } },
    });
    expect(await ask({ benjiUserUuid: BOB })).toEqual(NOT_YET);
  });

  it("a failure of Benji or a partnership without a merchant is answered with an error, and not with false", async () => {
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
    expect(await unknown.ask()).toEqual(MEMBER); // a failure is not cached
  });

  it("the confirmation of a member contains no personal data", async () => {
    const known = userWith({ email: "ada@shop.test", first_name: "Ada", phone_number: "+49" });
    expect(await (await connect({ known, options: merchants })).ask()).toEqual(MEMBER);
  });
});

describe("the question about the transaction", () => {
  const about = (fields: object) => ({
    [`/transactions/${TRANSACTION}`]: { reward_transaction: transaction(fields) },
  });

  it.each(["transfer", "redeem"] as const)(
    "a completed %s is confirmed, and the confirmation has Benji's amount",
    async (mode) => {
      const { ask, askedSince } = await setUp({ mode });
      expect(await ask()).toEqual(DONE);
      expect(askedSince()).toEqual([`/transactions/${TRANSACTION}`]);
    },
  );

  it("the ids of a transaction are compared without regard to upper and lower case", async () => {
    const known = about({
      user_uuid: ADA.toUpperCase(),
      trigger_event_uuid_id: EVENT.toUpperCase(),
    });
    expect(await (await setUp({ known })).ask()).toEqual(DONE);
  });

  it("until the webhook of a transaction has arrived, the answer is not_yet and Benji is not called", async () => {
    const { ask, askedSince, receiveWebhook } = await setUp({ webhook: false });
    expect(await ask()).toEqual(NOT_YET);
    expect(await ask({ attempt: 2 })).toEqual(NOT_YET);
    expect(askedSince()).toEqual([]);
    await receiveWebhook();
    expect(await ask({ attempt: 3 })).toEqual(DONE);
  });

  it("a made-up trigger event is answered with not_yet, and is never looked up as a transaction (T31)", async () => {
    const { ask, askedSince } = await setUp();
    expect(await ask({ triggerEventId: TRANSACTION })).toEqual(NOT_YET);
    expect(askedSince()).toEqual([]);
  });

  it("a failed transfer whose status was edited to success is refused (T31)", async () => {
    const { ask, claim } = await setUp({ known: about({ transaction_status: 6 }) });
    expect(claim.status).toBe("success");
    expect(await ask()).toEqual(NO);
  });

  it.each([
    ["initiated", 1, NOT_YET],
    ["pending", 2, NOT_YET],
    ["error", 4, NO],
    ["reversed", 5, NO],
    ["failed", 6, NO],
    ["cancelled", 7, NO],
    ["undocumented", 8, NOT_YET],
  ])(
    "if the status of the transaction is %s (%i), the confirm route answers a success with %j",
    async (_, transaction_status, answer) => {
      expect(await (await setUp({ known: about({ transaction_status }) })).ask()).toEqual(answer);
    },
  );

  it("with acceptsPending a pending transaction is confirmed, and an initiated one is not", async () => {
    const options = { acceptsPending: true };
    const pending = await setUp({ options, known: about({ transaction_status: 2 }) });
    expect(await pending.ask()).toEqual([200, { ...(DONE[1] as object), status: "pending" }]);
    const initiated = await setUp({ options, known: about({ transaction_status: 1 }) });
    expect(await initiated.ask()).toEqual(NOT_YET);
  });

  it.each([
    ["of another member", { user_uuid: BOB }, NO],
    ["of another partnership", { partnership_uuid: THEIRS }, NO],
    ["older than the flow", { created_date: iso(NOW - 5 * MINUTE - 1) }, NO],
    ["older than the flow within the clock skew", { created_date: iso(NOW - 5 * MINUTE) }, DONE],
    ["without a user", { user_uuid: null }, NOT_YET],
    ["without a partnership", { partnership_uuid: null }, NOT_YET],
    ["without a date", { created_date: null }, NOT_YET],
  ])("for a transaction %s, here %j, the confirm route answers %j", async (_, fields, answer) => {
    expect(await (await setUp({ known: about(fields) })).ask()).toEqual(answer);
  });

  it("a transaction with one contradiction is refused, even if other fields are unknown", async () => {
    const known = about({ user_uuid: BOB, created_date: null, transaction_status: 2 });
    expect(await (await setUp({ known })).ask()).toEqual(NO);
  });

  it("a transaction that is older than its flow by more than clockSkewMs is refused", async () => {
    const known = about({ created_date: iso(NOW - 1) });
    expect(await (await setUp({ known, options: { clockSkewMs: 0 } })).ask()).toEqual(NO);
  });

  it("a transaction that Benji does not find, or that has another trigger event, is answered with not_yet", async () => {
    const browser = await setUp();
    browser.everything[`/transactions/${TRANSACTION}`] = {
      reward_transaction: transaction({ trigger_event_uuid_id: THEIRS, user_uuid: BOB }),
    };
    expect(await browser.ask()).toEqual(NOT_YET);
    browser.everything[`/transactions/${TRANSACTION}`] = null;
    expect(await browser.ask()).toEqual(NOT_YET);
  });

  it("a return without a trigger event, or with only a numeric user id, is answered with not_yet", async () => {
    const first = await setUp();
    expect(await first.ask({ triggerEventId: undefined })).toEqual(NOT_YET);
    const second = await setUp();
    expect(await second.ask({ benjiUserUuid: undefined, benjiUserId: "12" })).toEqual(NOT_YET);
  });

  it("a trigger event confirms one flow only, and may confirm the same flow again (T31)", async () => {
    const { ask, start } = await setUp();
    expect(await ask()).toEqual(DONE);
    await start(stateNo(2));
    expect(await ask({ state: stateNo(2) })).toEqual(NO);
    expect(await ask({ attempt: 2 })).toEqual(DONE);
  });

  it("a trigger event confirms no second flow as long as a second flow could pass the other checks (T31)", async () => {
    const [clockSkewMs, day] = [720 * MINUTE, 1_440 * MINUTE];
    // Benji's clock is ahead by the whole clockSkewMs.
    const known = about({ created_date: iso(NOW + clockSkewMs) });
    const { ask, start, receiveWebhook } = await setUp({
      known,
      options: { clockSkewMs },
      lifetimeMs: day,
    });
    expect(await ask()).toEqual(DONE);
    vi.setSystemTime(NOW + 2 * clockSkewMs);
    await start(stateNo(2));
    await receiveWebhook();
    vi.setSystemTime(NOW + 2 * clockSkewMs + day - 1);
    expect(await ask({ state: stateNo(2) })).toEqual(NO);
  });

  it("a refused flow does not use up a trigger event, and the flow with that trigger event is confirmed later", async () => {
    const { ask, start, session } = await setUp();
    session.user = { id: "mallory" };
    await start(stateNo(2));
    expect(await ask({ state: stateNo(2), benjiUserUuid: BOB })).toEqual(NO);
    session.user = { id: "ada" };
    expect(await ask()).toEqual(DONE);
  });

  it("with undocumentedUserExternalIdIn a transaction is not confirmed for a flow of another member", async () => {
    const options = { undocumentedUserExternalIdIn: "merchants" } as const;
    const browser = await setUp({ options });
    expect(await browser.ask()).toEqual(DONE);
    // Mallory puts Ada's transaction into the return of a flow of his own.
    const thief = await setUp({ options });
    thief.session.user = { id: "mallory" };
    await thief.start(stateNo(2));
    expect(await thief.ask({ state: stateNo(2) })).toEqual(NOT_YET);
    thief.session.user = { id: "ada" };
    expect(await thief.ask()).toEqual(DONE);
  });

  it("without undocumentedUserExternalIdIn a transaction is confirmed for a flow of another member, once", async () => {
    const { ask, start, session } = await setUp();
    session.user = { id: "mallory" };
    await start(stateNo(2));
    expect(await ask({ state: stateNo(2) })).toEqual(DONE);
    session.user = { id: "ada" };
    expect(await ask()).toEqual(NO);
  });

  it("a transaction that the webhook handler stored with rememberTransaction is confirmed", async () => {
    const { store, client, ask } = await setUp({ webhook: false });
    const handle = createWebhookHandler({
      salt: SALT,
      client,
      on: { transaction_created: (webhook) => rememberTransaction(store, webhook) },
    });
    const body = { event: "transaction_created", entity_type: 3, entity_id: TRANSACTION };
    expect((await handle(await createTestWebhook(body, { salt: SALT }))).status).toBe(204);
    expect(await ask()).toEqual(DONE);
  });

  it("of two servers that share a store one refuses a trigger event that both are asked to confirm", async () => {
    const { client, store, claim } = await setUp();
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
    const { client, paths } = benjiWith({ [`/users/${ADA}`]: { user: user(fields) } });
    const question = askBenjiAboutMember<User>({
      client,
      partnershipUuid: OURS,
      undocumentedUserExternalIdIn: "merchants",
      userExternalId: ({ id }) => id,
    });
    return { ...visit({ dangerouslyConfirmReturnsWithoutState: question }), paths };
  };

  it("without dangerouslyConfirmReturnsWithoutState a return without a state is refused", async () => {
    expect(await visit().ask(link)).toEqual([400, refused("invalid_claim")]);
  });

  it("a return without a state is confirmed every time if Benji's record names the signed-in member", async () => {
    const browser = linked();
    expect(await browser.ask(link)).toEqual(MEMBER);
    expect(await browser.ask(link)).toEqual(MEMBER);
    expect(browser.isConfirmed).not.toHaveBeenCalled();
  });

  it("a return without a state is answered with not_yet if Benji's record names another member", async () => {
    const browser = linked();
    browser.session.user = { id: "bob" };
    expect(await browser.ask(link)).toEqual(NOT_YET);
  });

  it("dangerouslyConfirmReturnsWithoutState confirms no return with a trigger event or the status error, and Benji is not called", async () => {
    const browser = linked();
    expect(await browser.ask({ ...link, triggerEventId: EVENT })).toEqual([
      403,
      refused("state_not_bound"),
    ]);
    expect(await browser.ask({ ...link, status: "error" })).toEqual(NO);
    expect(browser.paths()).toEqual([]);
  });

  it("a return without a state is refused if the user is signed out, and if it has a foreign state", async () => {
    const browser = linked();
    expect(await browser.ask({ ...link, state: STATE })).toEqual([403, refused("state_not_bound")]);
    browser.session.user = null;
    expect((await browser.ask(link))[0]).toBe(401);
  });

  it("createConfirmHandler throws if dangerouslyConfirmReturnsWithoutState is not askBenjiAboutMember with a userExternalId", () => {
    const { client } = benjiWith();
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
  { clockSkewMs: 720 * MINUTE + 1 },
  { clockSkewMs: Infinity },
  { clockSkewMs: NaN },
  { clockSkewMs: "5m" },
])("confirmWithBenji throws with the option %o", (wrong) => {
  const { client } = benjiWith();
  const options = { client, store: createMemoryStore(), partnershipUuid: OURS, ...wrong };
  expect(() => confirmWithBenji(options as never)).toThrow(/^Expected /);
});

describe("the explanations on the console in development", () => {
  const about = (fields: object) => ({
    [`/transactions/${TRANSACTION}`]: { reward_transaction: transaction(fields) },
  });

  it.each<[string, SetUp, string]>([
    ["no webhook has come", { webhook: false }, "answers not yet: no webhook has named"],
    ["the transaction has failed", { known: about({ transaction_status: 6 }) }, 'status "failed"'],
    ["the transaction is another user's", { known: about({ user_uuid: BOB }) }, "another user."],
    [
      "undocumentedUserExternalIdIn is not set",
      { mode: "connect" },
      "undocumentedUserExternalIdIn is not set",
    ],
  ])("in development the console gives the reason without ids if %s", async (_, given, reason) => {
    vi.stubEnv("NODE_ENV", "development");
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const { ask } = await setUp(given);
    await ask();
    vi.unstubAllEnvs();
    const said = warn.mock.calls.flat().join(" ");
    warn.mockRestore();
    expect(said).toContain(reason);
    for (const secret of [ADA, BOB, EVENT, TRANSACTION, KEY, STATE])
      expect(said).not.toContain(secret);
  });
});
