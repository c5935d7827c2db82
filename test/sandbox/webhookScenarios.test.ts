import { describe, expect, it } from "vitest";

import type { SandboxEvent, SandboxOptions } from "../../src/sandbox/index.js";
import { openSandbox, ORIGIN, submit, UUID } from "./visit.js";

const INBOX = "https://shop.example/hook";

interface ReceivedWebhook {
  readonly event: string;
  readonly entity: number;
  readonly id: string;
  /** The body, the timestamp and the signature as one text. */
  readonly signedContent: string;
}

function openWithInbox(options: SandboxOptions = {}) {
  const received: ReceivedWebhook[] = [];
  const waits: [receivedBefore: number, ms: number][] = [];
  const sandbox = openSandbox({
    webhookUrl: INBOX,
    wait: (ms) => Promise.resolve(void waits.push([received.length, ms])),
    async fetch(request) {
      const text = await request.text();
      const {
        event,
        entity,
        entity_id: id,
      } = JSON.parse(text) as ReceivedWebhook & { entity_id: string };
      const names = ["x-benji-timestamp", "x-benji-signature"];
      const signedContent = [text, ...names.map((name) => request.headers.get(name))].join("\n");
      received.push({ event, entity, id, signedContent });
      return new Response();
    },
    ...options,
  });
  const play = async (scenario: string, address = "/49?mode=3") => {
    const back = await submit(sandbox, address, { outcome: "success", scenario });
    await sandbox.webhooksSettled();
    return back;
  };
  return { sandbox, received, waits, play };
}

const IN_ORDER = [
  "user_partner_authentication_created",
  "transaction_authenticated",
  "transaction_created",
  "transaction_status_updated",
  "transaction_status_updated",
];
const eventsOf = (received: readonly ReceivedWebhook[]) => received.map(({ event }) => event);

describe("scenarios of the webhooks", () => {
  it("scenario late-webhooks sends all webhooks after 5 seconds, in order", async () => {
    const { received, waits, play } = openWithInbox();
    expect((await play("late-webhooks")).status).toBe(303);
    expect(waits).toEqual([[0, 5_000]]);
    expect(eventsOf(received)).toEqual(IN_ORDER);
  });

  it("in the scenario repeated-webhooks each webhook is sent twice with equal bytes and has two log entries", async () => {
    const { sandbox, received, play } = openWithInbox();
    await play("repeated-webhooks");
    expect(eventsOf(received)).toEqual(IN_ORDER.flatMap((event) => [event, event]));
    for (let index = 0; index < received.length; index += 2) {
      expect(received[index]?.signedContent).toBe(received[index + 1]?.signedContent);
    }
    expect(sandbox.webhooks).toHaveLength(received.length);
  });

  it("scenario out-of-order-webhooks sends the last webhook first", async () => {
    const { received, play } = openWithInbox();
    await play("out-of-order-webhooks");
    expect(eventsOf(received)).toEqual([...IN_ORDER].reverse());
  });

  it("scenario lost-webhooks sends no webhook, and the log lists them as lost", async () => {
    const { sandbox, received, play } = openWithInbox();
    await play("lost-webhooks");
    expect(received).toEqual([]);
    expect(sandbox.webhooks.map(({ event }) => event)).toEqual(IN_ORDER);
    expect(sandbox.webhooks.every(({ tries, lastStatus }) => !tries && lastStatus === "lost")).toBe(
      true,
    );
  });
});

describe("two webhooks with the same body", () => {
  // The body contains no status: a receiver recognizes a repeated webhook by its date and signature.
  it("two status webhooks sent at the same time have dates one second apart", async () => {
    const { received, play } = openWithInbox({ now: () => Date.UTC(2026, 0, 1, 12) });
    await play("success");
    const updates = received.filter(({ event }) => event === "transaction_status_updated");
    const dates = updates.map(({ signedContent }) => signedContent.split("\n")[1]);
    expect(dates).toEqual(["Thu, 01 Jan 2026 12:00:00 GMT", "Thu, 01 Jan 2026 12:00:01 GMT"]);
    expect(new Set(received.map(({ signedContent }) => signedContent)).size).toBe(received.length);
  });
});

