import { afterEach, describe, expect, it, vi } from "vitest";
import {
  askBenjiAboutMember,
  askBenjiAboutTransaction,
  confirmWithBenji,
  createBenjiClient,
  createConfirmHandler,
  createConnectTokenHandler,
  createMemoryStore,
  createRedisStore,
  createSqlStore,
  createTestWebhook,
  createWebhookHandler,
  verifyWebhook,
} from "../../src/server/index.js";
import { benjiAnswering, CONNECT_URL, KEY, okAnswer, TOKEN, URL_OF_BENJI } from "./benji.js";
import { CLAIM, STATE, visit } from "./shop.js";

const UUID = "3f0c7c5e-9b1d-4e6a-8f2b-0a58a9feac02";
const client = createBenjiClient({ apiKey: KEY, baseUrl: URL_OF_BENJI });
const store = createMemoryStore();
const asked = { client, store, partnershipUuid: UUID };
const route = { apiKey: KEY, getUser: () => ({ id: "ada" }) };
const api = { apiKey: KEY, baseUrl: URL_OF_BENJI };
const createRequest = () => ({ partnershipId: 49, mode: "connect" });

/** Every function with options, and valid options for it. */
const FACTORIES = {
  createBenjiClient: [createBenjiClient, api],
  createConnectTokenHandler: [createConnectTokenHandler, { ...route, ...api, createRequest }],
  createConfirmHandler: [createConfirmHandler, { ...route, isConfirmed: () => true }],
  createWebhookHandler: [createWebhookHandler, { salt: "salt", on: {} }],
  verifyWebhook: [
    (options: object) => verifyWebhook(new Request("https://a.test"), options as never),
    { salt: "salt" },
  ],
  confirmWithBenji: [confirmWithBenji, asked],
  askBenjiAboutMember: [askBenjiAboutMember, asked],
  askBenjiAboutTransaction: [askBenjiAboutTransaction, asked],
  createMemoryStore: [createMemoryStore, {}],
  createTestWebhook: [
    (options: object) => createTestWebhook({ event: "user_linked" }, options as never),
    { salt: "salt" },
  ],
  createSqlStore: [(options: object) => createSqlStore({ query: vi.fn() }, options), {}],
} as const;

type Factory = keyof typeof FACTORIES;

/** The code and message of the error that wrong options cause, or "nothing". */
async function errorTextOf(name: Factory, wrong: unknown) {
  const [make, options] = FACTORIES[name];
  const given = typeof wrong === "object" && wrong ? { ...options, ...wrong } : wrong;
  try {
    await (make as (options: unknown) => unknown)(given);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return `${code}: ${message}`;
  }
  return "nothing";
}

const pollute = (name: string, value: unknown) =>
  Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true });
const polluted: string[] = [];
const inherit = (fields: Record<string, unknown>) => {
  for (const [name, value] of Object.entries(fields)) {
    pollute(name, value);
    polluted.push(name);
  }
};
afterEach(() => {
  for (const name of polluted.splice(0)) Reflect.deleteProperty(Object.prototype, name);
});

