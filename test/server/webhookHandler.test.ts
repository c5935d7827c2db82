import { createHmac } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import {
  type BenjiStore,
  type BenjiWebhookError,
  createWebhookHandler,
  type WebhookHandlerOptions,
} from "../../src/server/index.js";
import { benjiAnswering, deferred, KEY, okAnswer, URL_OF_BENJI } from "./benji.js";

const SALT = "salt_canary_9a";
const UUID = "0b6f2c6e-2f4b-4a53-9f0e-6f3b1c9a7d10";
const EVENT = "transaction_status_updated";

/** A webhook signed with Node's own HMAC, which is independent of the library. */
function webhook(
  { event = EVENT, entity = 3, entity_id = UUID as unknown } = {},
  { date = new Date(), salt = SALT } = {},
) {
  const body = JSON.stringify({ event, entity, entity_id });
  const timestamp = date.toUTCString();
  const signature = createHmac("sha256", salt).update(timestamp).update(body).digest("hex");
  return new Request("https://shop.test/webhooks/benji", {
    method: "POST",
    headers: { "x-benji-signature": signature, "x-benji-timestamp": timestamp },
    body,
  });
}

function handlerWith(options: Partial<WebhookHandlerOptions> = {}) {
  const onError = vi.fn();
  return { handle: createWebhookHandler({ salt: SALT, on: {}, onError, ...options }), onError };
}

const statusOf = async (answer: Promise<Response>) => (await answer).status;

/** A store that several servers share. All of its methods are asynchronous. */
function sharedStore() {
  const entries = new Map<string, string>();
  const store: BenjiStore = {
    putIfAbsent: async (key, value) => {
      const before = entries.get(key);
      if (before === undefined) entries.set(key, value);
      return before ?? null;
    },
    get: async (key) => entries.get(key) ?? null,
    put: async (key, value) => void entries.set(key, value),
    delete: async (key) => void entries.delete(key),
  };
  return { store, entries };
}

describe("the functions of the option `on`", () => {
  it.each([
    ["user_partner_authentication_created", "user_partner_authentication_created", 1, "user"],
    ["user_partner_connected", "user_partner_authentication_created", 1, "user"],
    ["transaction_created", "transaction_created", 3, "transaction"],
    ["transaction_status_updated", "transaction_status_updated", 3, "transaction"],
    ["reward_transaction_updated", "transaction_status_updated", 3, "transaction"],
    ["campaign_ended", "campaign_ended", 2, "campaign"],
  ])(
    "a webhook with the event %s calls the function %s of the option on",
    async (event, today, entity, entityType) => {
      const listener = vi.fn();
      const onUnknown = vi.fn();
      const { handle } = handlerWith({ on: { [today]: listener }, onUnknown });
      const response = await handle(webhook({ event, entity }));
      expect([response.status, await response.text()]).toEqual([204, ""]);
      expect(listener).toHaveBeenCalledExactlyOnceWith(
        expect.objectContaining({ event: today, entityType, entityId: UUID }),
      );
      expect(listener.mock.calls[0]?.[0]).toHaveProperty("body.event", event);
      expect(onUnknown).not.toHaveBeenCalled();
    },
  );

  it.each(["an_event_of_next_year", "campaign_updated", "constructor", "__proto__"])(
    "onUnknown is called for the event %s, which has no function of its own",
    async (event) => {
      const onUnknown = vi.fn();
      const { handle } = handlerWith({ on: { transaction_created: vi.fn() }, onUnknown });
      expect(await statusOf(handle(webhook({ event })))).toBe(204);
      expect(onUnknown).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ event }));
      expect(await statusOf(handlerWith().handle(webhook({ event })))).toBe(204);
    },
  );

  it("the webhook handler calls Benji only in fetchUser and fetchTransaction", async () => {
    const { fetch, asked } = benjiAnswering(({ url }) =>
      url.includes("/users/")
        ? okAnswer({ user: { uuid_id: UUID, merchants: [], partner_status_tiers: [] } })
        : okAnswer({ reward_transaction: { transaction_status: 3 } }),
    );
    const fetched: unknown[] = [];
    const { handle } = handlerWith({
      apiKey: KEY,
      baseUrl: URL_OF_BENJI,
      fetch,
      on: {
        transaction_created: () => {},
        transaction_status_updated: async ({ fetchTransaction }) =>
          fetched.push((await fetchTransaction()).status),
        user_partner_authentication_created: async ({ fetchUser }) =>
          fetched.push((await fetchUser()).uuid),
      },
    });
    await handle(webhook({ event: "transaction_created" }));
    expect(asked).toEqual([]);
    await handle(webhook());
    await handle(webhook({ event: "user_partner_connected", entity: 1 }));
    expect(fetched).toEqual(["completed", UUID]);
    expect(asked.map(({ request }) => request.headers.get("x-api-key"))).toEqual([KEY, KEY]);
  });

  it.each([
    ["apiKey and client", {}, UUID, "Expected apiKey and baseUrl, or client"],
    ["a UUID as entity_id", { apiKey: KEY, baseUrl: URL_OF_BENJI }, 243, "UUID"],
    ["an entity_id", { apiKey: KEY, baseUrl: URL_OF_BENJI }, null, "UUID"],
  ])(
    "fetchTransaction without %s fails, and the webhook is answered with 500",
    async (_, options, entity_id, message) => {
      const { handle, onError } = handlerWith({
        ...options,
        on: { [EVENT]: ({ fetchTransaction }) => fetchTransaction() },
      });
      expect(await statusOf(handle(webhook({ entity_id })))).toBe(500);
      expect((onError.mock.calls[0]?.[0] as Error).message).toContain(message);
    },
  );
});