describe("resendWebhook", () => {
  it("resendWebhook sends a lost webhook with the present date, and then the same body with a later date and another signature", async () => {
    let time = Date.UTC(2026, 0, 1);
    const { sandbox, received, play } = openWithInbox({ now: () => time });
    await play("lost-webhooks", "/49");
    time += 3_600_000;
    expect(await sandbox.resendWebhook(1)).toEqual({
      number: 2,
      event: "user_partner_authentication_created",
      url: INBOX,
      tries: 1,
      lastStatus: 200,
    });
    expect(received[0]?.signedContent).toContain("Thu, 01 Jan 2026 01:00:00 GMT");
    await sandbox.resendWebhook(2);
    expect(received[1]?.signedContent).toContain("Thu, 01 Jan 2026 01:00:01 GMT");
    const [[body, , signature], [secondBody, , secondSignature]] = received.map(
      ({ signedContent }) => signedContent.split("\n"),
    ) as [string[], string[]];
    expect(secondBody).toBe(body);
    expect(secondSignature).not.toBe(signature);
  });

  it("resendWebhook tries to send only once", async () => {
    const { sandbox, play } = openWithInbox({
      fetch: () => Promise.resolve(new Response(null, { status: 500 })),
    });
    await play("success", "/49");
    expect(await sandbox.resendWebhook(1)).toMatchObject({ tries: 1, lastStatus: 500 });
  });

  it.each([0, 2, -1, 1.5, NaN])(
    "resendWebhook refuses the number %d, which no webhook in the log has",
    async (number) => {
      const { sandbox, play } = openWithInbox();
      await play("success", "/49");
      await expect(sandbox.resendWebhook(number)).rejects.toThrow(TypeError);
    },
  );
});

describe("triggerWebhook", () => {
  it.each([
    ["user_partner_authentication_created", 1],
    ["user_partner_connected", 1],
    ["transaction_authenticated", 3],
    ["transaction_created", 3],
    ["transaction_status_updated", 3],
    ["reward_transaction_updated", 3],
    ["campaign_updated", 2],
    ["campaign_activated", 2],
    ["campaign_ended", 2],
  ] as const)(
    "triggerWebhook sends the event %s about an entity of type %i without a flow",
    async (event, entity) => {
      const { sandbox, received } = openWithInbox();
      await sandbox.triggerWebhook(event);
      expect(received).toEqual([
        {
          event,
          entity,
          id: expect.stringMatching(UUID) as string,
          signedContent: expect.any(String) as string,
        },
      ]);
      if (entity === 2) return;
      const path = `${ORIGIN}/${entity === 1 ? "users" : "transactions"}/${received[0]?.id}`;
      const headers = { "x-api-key": "sandbox-api-key" };
      expect((await sandbox.fetch(path, { headers })).status).toBe(200);
    },
  );

  it("triggerWebhook sends the id of the newest user or transaction of the flows", async () => {
    const { sandbox, received, play } = openWithInbox();
    await play("success", "/49?user_external_id=u1");
    await play("success", "/49?mode=3&user_external_id=u2");
    await play("success", "/49?user_external_id=u1");
    const [first] = received;
    await sandbox.triggerWebhook("user_partner_connected");
    expect(received.at(-1)?.id).toBe(first?.id);
    await sandbox.triggerWebhook("transaction_created");
    expect(received.at(-1)?.id).toBe(received[2]?.id);
  });

  it("triggerWebhook refuses an undocumented event, and like resendWebhook refuses to run without a webhookUrl", async () => {
    const { sandbox } = openWithInbox();
    const wrong = "points_rained" as SandboxEvent;
    await expect(sandbox.triggerWebhook(wrong)).rejects.toThrow(/points_rained/);
    await expect(openSandbox().triggerWebhook("campaign_ended")).rejects.toThrow(/webhookUrl/);
    await expect(openSandbox().resendWebhook(1)).rejects.toThrow(/webhookUrl/);
  });
});
