import { describe, expect, it } from "vitest";

import type { Sandbox, SandboxOptions } from "../../src/sandbox/index.js";
import { createToken, openSandbox, ORIGIN, queryOf, submit, UUID } from "./visit.js";

const NOON = Date.UTC(2026, 3, 16, 12);
const UNKNOWN_UUID = "3f0c7c5e-9b1d-4e6a-8f2b-0a58a9feac02";

type Fields = Record<string, unknown>;

const get = (
  sandbox: Sandbox,
  path: string,
  headers: Fields = { "x-api-key": "sandbox-api-key" },
) => sandbox.fetch(ORIGIN + path, { headers: headers as Record<string, string> });

async function read(sandbox: Sandbox, path: string, name: string): Promise<Fields> {
  const answer = (await (await get(sandbox, path)).json()) as { data: Record<string, Fields> };
  return answer.data[name] ?? {};
}

/** Plays a flow to its end, and records the ids in its webhooks. */
async function play(address: string, scenario = "success", options: SandboxOptions = {}) {
  const named: { event: string; entity_id: string }[] = [];
  const statuses: unknown[] = [];
  const sandbox = openSandbox({
    now: () => NOON,
    webhookUrl: "https://shop.example/hook",
    wait: () => Promise.resolve(),
    async fetch(request) {
      const body = (await request.json()) as (typeof named)[number] & { entity: number };
      named.push(body);
      if (body.entity === 3) {
        const path = `/transactions/${body.entity_id}`;
        statuses.push((await read(sandbox, path, "reward_transaction"))["transaction_status"]);
      }
      return new Response();
    },
    ...options,
  });
  const back = queryOf(await submit(sandbox, address, { outcome: "success", scenario }));
  await sandbox.webhooksSettled();
  return { sandbox, back, named, statuses };
}

describe("GET /users/{uuid}", () => {
  it("GET /users with the uuid of a return answers in the documented shape", async () => {
    const { sandbox, back } = await play("/49?user_external_id=u1");
    const uuid = back.get("benji_user_uuid") ?? "";
    const response = await get(sandbox, `/users/${uuid}`);
    expect(response.status).toBe(200);
    const created_date = "2026-04-16T12:00:00.000000+00:00";
    const number = expect.any(Number) as number;
    const row = {
      id: number,
      user_id: number,
      external_id: null,
      total_rewards_earned: 0,
      total_rewards_redeemed: 0,
      created_date,
    };
    expect(await response.json()).toEqual({
      code: "ok",
      data: {
        user: {
          uuid_id: uuid,
          id: number,
          first_name: expect.any(String) as string,
          last_name: expect.any(String) as string,
          email: expect.stringContaining("@example.com") as string,
          phone_number: null,
          external_id: null,
          created_date,
          merchants: [{ ...row, merchant_id: number }],
          partner_status_tiers: [
            {
              ...row,
              partner_id: number,
              partner_status_tier_id: number,
              first_name: expect.any(String) as string,
              last_name: expect.any(String) as string,
              total_rewards: 0,
            },
          ],
        },
      },
    });
  });

  it("the id in the answer of GET /users is the numeric id of a return in the scenario no-uuid", async () => {
    const { sandbox, named, back } = await play("/49", "no-uuid");
    const { id } = await read(sandbox, `/users/${named[0]?.entity_id}`, "user");
    expect(String(id)).toBe(back.get("benji_user_id"));
  });

  it("GET /users answers with a row of the partnership's merchant and a row of its partner", async () => {
    const { sandbox, back } = await play("/50");
    const user = await read(sandbox, `/users/${back.get("benji_user_uuid")}`, "user");
    const path = `/partnerships/${await sandbox.partnershipUuid(50)}`;
    const partnership = await read(sandbox, path, "partnership");
    expect(user).toMatchObject({
      merchants: [{ merchant_id: partnership["merchant_id"] }],
      partner_status_tiers: [{ partner_id: partnership["partner_id"] }],
    });
  });

  it.each(["error", "close"])(
    "GET /users answers 404 after a flow that ended with %s",
    async (scenario) => {
      const { sandbox, back } = await play("/49?user_external_id=u1", scenario);
      const known = await play("/49?user_external_id=u1");
      const uuid = back.get("benji_user_uuid") ?? known.back.get("benji_user_uuid");
      expect((await get(sandbox, `/users/${uuid}`)).status).toBe(404);
    },
  );

  it("the created_date of a user is the date of the first flow", async () => {
    let time = NOON;
    const { sandbox, back } = await play("/49?user_external_id=u1", "success", { now: () => time });
    const path = `/users/${back.get("benji_user_uuid")}`;
    const first = await read(sandbox, path, "user");
    time += 86_400_000;
    await submit(sandbox, "/49?user_external_id=u1", { outcome: "success" });
    expect(await read(sandbox, path, "user")).toEqual(first);
  });

  it.each([
    ["success", null, null],
    ["undocumented-merchant-external-id", "u1", null],
    ["undocumented-partner-external-id", null, "u1"],
  ])(
    "in the scenario %s the external_id of the merchant row is %j, that of the partner row %j",
    async (scenario, ...ids) => {
      const { sandbox, back } = await play("/49?user_external_id=u1", scenario);
      const user = await read(sandbox, `/users/${back.get("benji_user_uuid")}`, "user");
      expect(user).toMatchObject({
        external_id: null,
        merchants: [{ external_id: ids[0] }],
        partner_status_tiers: [{ external_id: ids[1] }],
      });
    },
  );

  it.each([
    ["late-webhooks", "u1"],
    ["tampered-uuid", "u1"],
    ["success", null],
    ["undocumented-partner-external-id", null],
  ])(
    "after the scenario %s the merchant row has %j if the option scenario is undocumented-merchant-external-id",
    async (scenario, external_id) => {
      const usual = { scenario: "undocumented-merchant-external-id" } as const;
      const { sandbox, named } = await play("/49?user_external_id=u1", scenario, usual);
      const user = await read(sandbox, `/users/${named[0]?.entity_id}`, "user");
      expect(user).toMatchObject({ merchants: [{ external_id }] });
    },
  );

  it("in the scenario loyalty-number both rows have the same loyalty number as external_id", async () => {
    const { sandbox, back } = await play("/49?user_external_id=u1", "loyalty-number");
    const user = await read(sandbox, `/users/${back.get("benji_user_uuid")}`, "user");
    const external_id = expect.stringMatching(/^LOYALTY-/) as string;
    const [merchant] = user["merchants"] as Fields[];
    expect(merchant).toMatchObject({ external_id });
    expect(user["partner_status_tiers"]).toMatchObject([
      { external_id: merchant?.["external_id"] },
    ]);
  });
});

