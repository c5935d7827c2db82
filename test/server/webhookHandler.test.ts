import { createHmac } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import {
  type BenjiStore,
  type BenjiWebhookError,
  createWebhookHandler,
  type WebhookHandlerOptions,
} from "../../src/server/index.js";
import { benjiAnswering, KEY, okAnswer, URL_OF_BENJI } from "./benji.js";

const SALT = "salt_canary_9a";
const UUID = "0b6f2c6e-2f4b-4a53-9f0e-6f3b1c9a7d10";
const EVENT = "transaction_status_updated";

/** Signed by Node's own HMAC, which shares nothing with the library. */
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

/** Work that ends when it is told to. */
function gate() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve: () => resolve() };
}

/** A store that several servers share, whose every step takes a turn. */
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

describe("the partner's function", () => {
  it.each([
    ["user_partner_authentication_created", "user_partner_authentication_created", 1, "user"],
    ["user_partner_connected", "user_partner_authentication_created", 1, "user"],
    ["transaction_created", "transaction_created", 3, "transaction"],
    ["transaction_status_updated", "transaction_status_updated", 3, "transaction"],
    ["reward_transaction_updated", "transaction_status_updated", 3, "transaction"],
    ["campaign_ended", "campaign_ended", 2, "campaign"],
  ])("for %s is called as %s", async (event, today, entity, entityType) => {
    const hear = vi.fn();
    const onUnknown = vi.fn();
    const { handle } = handlerWith({ on: { [today]: hear }, onUnknown });
    const response = await handle(webhook({ event, entity }));
    expect([response.status, await response.text()]).toEqual([204, ""]);
    expect(hear).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ event: today, entityType, entityId: UUID }),
    );
    expect(hear.mock.calls[0]?.[0]).toHaveProperty("body.event", event);
    expect(onUnknown).not.toHaveBeenCalled();
  });

  it.each(["an_event_of_next_year", "campaign_updated", "constructor", "__proto__"])(
    "onUnknown hears %s, which has no function of its own",
    async (event) => {
      const onUnknown = vi.fn();
      const { handle } = handlerWith({ on: { transaction_created: vi.fn() }, onUnknown });
      expect(await statusOf(handle(webhook({ event })))).toBe(204);
      expect(onUnknown).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ event }));
      expect(await statusOf(handlerWith().handle(webhook({ event })))).toBe(204);
    },
  );

  it("asks Benji only when it calls fetchUser or fetchTransaction", async () => {
    const { fetch, asked } = benjiAnswering(({ url }) =>
      url.includes("/users/")
        ? okAnswer({ user: { uuid_id: UUID, merchants: [], partner_status_tiers: [] } })
        : okAnswer({ reward_transaction: { transaction_status: 3 } }),
    );
    const heard: unknown[] = [];
    const { handle } = handlerWith({
      apiKey: KEY,
      baseUrl: URL_OF_BENJI,
      fetch,
      on: {
        transaction_created: () => {},
        transaction_status_updated: async ({ fetchTransaction }) =>
          heard.push((await fetchTransaction()).status),
        user_partner_authentication_created: async ({ fetchUser }) =>
          heard.push((await fetchUser()).uuid),
      },
    });
    await handle(webhook({ event: "transaction_created" }));
    expect(asked).toEqual([]);
    await handle(webhook());
    await handle(webhook({ event: "user_partner_connected", entity: 1 }));
    expect(heard).toEqual(["completed", UUID]);
    expect(asked.map(({ request }) => request.headers.get("x-api-key"))).toEqual([KEY, KEY]);
  });

  it.each([
    ["a client", {}, UUID, "Expected apiKey and baseUrl, or client"],
    ["a UUID", { apiKey: KEY, baseUrl: URL_OF_BENJI }, 243, "UUID"],
    ["an id", { apiKey: KEY, baseUrl: URL_OF_BENJI }, null, "UUID"],
  ])("cannot ask Benji without %s, and the answer is 500", async (_, options, entity_id, said) => {
    const { handle, onError } = handlerWith({
      ...options,
      on: { [EVENT]: ({ fetchTransaction }) => fetchTransaction() },
    });
    expect(await statusOf(handle(webhook({ entity_id })))).toBe(500);
    expect((onError.mock.calls[0]?.[0] as Error).message).toContain(said);
  });
});