describe("options (T29)", () => {
  it.each(Object.keys(FACTORIES) as Factory[])(
    "%s refuses options that are not an object",
    async (name) => {
      for (const [wrong, came] of [
        ["text", "text"],
        [7, "a number"],
        [null, "null"],
      ] as const) {
        expect(await errorTextOf(name, wrong)).toMatch(
          new RegExp(`^invalid_request: Expected .* as an object; got ${came}\\.`),
        );
      }
    },
  );

  it.each<[Factory, Record<string, unknown>, RegExp]>([
    ["createBenjiClient", { fetch: "node-fetch" }, /Expected fetch as a function.* got text/],
    ["createBenjiClient", { timeoutMs: "1000" }, /Expected timeoutMs .*got text/],
    ["createBenjiClient", { timeoutMs: [5] }, /Expected timeoutMs .*got a list/],
    ["createBenjiClient", { timeoutMs: true }, /Expected timeoutMs .*got a boolean/],
    ["createBenjiClient", { timeoutMs: null }, /Expected timeoutMs .*got null/],
    ["createBenjiClient", { apiKey: 7 }, /Expected apiKey.*got a number/],
    ["createBenjiClient", { apiKey: [KEY] }, /Expected apiKey.*got a list/],
    ["createBenjiClient", { baseUrl: new URL(URL_OF_BENJI) }, /Expected baseUrl.*got an object/],
    ["createBenjiClient", { baseUrl: [URL_OF_BENJI] }, /Expected baseUrl.*got a list/],
    [
      "createBenjiClient",
      { dangerouslyAllowBrowser: "false" },
      /Expected dangerouslyAllowBrowser as true or false.* got text/,
    ],
    ["createBenjiClient", { accessToken: 7 }, /Expected accessToken.*got a number/],
    ["createBenjiClient", { accessToken: "with space" }, /Expected accessToken/],
    ["createBenjiClient", { authBaseUrl: ["a"] }, /Expected authBaseUrl.*got a list/],
    ["createBenjiClient", { authBaseUrl: "http://auth.test" }, /Expected authBaseUrl with https/],
    // A server's resolver may resolve this name to another machine.
    ["createBenjiClient", { authBaseUrl: "http://auth.localhost" }, /Expected authBaseUrl with/],
    ["createConnectTokenHandler", { getUser: "ada" }, /Expected getUser.*got text/],
    ["createConnectTokenHandler", { getUser: undefined }, /Expected getUser.*got nothing/],
    ["createConnectTokenHandler", { createRequest: {} }, /Expected createRequest.*got an object/],
    ["createConnectTokenHandler", { isRateLimited: 60 }, /Expected isRateLimited.*got a number/],
    ["createConnectTokenHandler", { onError: "log" }, /Expected onError.*got text/],
    ["createConnectTokenHandler", { userId: "id" }, /Expected userId.*got text/],
    ["createConnectTokenHandler", { lifetimeMs: "60000" }, /Expected lifetimeMs.*got text/],
    ["createConnectTokenHandler", { bodyTimeoutMs: [5] }, /Expected bodyTimeoutMs.*got a list/],
    [
      "createConnectTokenHandler",
      { allowedOrigins: "https://a.test" },
      /Expected allowedOrigins as a list.*got text/,
    ],
    ["createConnectTokenHandler", { publicOrigin: 7 }, /Expected publicOrigin.*got a number/],
    ["createConfirmHandler", { isConfirmed: true }, /Expected isConfirmed.*got a boolean/],
    ["createConfirmHandler", { timeoutMs: "8000" }, /Expected timeoutMs.*got text/],
    ["createConfirmHandler", { stateSecret: 7 }, /Expected stateSecret.*got a number/],
    ["createConfirmHandler", { store: {} }, /Expected store with putIfAbsent.*got an object/],
    ["createConfirmHandler", { store: new Map() }, /Expected store with putIfAbsent/],
    ["createWebhookHandler", { on: [] }, /Expected on as an object.*got a list/],
    ["createWebhookHandler", { onUnknown: "all" }, /Expected onUnknown as a function.*got text/],
    ["createWebhookHandler", { onError: {} }, /Expected onError as a function.*got an object/],
    ["createWebhookHandler", { store: { get: vi.fn() } }, /Expected store with .*putIfAbsent/],
    ["createWebhookHandler", { client: {} }, /Expected client with .*getUser/],
    ["createWebhookHandler", { toleranceMs: "300000" }, /Expected toleranceMs.*got text/],
    ["createWebhookHandler", { salt: 7 }, /Expected salt.*got a number/],
    ["createWebhookHandler", { salt: {} }, /Expected salt.*got an object/],
    ["createWebhookHandler", { now: 7 }, /Expected now as a function.*got a number/],
    ["verifyWebhook", { seen: new Set() }, /Expected seen as a function.*got an object/],
    ["verifyWebhook", { bodyTimeoutMs: true }, /Expected bodyTimeoutMs.*got a boolean/],
    ["verifyWebhook", { signed: ["body"] }, /Expected signed.*got a list/],
    ["confirmWithBenji", { client: {} }, /Expected client with getUser.*got an object/],
    ["confirmWithBenji", { store: undefined }, /Expected store with .*got nothing/],
    ["confirmWithBenji", { acceptsPending: "false" }, /Expected acceptsPending.*got text/],
    ["confirmWithBenji", { partnershipUuid: 49 }, /Expected partnershipUuid.*got a number/],
    ["askBenjiAboutTransaction", { clockSkewMs: "300" }, /Expected clockSkewMs.*got text/],
    ["askBenjiAboutMember", { userExternalId: "id" }, /Expected userExternalId.*got text/],
    [
      "askBenjiAboutMember",
      { undocumentedUserExternalIdIn: ["merchants"] },
      /Expected undocumentedUserExternalIdIn.*got a list/,
    ],
    ["createMemoryStore", { now: 7 }, /Expected now as a function.*got a number/],
    ["createSqlStore", { table: ["benji_store"] }, /Expected table.*got a list/],
    ["createTestWebhook", { salt: ["a"] }, /Expected salt.*got a list/],
    ["createTestWebhook", { date: "today" }, /Expected date.*got text/],
    ["createTestWebhook", { date: new Date(NaN) }, /Expected date as a valid Date/],
    ["createTestWebhook", { encoding: "hexadecimal" }, /Expected encoding.*got text/],
    ["createTestWebhook", { signed: "all" }, /Expected signed.*got text/],
    ["createTestWebhook", { url: "/webhooks" }, /Expected url.*got text/],
  ])(
    "%s refuses the options %o, and the message names the wrong option and the type that came",
    async (name, wrong, message) => {
      const text = await errorTextOf(name, wrong);
      expect(text).toMatch(/^invalid_request: /);
      expect(text).toMatch(message);
      expect(text).not.toContain(KEY);
    },
  );

  it.each([
    ["createSqlStore", createSqlStore],
    ["createRedisStore", createRedisStore],
  ] as const)("%s refuses a client that is none of the documented ones", (_, createStore) => {
    for (const [wrong, came] of [
      [undefined, "nothing"],
      ["redis://localhost", "text"],
      [{ connect: vi.fn(), call: true }, "an object"],
    ] as const)
      expect(() => createStore(wrong as never)).toThrow(new RegExp(`^Expected .*; got ${came}\\.`));
  });

  it("a URL, a key or a permission that options inherit from a prototype is ignored", () => {
    inherit({ apiKey: KEY, baseUrl: "https://evil.test", getUser: () => "eve" });
    inherit({
      isConfirmed: () => true,
      createRequest,
      salt: "eve",
      on: {},
      dangerouslyAllowBrowser: true,
    });
    expect(() => createBenjiClient({} as never)).toThrow(/apiKey/);
    expect(() => createConnectTokenHandler({ ...api, createRequest } as never)).toThrow(/getUser/);
    expect(() => createConfirmHandler({ ...route } as never)).toThrow(/isConfirmed/);
    expect(() => createWebhookHandler({ on: {} } as never)).toThrow(/salt/);
    vi.stubGlobal("document", {});
    expect(() => createBenjiClient(api)).toThrow(/browser/);
    vi.unstubAllGlobals();
  });

  it("options inherited from a prototype cannot send the token to another host", async () => {
    const { fetch, asked } = benjiAnswering(() =>
      okAnswer({ token: TOKEN, connect_url: "https://evil.test/49" }),
    );
    const benji = createBenjiClient({ ...api, fetch });
    inherit({ trustedHosts: ["evil.test"], hostedConnectUrl: "https://evil.test" });
    inherit({ fetch: () => Response.json({}), userExternalId: "victim", displayName: "Eve" });
    inherit({ actions: [{ mode: 4, amount: 9, allowsEditing: true }], customAttributes: { a: 1 } });
    const link = benji.createConnectUrl({ partnershipId: 49, mode: "connect" }, {});
    await expect(link).rejects.toMatchObject({ code: "connect_url_untrusted" });
    expect(asked.map(({ body }) => body)).toEqual([{ partnership_id: 49, mode: 1 }]);
  });

  it("options inherited from a prototype cannot allow another origin or confirm a return", async () => {
    inherit({ allowedOrigins: ["https://evil.test"], publicOrigin: "https://evil.test" });
    inherit({ dangerouslyConfirmReturnsWithoutState: { withoutState: () => true } });
    inherit({
      userId: () => "everybody",
      userExternalId: "victim",
      signed: "body",
      seen: () => false,
    });
    const browser = visit();
    await browser.start();
    await browser.ask();
    const flow = browser.isConfirmed.mock.calls[0]?.[0].flow;
    expect(await flow?.isUserExternalId("victim")).toBe(false);
    browser.session.user = { id: "bob" };
    expect((await browser.ask())[0]).toBe(403);
    expect((await browser.ask({ status: "success" }))[0]).toBe(400);
    const old = await createTestWebhook({ event: "e" }, { salt: "salt", signed: "body" });
    await expect(verifyWebhook(old, { salt: "salt" })).rejects.toMatchObject({
      code: "date_missing",
    });
  });

  it("a change of the options object after createConnectTokenHandler has no effect", async () => {
    const options = { ...route, ...api, fetch: benjiAnswering().fetch, createRequest };
    const handle = createConnectTokenHandler(options as never);
    Object.assign(options, { createRequest: () => ({}), getUser: () => null });
    const headers = { "content-type": "application/json", "sec-fetch-site": "same-origin" };
    const request = new Request("https://shop.test", { method: "POST", headers, body: "{}" });
    expect((await handle(request)).status).toBe(200);
  });
});