describe("GET /transactions/{uuid}", () => {
  it("GET /transactions with the id of a webhook answers in the documented shape", async () => {
    const { sandbox, back, named } = await play("/49?mode=4&amount=1000");
    const response = await get(sandbox, `/transactions/${named.at(-1)?.entity_id}`);
    const number = expect.any(Number) as number;
    expect(await response.json()).toEqual({
      code: "ok",
      data: {
        reward_transaction: {
          id: number,
          merchant_id: number,
          partner_id: number,
          partnership_uuid: await sandbox.partnershipUuid(49),
          campaign_id: number,
          user_uuid: back.get("benji_user_uuid"),
          trigger_event_uuid_id: back.get("trigger_event_id"),
          trigger_event_id: number,
          transaction_amount: 0,
          reward_amount: 1000,
          external_id: null,
          external_order_id: null,
          external_partner_transaction_id: null,
          transaction_type: 2,
          transaction_status: 3,
          created_date: "2026-04-16T12:00:00.000000+00:00",
        },
      },
    });
  });

  it("a transaction of a transfer has the transaction_type null", async () => {
    const { sandbox, named } = await play("/49?mode=3&amount=1000");
    const path = `/transactions/${named.at(-1)?.entity_id}`;
    expect(await read(sandbox, path, "reward_transaction")).toMatchObject({
      transaction_type: null,
    });
  });

  it("a transaction has the amount that the member entered", async () => {
    const { sandbox, named } = await play("/49");
    const actions = [{ mode: 4, amount: 500, allows_editing: true }];
    const token = await createToken(sandbox, { mode: 4, custom_attributes: { actions } });
    const address = `/49?connect_token=${token}`;
    await submit(sandbox, address, { outcome: "success", amount: "750" });
    await sandbox.webhooksSettled();
    const path = `/transactions/${named.at(-1)?.entity_id}`;
    expect(await read(sandbox, path, "reward_transaction")).toMatchObject({ reward_amount: 750 });
  });

  it.each([
    ["success", [1, 1, 2, 3]],
    ["slow-transaction", [1, 1, 2, 3]],
    ["failed-transaction", [1, 1, 2, 6]],
    ["out-of-order-webhooks", [3, 3, 3, 3]],
    ["late-webhooks", [3, 3, 3, 3]],
  ])(
    "in the scenario %s a transaction has the statuses %j when its webhooks arrive",
    async (...facts) => {
      const [scenario, expected] = facts;
      const { statuses, back } = await play("/49?mode=3", scenario);
      expect(statuses).toEqual(expected);
      expect(back.get("status")).toBe("success");
    },
  );

  it("the sandbox waits between two statuses only in the scenario slow-transaction", async () => {
    const waits: number[] = [];
    const wait = (ms: number) => Promise.resolve(void waits.push(ms));
    await play("/49?mode=3", "success", { wait });
    expect(waits).toEqual([]);
    await play("/49?mode=3", "slow-transaction", { wait });
    expect(waits).toEqual([2_000, 2_000]);
  });

  it("a transaction whose webhooks were lost is completed too", async () => {
    const { sandbox, named } = await play("/49?mode=3", "lost-webhooks");
    expect(named).toEqual([]);
    await sandbox.triggerWebhook("transaction_created");
    const path = `/transactions/${named[0]?.entity_id}`;
    expect(await read(sandbox, path, "reward_transaction")).toMatchObject({
      transaction_status: 3,
    });
  });
});

