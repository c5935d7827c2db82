import { createHmac } from "node:crypto";
import { describe, expect, it, vi } from "vitest";

import { createSandbox } from "../../src/sandbox/index.js";
import type { SandboxOptions, SandboxWebhook } from "../../src/sandbox/index.js";
import { createToken, open, openSandbox, queryOf, submit, UUID } from "./visit.js";

const INBOX = "https://shop.example/api/benji/webhook?key=s3cret";
const INBOX_SEEN = "https://shop.example/api/benji/webhook";

interface ReceivedWebhook {
  readonly request: Request;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

/** A sandbox whose webhooks are recorded and answered with `answers` in turn, and after these with 200. */
function openWithInbox(options: SandboxOptions = {}, answers: (number | Error)[] = []) {
  const received: ReceivedWebhook[] = [];
  const waits: number[] = [];
  const sandbox = openSandbox({
    webhookUrl: INBOX,
    wait: (ms) => Promise.resolve(void waits.push(ms)),
    async fetch(request) {
      const text = await request.clone().text();
      received.push({ request, text, body: JSON.parse(text) as ReceivedWebhook["body"] });
      const answer = answers.shift() ?? 200;
      if (answer instanceof Error) throw answer;
      return new Response(answer === 204 ? null : "thanks", { status: answer });
    },
    ...options,
  });
  const play = async (address: string, form: Record<string, string> = {}) => {
    const back = await submit(sandbox, address, { outcome: "success", ...form });
    await sandbox.webhooksSettled();
    return back;
  };
  return { sandbox, received, waits, play };
}

/** The body, the timestamp and the signature of a webhook as one text. */
const signedContentOf = ({ request: { headers }, text }: ReceivedWebhook) =>
  [text, headers.get("x-benji-timestamp"), headers.get("x-benji-signature")].join("\n");

const eventsOf = (received: readonly ReceivedWebhook[]) =>
  received.map(({ body }) => body["event"]);

describe("webhooks", () => {
  const TRANSACTION_EVENTS = [
    "user_partner_authentication_created",
    "transaction_authenticated",
    "transaction_created",
    "transaction_status_updated",
    "transaction_status_updated",
  ];

  it.each([
    [1, ["user_partner_authentication_created"]],
    [3, TRANSACTION_EVENTS],
    [4, TRANSACTION_EVENTS],
  ])("a flow in mode %i sends the webhooks %j in this order", async (mode, events) => {
    const { received, play } = openWithInbox();
    await play(`/49?mode=${mode}`);
    expect(eventsOf(received)).toEqual(events);
  });

  it("a webhook has the three documented fields, and no others", async () => {
    const { received, play } = openWithInbox();
    await play("/49?mode=3&amount=1000&user_external_id=u1&state=s1");
    expect(received.map(({ body }) => body)).toEqual(
      [1, 3, 3, 3, 3].map((entity) => ({
        event: expect.any(String) as string,
        entity,
        entity_id: expect.stringMatching(UUID) as string,
      })),
    );
  });

  it("a webhook about the user has the UUID of the return, and webhooks about the transaction share another UUID", async () => {
    const { received, play } = openWithInbox();
    const back = queryOf(await play("/49?mode=3&user_external_id=u1"));
    const [user, ...transaction] = received.map(({ body }) => body["entity_id"]);
    expect(user).toBe(back.get("benji_user_uuid"));
    expect(new Set(transaction).size).toBe(1);
    expect(transaction[0]).not.toBe(user);
  });

  it("a webhook has another UUID than the return in the scenario tampered-uuid", async () => {
    const { received, play } = openWithInbox();
    const claimed = queryOf(await play("/49", { scenario: "tampered-uuid" }));
    const entityId = received[0]?.body["entity_id"];
    expect(entityId).toMatch(UUID);
    expect(entityId).not.toBe(claimed.get("benji_user_uuid"));
  });

  it.each([
    ["the member chooses the error", { outcome: "error" }],
    ["the member closes the hosted page", { outcome: "close" }],
    ["the scenario is error", { scenario: "error" }],
    ["the scenario is close", { scenario: "close" }],
    ["the scenario is expired-token", { scenario: "expired-token" }],
  ])("a flow sends no webhook if %s", async (_, form) => {
    const { received, play } = openWithInbox();
    await play("/49", form);
    expect(received).toEqual([]);
  });

  it("a flow without a Redirect URL sends a webhook too", async () => {
    const { received, play } = openWithInbox();
    await play("/49", { scenario: "no-redirect-url" });
    expect(received).toHaveLength(1);
  });

  it("a double click sends the webhooks once, and opening the page sends none", async () => {
    const { sandbox, received, play } = openWithInbox();
    const address = `/49?connect_token=${await createToken(sandbox)}`;
    await open(sandbox, address);
    expect(received).toHaveLength(0);
    await Promise.all([play(address), play(address)]);
    expect(received).toHaveLength(1);
  });

  it("a flow sends no webhook without a webhookUrl", async () => {
    const { sandbox, received } = openWithInbox();
    const silent = createSandbox({ fetch: sandbox.fetch });
    await submit(silent, "/49", { outcome: "success" });
    await silent.webhooksSettled();
    expect([received, silent.webhooks]).toEqual([[], []]);
  });

  it.each([
    "/relative",
    "ftp://shop.example/",
    "javascript:alert(1)",
    "",
    "https://user:pass@shop.example/",
  ])("the webhookUrl %j is refused", (webhookUrl) => {
    expect(() => createSandbox({ webhookUrl })).toThrow(TypeError);
  });

  it("an empty webhookSalt is refused", () => {
    expect(() => createSandbox({ webhookUrl: INBOX, webhookSalt: "" })).toThrow(/webhookSalt/);
  });
});

describe("the headers of a webhook", () => {
  it("a webhook is a POST of JSON to the whole webhookUrl, with the time of the event in GMT", async () => {
    const { received, play } = openWithInbox({ now: () => Date.UTC(2026, 0, 1, 12) });
    await play("/49");
    const [{ request } = {} as ReceivedWebhook] = received;
    expect([request.method, request.url]).toEqual(["POST", INBOX]);
    expect(request.headers.get("content-type")).toBe("application/json");
    expect(request.headers.get("x-benji-timestamp")).toBe("Thu, 01 Jan 2026 12:00:00 GMT");
    expect(request.headers.has("x-webhook-datetime")).toBe(false);
  });

  it.each([
    [{}, "sandbox-webhook-salt", "hex"],
    [{ webhookSalt: "pepper ☕" }, "pepper ☕", "hex"],
    [{ webhookSignature: "base64" }, "sandbox-webhook-salt", "base64"],
  ] as const)(
    "with the options %j a webhook is signed over the text of its timestamp and its raw body",
    async (options, salt, encoding) => {
      const { received, play } = openWithInbox(options);
      await play("/49");
      const [{ request, text } = {} as ReceivedWebhook] = received;
      const signed = (request.headers.get("x-benji-timestamp") ?? "none") + text;
      const signature = createHmac("sha256", salt).update(signed, "utf8").digest(encoding);
      expect(request.headers.get("x-benji-signature")).toBe(signature);
    },
  );

  it("with webhookSigned: body a webhook is signed over the body alone", async () => {
    const { received, play } = openWithInbox({
      webhookSigned: "body",
      now: () => Date.UTC(2026, 0, 1, 12),
    });
    await play("/49");
    const [{ request, text } = {} as ReceivedWebhook] = received;
    const signature = createHmac("sha256", "sandbox-webhook-salt").update(text).digest("hex");
    expect(request.headers.get("x-benji-signature")).toBe(signature);
    expect(request.headers.get("x-webhook-datetime")).toBe("Thu, 01 Jan 2026 12:00:00 GMT");
    expect(request.headers.has("x-benji-timestamp")).toBe(false);
  });

  it("the sandbox follows no redirect that a receiver answers to a webhook", async () => {
    const { received, play } = openWithInbox();
    await play("/49");
    expect(received[0]?.request.redirect).toBe("manual");
  });
});

describe("delivery", () => {
  it("the redirect back to the shop does not wait for the webhooks", async () => {
    let answer: (response: Response) => void = () => {};
    const pending = new Promise<Response>((resolve) => (answer = resolve));
    const sandbox = openSandbox({ webhookUrl: INBOX, fetch: () => pending });
    expect((await submit(sandbox, "/49", { outcome: "success" })).status).toBe(303);
    expect(sandbox.webhooks.every(({ lastStatus }) => lastStatus === undefined)).toBe(true);
    answer(new Response());
    await sandbox.webhooksSettled();
    expect(sandbox.webhooks[0]?.lastStatus).toBe(200);
  });

  it("a webhook is sent up to three times with equal bytes, after pauses of 1 and 5 seconds", async () => {
    const { sandbox, received, waits, play } = openWithInbox({}, [500, new Error("no route"), 204]);
    await play("/49");
    expect(waits).toEqual([1_000, 5_000]);
    expect(new Set(received.map(signedContentOf)).size).toBe(1);
    expect(sandbox.webhooks).toEqual([
      {
        number: 1,
        event: "user_partner_authentication_created",
        url: INBOX_SEEN,
        tries: 3,
        lastStatus: 204,
      },
    ]);
  });

  it.each([
    [[500, 500, 503], 503],
    [[302, 302, 302], 302],
    [[new Error("1"), new Error("2"), new Error("3")], "unreachable"],
  ])(
    "the sandbox stops sending a webhook after the three answers %j",
    async (answers, lastStatus) => {
      const { sandbox, received, play } = openWithInbox({}, answers);
      await play("/49");
      expect(received).toHaveLength(3);
      expect(sandbox.webhooks).toMatchObject([{ tries: 3, lastStatus }]);
    },
  );

  it("a webhook request is aborted after 10 seconds without an answer", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const signal = await new Promise<AbortSignal>((resolve) => {
        const fetch = (request: Request) => {
          resolve(request.signal);
          return new Promise<Response>(() => {});
        };
        void submit(openSandbox({ webhookUrl: INBOX, fetch }), "/49", { outcome: "success" });
      });
      vi.advanceTimersByTime(9_999);
      expect(signal.aborted).toBe(false);
      vi.advanceTimersByTime(1);
      expect(signal.aborted).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  it("the next event of a flow is sent even if an earlier webhook has failed", async () => {
    const { sandbox, play } = openWithInbox({}, [500, 500, 500]);
    await play("/49?mode=3");
    expect(sandbox.webhooks.map(({ lastStatus }) => lastStatus)).toEqual([500, 200, 200, 200, 200]);
  });

  it("onWebhook is called once with the result of each webhook", async () => {
    const results: SandboxWebhook[] = [];
    const onWebhook = (webhook: SandboxWebhook) => void results.push(webhook);
    const { sandbox, play } = openWithInbox({ onWebhook }, [500, 200]);
    await play("/49?mode=3");
    expect(results).toEqual(sandbox.webhooks);
    expect(results[0]?.tries).toBe(2);
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("not my day");
      },
    ],
    // Vitest would fail the run for an unhandled rejection.
    ["rejects", () => Promise.reject(new Error("not my day"))],
  ])("webhooks are sent even if onWebhook %s", async (_, onWebhook) => {
    const { received, play } = openWithInbox({ onWebhook });
    expect((await play("/49?mode=3")).status).toBe(303);
    expect(received).toHaveLength(5);
  });

  it("a flow works even if the option wait rejects", async () => {
    const wait = () => Promise.reject(new Error("not my day"));
    const { sandbox, play } = openWithInbox({ wait }, [500]);
    expect((await play("/49")).status).toBe(303);
    expect(sandbox.webhooks).toMatchObject([{ tries: 1, lastStatus: 500 }]);
  });

  it("at most 200 flows can have waiting webhooks, and later webhooks are listed as skipped", async () => {
    let answer: (response: Response) => void = () => {};
    const pending = new Promise<Response>((resolve) => (answer = resolve));
    const sandbox = openSandbox({ webhookUrl: INBOX, fetch: () => pending });
    for (let count = 0; count < 202; count++) await submit(sandbox, "/49", { outcome: "success" });
    expect(sandbox.webhooks).toHaveLength(200);
    expect(sandbox.webhooks.filter(({ lastStatus }) => lastStatus === "skipped")).toHaveLength(2);
    expect(sandbox.webhooks.at(-1)).toMatchObject({ tries: 0, lastStatus: "skipped" });
    answer(new Response());
    await sandbox.webhooksSettled();
  });

  it("the webhook log of the sandbox contains no secrets and no bodies", async () => {
    const { sandbox, play } = openWithInbox();
    await play("/49?user_external_id=u1&state=st4te");
    const line = JSON.stringify(sandbox.webhooks);
    expect(line).not.toMatch(/s3cret|st4te|u1|signature|salt/);
    expect(Object.keys(sandbox.webhooks[0] ?? {})).toEqual([
      "number",
      "event",
      "url",
      "tries",
      "lastStatus",
    ]);
  });
});