describe("the input of createConnectToken", () => {
  const action = { mode: "transfer", amount: 1_000, allowsEditing: false };
  const input = { partnershipId: 49, mode: "transfer", actions: [action] };

  it.each<[string, object, RegExp]>([
    ["an amount as a string", { actions: [{ ...action, amount: "1000" }] }, /amount.*got text/],
    [
      "an amount as a string with an exponent",
      { actions: [{ ...action, amount: "1e3" }] },
      /amount.*got text/,
    ],
    ["an amount of true", { actions: [{ ...action, amount: true }] }, /amount.*got a boolean/],
    ["an amount in a list", { actions: [{ ...action, amount: [5] }] }, /amount.*got a list/],
    ["an amount of NaN", { actions: [{ ...action, amount: NaN }] }, /amount.*got NaN/],
    ["no amount", { actions: [{ ...action, amount: undefined }] }, /amount.*got nothing/],
    [
      "an amount as a Number object",
      { actions: [{ ...action, amount: Object(5) }] },
      /amount.*got an object/,
    ],
    ["a mode in a list", { mode: ["transfer"] }, /mode.*got a list/],
    ["a mode as a string of digits", { mode: "3" }, /mode.*got text/],
    ["a mode that is true", { mode: true }, /mode.*got a boolean/],
    ["an action's mode in a list", { actions: [{ ...action, mode: [3] }] }, /mode.*got a list/],
    ["an object as user", { userExternalId: { id: 1 } }, /userExternalId.*got an object/],
    ["a number as user", { userExternalId: 7 }, /userExternalId.*got a number/],
    ["a list as user", { userExternalId: ["ada"] }, /userExternalId.*got a list/],
    ["null as user", { userExternalId: null }, /userExternalId.*got null/],
    ["an empty user", { userExternalId: " " }, /userExternalId.*got empty text/],
    ["a list as partnership", { partnershipId: [49] }, /partnershipId.*got a list/],
    ["an object as actions", { actions: action }, /actions as a list; got an object/],
    ["a string as an action", { actions: ["transfer"] }, /actions\[0\] as an object; got text/],
    [
      "allowsEditing as a string",
      { actions: [{ ...action, allowsEditing: "false" }] },
      /Editing.*got text/,
    ],
    ["a list as attributes", { customAttributes: [] }, /customAttributes.*got a list/],
    ["a promise as user", { userExternalId: Promise.resolve("ada") }, /got a promise/],
  ])(
    "createConnectToken refuses an input with %s before a request, and the message names the type that came",
    async (_, wrong, message) => {
      const { fetch, asked } = benjiAnswering();
      const ask = createBenjiClient({ ...api, fetch }).createConnectToken({
        ...input,
        ...wrong,
      } as never);
      await expect(ask).rejects.toMatchObject({
        code: "invalid_request",
        message: expect.stringMatching(message) as string,
      });
      expect(asked).toEqual([]);
    },
  );

  it("inherited fields of the value of createRequest are neither sent to Benji nor stored in the cookie", async () => {
    const inherited = Object.create({ userExternalId: "victim", actions: [action] }) as object;
    const own = Object.assign(inherited, { partnershipId: 49, mode: "connect" });
    const browser = visit({}, { createRequest: () => own as never });
    await browser.start(STATE);
    await browser.ask(CLAIM);
    const flow = browser.isConfirmed.mock.calls[0]?.[0].flow;
    expect([flow?.actions, await flow?.isUserExternalId("victim")]).toEqual([undefined, false]);
    expect(browser.asked[0]?.body).toEqual({ partnership_id: 49, mode: 1 });
  });

  it("createConnectToken accepts the valid input that the tests of invalid inputs change", async () => {
    const { fetch } = benjiAnswering();
    const token = await createBenjiClient({ ...api, fetch }).createConnectToken(input as never);
    expect(token).toEqual({ token: TOKEN, connectUrl: CONNECT_URL });
  });
});