describe("GET /partnerships/{uuid}", () => {
  it("GET /partnerships answers in the documented shape with the configured name", async () => {
    const sandbox = openSandbox({ partnerships: { 51: "Corner Coffee" } });
    const uuid = await sandbox.partnershipUuid("51");
    expect(uuid).toMatch(UUID);
    expect(await read(sandbox, `/partnerships/${uuid}`, "partnership")).toMatchObject({
      uuid_id: uuid,
      name: "Corner Coffee",
      description: null,
      merchant_id: expect.any(Number) as number,
      partner_id: expect.any(Number) as number,
      is_active: 1,
      is_deleted: 0,
      campaigns: null,
    });
  });

  it("GET /partnerships answers 404 until a token was created for the partnership", async () => {
    const uuid = await openSandbox().partnershipUuid(77);
    const sandbox = openSandbox();
    expect((await get(sandbox, `/partnerships/${uuid}`)).status).toBe(404);
    await createToken(sandbox, { partnership_id: 77 });
    expect((await get(sandbox, `/partnerships/${uuid}`)).status).toBe(200);
  });

  it("partnershipUuid returns a UUID unchanged", async () => {
    expect(await openSandbox().partnershipUuid(UNKNOWN_UUID)).toBe(UNKNOWN_UUID);
  });

  it("two partnerships have different partner ids", async () => {
    const sandbox = openSandbox();
    const partnerOf = async (id: number) =>
      (await read(sandbox, `/partnerships/${await sandbox.partnershipUuid(id)}`, "partnership"))[
        "partner_id"
      ];
    expect(await partnerOf(49)).not.toBe(await partnerOf(50));
  });
});

describe("a refusal", () => {
  const PATHS = [
    ["users", "error", "user_does_not_exist"],
    ["transactions", "code", "transaction_does_not_exist"],
    ["partnerships", "error", "partnership_does_not_exist"],
  ] as const;

  it.each(PATHS)(
    "a refusal at the path /%s has its code in the field %s, and the code of a 404 is %s",
    async (kind, key, missing) => {
      const sandbox = openSandbox();
      const path = `/${kind}/${UNKNOWN_UUID}`;
      const message = expect.any(String) as string;
      const refusals = await Promise.all(
        [{}, { "x-api-key": "wrong-key" }, { "x-api-key": "sandbox-api-key" }].map(
          async (headers) => {
            const response = await get(sandbox, path, headers);
            return [response.status, await response.json()];
          },
        ),
      );
      expect(refusals).toEqual([
        [401, { [key]: "unauthorized_request", message }],
        [400, { [key]: "invalid_token", message }],
        [404, { [key]: missing, message }],
      ]);
      expect(JSON.stringify(refusals)).not.toContain("wrong-key");
    },
  );

  it.each(PATHS)("a numeric id in the path /%s is answered with 404", async (kind) => {
    const { sandbox, back } = await play("/49?mode=3", "no-uuid");
    expect((await get(sandbox, `/${kind}/${back.get("benji_user_id")}`)).status).toBe(404);
  });

  it.each(PATHS)("a POST to /%s is answered with 405", async (kind) => {
    const init = { method: "POST", headers: { "x-api-key": "sandbox-api-key" } };
    const response = await openSandbox().fetch(`${ORIGIN}/${kind}/${UNKNOWN_UUID}`, init);
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET"]);
  });

  it.each(["/users/a/b", "/transactions//", "/users/..%2ftransactions"])(
    "the sandbox's API answers the address %s with 404",
    async (path) => {
      expect((await get(openSandbox(), path)).status).toBe(404);
    },
  );
});
