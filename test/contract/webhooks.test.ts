import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createSandbox, type SandboxOptions } from "../../src/sandbox/index.js";
import { createBenjiClient, createWebhookHandler } from "../../src/server/index.js";

const SALT = "salt of this test ☕";
const BENJI = "http://127.0.0.1:4010";

/** Opens a shop that receives the sandbox's webhooks, and records what it looks up. */
function openShop(
  options: SandboxOptions = {},
  signed: "timestamp-and-body" | "body" = "timestamp-and-body",
) {
  const lookedUp: unknown[] = [];
  const answers: number[] = [];
  const received: { headers: Headers; text: string }[] = [];
  const client = createBenjiClient({
    apiKey: "sandbox-api-key",
    baseUrl: BENJI,
    fetch: (input, init) => sandbox.fetch(input as string, init),
  });
  const handle = createWebhookHandler({
    salt: SALT,
    signed,
    client,
    on: {
      user_partner_authentication_created: async ({ entityId, fetchUser }) => {
        const user = await fetchUser();
        lookedUp.push(["user", user.uuid === entityId, user.merchants.length]);
      },
      transaction_created: async ({ fetchTransaction }) => {
        const { type, rewardAmount, status } = await fetchTransaction();
        lookedUp.push(["created", type, rewardAmount, status]);
      },
      transaction_status_updated: async ({ fetchTransaction }) => {
        lookedUp.push(["status", (await fetchTransaction()).status]);
      },
    },
  });
  const sandbox = createSandbox({
    webhookUrl: "https://shop.example/webhooks/benji",
    webhookSalt: SALT,
    wait: () => Promise.resolve(),
    async fetch(request) {
      received.push({ headers: request.headers, text: await request.clone().text() });
      const answer = await handle(request);
      answers.push(answer.status);
      return answer;
    },
    ...options,
  });
  const play = async (scenario: string) => {
    await sandbox.fetch(`${BENJI}/49?mode=4&amount=500`, {
      method: "POST",
      body: new URLSearchParams({ outcome: "success", scenario }),
    });
    await sandbox.webhooksSettled();
  };
  return { sandbox, client, lookedUp, answers, received, play };
}

const EXPECTED = [
  ["user", true, 1],
  ["created", "redeem", 500, "initiated"],
  ["status", "pending"],
  ["status", "completed"],
];

describe("webhooks, from the sandbox to the library", () => {
  it.each(["hex", "base64"] as const)(
    "the webhook handler accepts the sandbox's signatures in %s, which are those that node:crypto computes",
    async (webhookSignature) => {
      const { received, answers, play } = openShop({ webhookSignature });
      await play("success");
      expect(answers).toEqual([204, 204, 204, 204, 204]);
      for (const { headers, text } of received) {
        const signed = `${headers.get("x-benji-timestamp")}${text}`;
        const signature = createHmac("sha256", SALT).update(signed).digest(webhookSignature);
        expect(headers.get("x-benji-signature")).toBe(signature);
      }
    },
  );

  it("webhooks that the sandbox signs over the body alone are accepted only by a handler with signed: body", async () => {
    const older = openShop({ webhookSigned: "body" }, "body");
    await older.play("success");
    expect(older.lookedUp).toEqual(EXPECTED);
    const mixed = openShop({ webhookSigned: "body" });
    await mixed.play("success");
    expect([
      mixed.lookedUp,
      mixed.answers.every((status) => status >= 400 && status < 500),
    ]).toEqual([[], true]);
  });

  it.each([
    ["success", EXPECTED],
    ["slow-transaction", EXPECTED],
    ["repeated-webhooks", EXPECTED],
    ["failed-transaction", [...EXPECTED.slice(0, 3), ["status", "failed"]]],
    ["lost-webhooks", []],
  ])(
    "in scenario %s the functions of the webhook handler look up %j",
    async (scenario, expected) => {
      const { lookedUp, play } = openShop();
      await play(scenario);
      expect(lookedUp).toEqual(expected);
    },
  );

  it("the client reports an unknown id as not_found and a wrong key as invalid_token", async () => {
    const { sandbox, client } = openShop();
    const unknownUuid = "3f0c7c5e-9b1d-4e6a-8f2b-0a58a9feac02";
    for (const ask of [client.getUser, client.getTransaction, client.getPartnership]) {
      await expect(ask(unknownUuid)).rejects.toMatchObject({ code: "not_found" });
    }
    const stranger = createBenjiClient({
      apiKey: "another-key",
      baseUrl: BENJI,
      fetch: (input, init) => sandbox.fetch(input as string, init),
    });
    for (const ask of [stranger.getUser, stranger.getTransaction, stranger.getPartnership]) {
      await expect(ask(unknownUuid)).rejects.toMatchObject({ benjiCode: "invalid_token" });
    }
    const partnership = await client.getPartnership(await sandbox.partnershipUuid(49));
    expect(partnership).toMatchObject({ isActive: true, name: "Partner 49" });
  });
});