describe.each(["the memory of the process", "a shared store"])("with %s", (where) => {
  const memory = () => (where === "a shared store" ? { store: sharedStore().store } : {});

  it("a repeated webhook is answered 204 and handled once; one with another timestamp is another", async () => {
    const hear = vi.fn();
    const { handle } = handlerWith({ on: { [EVENT]: hear }, ...memory() });
    const date = new Date();
    expect(await statusOf(handle(webhook({}, { date })))).toBe(204);
    expect(await statusOf(handle(webhook({}, { date })))).toBe(204);
    expect(hear).toHaveBeenCalledTimes(1);
    await handle(webhook({}, { date: new Date(date.getTime() + 1_000) }));
    expect(hear).toHaveBeenCalledTimes(2);
  });

  it("two status webhooks of one second, equal in every byte, are taken for one: ask for the state, not the step", async () => {
    const date = new Date();
    const statuses = ["pending", "completed"];
    const hear = vi.fn(() => statuses.shift());
    const { handle } = handlerWith({ on: { transaction_status_updated: hear }, ...memory() });
    const said = { event: "transaction_status_updated" };
    for (const _ of [1, 2]) expect(await statusOf(handle(webhook(said, { date })))).toBe(204);
    expect(statuses).toEqual(["completed"]);
  });

  it("two at once are handled once, and both hear how it went", async () => {
    const date = new Date();
    const work = gate();
    const hear = vi.fn(() => work.promise);
    const { handle } = handlerWith({ on: { [EVENT]: hear }, ...memory() });
    const answers = [1, 2, 3].map(() => statusOf(handle(webhook({}, { date }))));
    await vi.waitFor(() => expect(hear).toHaveBeenCalled());
    work.resolve();
    expect(await Promise.all(answers)).toEqual([204, 204, 204]);
    expect(hear).toHaveBeenCalledTimes(1);
  });

  it("a failed one is answered 500, told to onError, and handled again by a resend", async () => {
    const date = new Date();
    const failure = new Error("the table is locked");
    const hear = vi.fn().mockRejectedValueOnce(failure).mockReturnValue(undefined);
    const { handle, onError } = handlerWith({ on: { [EVENT]: hear }, ...memory() });
    const first = await handle(webhook({}, { date }));
    expect([first.status, await first.json()]).toEqual([500, { error: "internal_error" }]);
    expect(onError.mock.calls).toEqual([[failure]]);
    expect(await statusOf(handle(webhook({}, { date })))).toBe(204);
    expect(await statusOf(handle(webhook({}, { date })))).toBe(204);
    expect(hear).toHaveBeenCalledTimes(2);
  });
});

describe("a store that servers share", () => {
  it("keeps a second server from handling what the first one is handling, and invites a resend", async () => {
    const { store } = sharedStore();
    const date = new Date();
    const work = gate();
    const hear = vi.fn(() => work.promise);
    const first = handlerWith({ on: { [EVENT]: hear }, store });
    const second = handlerWith({ on: { [EVENT]: hear }, store });
    const answer = first.handle(webhook({}, { date }));
    await vi.waitFor(() => expect(hear).toHaveBeenCalled());
    expect(await statusOf(second.handle(webhook({}, { date })))).toBe(503);
    work.resolve();
    expect((await answer).status).toBe(204);
    expect(await statusOf(second.handle(webhook({}, { date })))).toBe(204);
    expect(hear).toHaveBeenCalledTimes(1);
  });

  it.each(["putIfAbsent", "put"] as const)(
    "that fails in %s is told to onError",
    async (method) => {
      const down = new Error("the store is down");
      const store = { ...sharedStore().store, [method]: () => Promise.reject(down) };
      const hear = vi.fn();
      const { handle, onError } = handlerWith({ on: { [EVENT]: hear }, store });
      // What was handled stays handled, although it could not be noted.
      expect(await statusOf(handle(webhook()))).toBe(method === "put" ? 204 : 500);
      expect(hear).toHaveBeenCalledTimes(method === "put" ? 1 : 0);
      expect(onError.mock.calls).toEqual([[down]]);
    },
  );

  it("is given neither salt nor body", async () => {
    const { store, entries } = sharedStore();
    await handlerWith({ store }).handle(webhook());
    expect(JSON.stringify([...entries])).not.toMatch(/canary|0b6f2c6e/);
  });
});

describe("what is not Benji's", () => {
  it.each<[number, string, Request]>([
    [401, "signature_wrong", webhook({}, { salt: "other" })],
    [401, "signature_missing", new Request("https://shop.test", { method: "POST", body: "{}" })],
    [400, "date_out_of_window", webhook({}, { date: new Date(Date.now() - 3_600_000) })],
    [400, "date_out_of_window", webhook({}, { date: new Date(Date.now() + 3_600_000) })],
    [400, "body_malformed", webhook({ event: "" })],
  ])("is answered %d %s, told to onError, and nothing is called", async (status, code, request) => {
    const onUnknown = vi.fn();
    const { handle, onError } = handlerWith({ onUnknown });
    const response = await handle(request);
    expect([response.status, await response.json()]).toEqual([status, { error: code }]);
    expect(onError.mock.calls.map(([error]) => (error as BenjiWebhookError).code)).toEqual([code]);
    expect(onUnknown).not.toHaveBeenCalled();
  });

  it("is answered 405 where it is no POST", async () => {
    const response = await handlerWith().handle(new Request("https://shop.test/webhooks"));
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
  });

  it("is answered even where onError fails", async () => {
    const onError = () => Promise.reject(new Error("no log"));
    expect(await statusOf(handlerWith({ onError }).handle(webhook({}, { salt: "x" })))).toBe(401);
  });
});

describe("options", () => {
  it.each<[string, object, string]>([
    ["no salt", { salt: undefined }, "salt"],
    ["an empty list of salts", { salt: [] }, "salt"],
    ["no functions", { on: undefined }, "on as an object"],
    ["a function that is none", { on: { transaction_created: true } }, "on.transaction_created"],
    ["an event that is none", { on: { transaction_create: () => {} } }, "transaction_create"],
    [
      "an older name",
      { on: { user_partner_connected: () => {} } },
      "on.user_partner_authentication_created",
    ],
    ["an onUnknown that is none", { onUnknown: 1 }, "onUnknown"],
    ["an empty key", { apiKey: "", baseUrl: URL_OF_BENJI }, "apiKey"],
    ["a key without an address", { apiKey: KEY }, "baseUrl"],
  ])("are refused at once with %s", (_, options, said) => {
    expect(() => handlerWith(options)).toThrow(said);
  });

  it("take several salts (F48)", async () => {
    const { handle } = handlerWith({ salt: ["other", SALT] });
    expect(await statusOf(handle(webhook()))).toBe(204);
  });
});