describe.each(["the memory of the process", "a shared store"])("with %s", (where) => {
  const memory = () => (where === "a shared store" ? { store: sharedStore().store } : {});

  it("a repeated webhook is answered with 204 and handled once, and again with another timestamp", async () => {
    const listener = vi.fn();
    const { handle } = handlerWith({ on: { [EVENT]: listener }, ...memory() });
    const date = new Date();
    expect(await statusOf(handle(webhook({}, { date })))).toBe(204);
    expect(await statusOf(handle(webhook({}, { date })))).toBe(204);
    expect(listener).toHaveBeenCalledTimes(1);
    await handle(webhook({}, { date: new Date(date.getTime() + 1_000) }));
    expect(listener).toHaveBeenCalledTimes(2);
  });

  it("two status webhooks with the same second and equal bytes are handled as one webhook", async () => {
    const date = new Date();
    const statuses = ["pending", "completed"];
    const listener = vi.fn(() => statuses.shift());
    const { handle } = handlerWith({ on: { transaction_status_updated: listener }, ...memory() });
    const fields = { event: "transaction_status_updated" };
    for (const _ of [1, 2]) expect(await statusOf(handle(webhook(fields, { date })))).toBe(204);
    expect(statuses).toEqual(["completed"]);
  });

  it("three copies of a webhook that arrive at the same time are handled once, and each is answered with 204", async () => {
    const date = new Date();
    const work = deferred();
    const listener = vi.fn(() => work.promise);
    const { handle } = handlerWith({ on: { [EVENT]: listener }, ...memory() });
    const answers = [1, 2, 3].map(() => statusOf(handle(webhook({}, { date }))));
    await vi.waitFor(() => expect(listener).toHaveBeenCalled());
    work.resolve();
    expect(await Promise.all(answers)).toEqual([204, 204, 204]);
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it("a webhook whose function throws is answered with 500, reported, and handled again when it is sent again", async () => {
    const date = new Date();
    const failure = new Error("the table is locked");
    const listener = vi.fn().mockRejectedValueOnce(failure).mockReturnValue(undefined);
    const { handle, onError } = handlerWith({ on: { [EVENT]: listener }, ...memory() });
    const first = await handle(webhook({}, { date }));
    expect([first.status, await first.json()]).toEqual([500, { error: "internal_error" }]);
    expect(onError.mock.calls).toEqual([[failure]]);
    expect(await statusOf(handle(webhook({}, { date })))).toBe(204);
    expect(await statusOf(handle(webhook({}, { date })))).toBe(204);
    expect(listener).toHaveBeenCalledTimes(2);
  });
});

describe("a store that servers share", () => {
  it("a second server answers 503 while the first server still handles the same webhook", async () => {
    const { store } = sharedStore();
    const date = new Date();
    const work = deferred();
    const listener = vi.fn(() => work.promise);
    const first = handlerWith({ on: { [EVENT]: listener }, store });
    const second = handlerWith({ on: { [EVENT]: listener }, store });
    const answer = first.handle(webhook({}, { date }));
    await vi.waitFor(() => expect(listener).toHaveBeenCalled());
    expect(await statusOf(second.handle(webhook({}, { date })))).toBe(503);
    work.resolve();
    expect((await answer).status).toBe(204);
    expect(await statusOf(second.handle(webhook({}, { date })))).toBe(204);
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it.each(["putIfAbsent", "put"] as const)(
    "an error of the store in %s is reported to onError",
    async (method) => {
      const down = new Error("the store is down");
      const store = { ...sharedStore().store, [method]: () => Promise.reject(down) };
      const listener = vi.fn();
      const { handle, onError } = handlerWith({ on: { [EVENT]: listener }, store });
      // If only put fails, the webhook was handled: 204, although the store could not record it.
      expect(await statusOf(handle(webhook()))).toBe(method === "put" ? 204 : 500);
      expect(listener).toHaveBeenCalledTimes(method === "put" ? 1 : 0);
      expect(onError.mock.calls).toEqual([[down]]);
    },
  );

  it("a store gets neither the salt nor the body of a webhook", async () => {
    const { store, entries } = sharedStore();
    await handlerWith({ store }).handle(webhook());
    expect(JSON.stringify([...entries])).not.toMatch(/canary|0b6f2c6e/);
  });
});

describe("invalid webhook requests", () => {
  it.each<[number, string, Request]>([
    [401, "signature_wrong", webhook({}, { salt: "other" })],
    [401, "signature_missing", new Request("https://shop.test", { method: "POST", body: "{}" })],
    [400, "date_out_of_window", webhook({}, { date: new Date(Date.now() - 3_600_000) })],
    [400, "date_out_of_window", webhook({}, { date: new Date(Date.now() + 3_600_000) })],
    [400, "body_malformed", webhook({ event: "" })],
  ])(
    "an invalid webhook is answered with HTTP %d %s, reported to onError and given to no function",
    async (status, code, request) => {
      const onUnknown = vi.fn();
      const { handle, onError } = handlerWith({ onUnknown });
      const response = await handle(request);
      expect([response.status, await response.json()]).toEqual([status, { error: code }]);
      expect(onError.mock.calls.map(([error]) => (error as BenjiWebhookError).code)).toEqual([
        code,
      ]);
      expect(onUnknown).not.toHaveBeenCalled();
    },
  );

  it("a webhook request that is not a POST is answered with 405", async () => {
    const response = await handlerWith().handle(new Request("https://shop.test/webhooks"));
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
  });

  it("an invalid webhook is answered even if onError rejects", async () => {
    const onError = () => Promise.reject(new Error("no log"));
    expect(await statusOf(handlerWith({ onError }).handle(webhook({}, { salt: "x" })))).toBe(401);
  });
});

describe("options", () => {
  it.each<[string, object, string]>([
    ["no salt", { salt: undefined }, "salt"],
    ["an empty list of salts", { salt: [] }, "salt"],
    ["no option on", { on: undefined }, "on as an object"],
    [
      "a value in on that is not a function",
      { on: { transaction_created: true } },
      "on.transaction_created",
    ],
    ["an unknown event in on", { on: { transaction_create: () => {} } }, "transaction_create"],
    [
      "the older name of an event in on",
      { on: { user_partner_connected: () => {} } },
      "on.user_partner_authentication_created",
    ],
    ["an onUnknown that is not a function", { onUnknown: 1 }, "onUnknown"],
    ["an empty apiKey", { apiKey: "", baseUrl: URL_OF_BENJI }, "apiKey"],
    ["an apiKey without a baseUrl", { apiKey: KEY }, "baseUrl"],
  ])("createWebhookHandler throws with %s", (_, options, message) => {
    expect(() => handlerWith(options)).toThrow(message);
  });

  it("createWebhookHandler accepts a list of salts (F48)", async () => {
    const { handle } = handlerWith({ salt: ["other", SALT] });
    expect(await statusOf(handle(webhook()))).toBe(204);
  });
});
