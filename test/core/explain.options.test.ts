import { readFileSync } from "node:fs";
import { startedFlow } from "react-benji-connect/testing";
import { describe, expect, it, vi } from "vitest";
import { READER_TYPES, START_TYPES } from "../../src/core/checkOptions.js";
import { CALLBACK, CONNECT_URL, createTab, returnUrl, token } from "./createTab.js";
import { expectMessage, flowWith, said, SECRET } from "./explainConsole.js";

const cyclic: Record<string, unknown> = {};
cyclic["self"] = cyclic;
const answersLater = { ...createTab().storage, getItem: () => Promise.resolve(null), length: 0 };

const WRONG_OPTIONS: [name: string, options: object, says: RegExp][] = [
  ["a mode in another case", { mode: "Transfer" }, /^.*mode: .*mode="transfer"/],
  ["a mode as a digit in text", { mode: "3" }, /mode="transfer"/],
  ["mode 2", { mode: 2 }, /no mode 2/],
  ["an unknown mode", { mode: "donate" }, /"connect", "transfer", "redeem"/],
  ["an amount as text", { mode: "transfer", amount: "100" }, /got text.*amount=\{1000\}/],
  ["an amount that is NaN", { mode: "transfer", amount: NaN }, /amount.*NaN/],
  ["an amount of zero", { mode: "transfer", amount: 0 }, /got zero/],
  ["a negative amount", { mode: "transfer", amount: -5 }, /a negative number/],
  ["an amount in mode connect", { mode: "connect", amount: 5 }, /has no use for it/],
  ["a function in appState", { appState: { done: () => {} } }, /a function in it.*lost/],
  ["a Map in appState", { appState: { cart: new Map() } }, /a Map or Set/],
  ["a cycle in appState", { appState: cyclic }, /contains itself/],
  ["too large an appState", { appState: "x".repeat(5_000) }, /4,096 characters/],
  ["a storage by its JavaScript name", { storage: "localStorage" }, /storage="local"/],
  ["an unknown storage", { storage: "cookie" }, /another word/],
  ["a storage that is null", { storage: null }, /got null/],
  ["a storage object without setItem", { storage: { getItem() {} } }, /without setItem.*length/],
  ["an asynchronous storage", { storage: answersLater }, /answers a promise/],
  ["a path that is a full URL", { path: CALLBACK }, /a full URL/],
  ["a path without a slash", { path: "benji/callback" }, /leading slash/],
  ["a path with a query", { path: "/callback?x=1" }, /a query/],
  ["a path with a hash", { path: "/#/callback" }, /a hash/],
  ["a path with a parameter", { path: "/:locale/callback" }, /match: \(url\)/],
  ["a path with a wildcard", { path: "/benji/*" }, /a pattern/],
  ["a path that is a RegExp", { path: /callback/ }, /a pattern/],
  ["a match that is a RegExp", { match: /callback/ }, /a RegExp object/],
  ["trustedHosts as text", { trustedHosts: "pay.shop.example" }, /got text.*into a list/],
  ["a trusted host with a scheme", { trustedHosts: ["https://pay.shop.example"] }, /a scheme/],
  ["a trusted host with a wildcard", { trustedHosts: ["*.shop.example"] }, /wildcard/],
  ["a trusted host with a path", { trustedHosts: ["shop.example/pay"] }, /a slash/],
  ["a trusted host in capitals", { trustedHosts: ["Shop.example"] }, /URL\.host/],
  [
    "a hostedConnectUrl over http",
    { hostedConnectUrl: "http://connect.withbenji.com/x" },
    /one that is http/,
  ],
  ["a hostedConnectUrl without a scheme", { hostedConnectUrl: "connect.withbenji.com" }, /https/],
  ["a URL object as url", { url: new URL(CALLBACK) }, /url: expected.*its href/],
  ["a number as url", { url: 7 }, /url: expected.*got a number/],
  ["a URL object as hostedConnectUrl", { hostedConnectUrl: new URL(CONNECT_URL) }, /its href/],
  ["an API key as an option", { apiKey: SECRET }, /no secret in the browser/],
  ["a webhook's secret as an option", { webhookSecret: SECRET }, /no secret in the browser/],
  ["a token as an option", { connectToken: SECRET }, /fetchConnectToken/],
  ["a Redirect URL as an option", { redirectUrl: CALLBACK }, /set in Pilot/],
  ["a callback named onSuccess", { onSuccess: () => {} }, /useBenjiRedirectResult/],
  ["returnto instead of returnTo", { returnto: "/" }, /Did you mean returnTo\?/],
  [
    "fetchConectToken instead of fetchConnectToken",
    { fetchConectToken: token },
    /Did you mean fetchConnectToken\?/,
  ],
  [
    "getToken, an option of another library",
    { getToken: token },
    /Did you mean fetchConnectToken\?/,
  ],
  ["a promise as fetchConnectToken", { fetchConnectToken: Promise.resolve() }, /got a promise/],
  [
    "an address of Benji's API as fetchConnectToken",
    { fetchConnectToken: "https://api.withbenji.com/auth" },
    /own server/,
  ],
  ["empty text as fetchConnectToken", { fetchConnectToken: "" }, /empty text/],
  ["a confirm URL that begins with undefined", { confirm: "undefined/api/confirm" }, /variable/],
  ["a promise as confirm", { confirm: Promise.resolve(true) }, /confirm.*got a promise/],
  ["a user object as userKey", { userKey: { id: "ada" } }, /the user's id/],
  ["a lifetimeMs in seconds", { lifetimeMs: 3_600 }, /seconds\?/],
  ["a tokenTimeoutMs as text", { tokenTimeoutMs: "15000" }, /tokenTimeoutMs.*got text/],
  ["a tokenTimeoutMs in seconds", { tokenTimeoutMs: 15 }, /seconds\?/],
  [
    "a userExternalId as a number",
    { userExternalId: 7, fetchConnectToken: undefined },
    /got a number/,
  ],
  ["a userExternalId beside fetchConnectToken", { userExternalId: "ada" }, /never sent/],
  ["an unknown value of prefetch", { prefetch: "hover" }, /prefetch="intent"/],
  ["a showError as text", { showError: "false" }, /showError.*true or false/],
  ["a preview as text", { preview: "1" }, /true or false/],
  ["a router object as replaceUrl", { replaceUrl: {} }, /replaceUrl.*router's own/],
  ["text as requestInit", { requestInit: "x" }, /requestInit/],
];

describe("a wrong option is explained when it is given", () => {
  it.each(WRONG_OPTIONS)("the console explains this wrong option: %s", (_, options, says) => {
    flowWith(options);
    expectMessage(says);
  });

  it("a wrong option that is given three times is explained on the console once", () => {
    for (let time = 0; time < 3; time++) flowWith({ mode: "Transfer" });
    expect(said).toHaveLength(1);
  });

  it("in production the console explains no wrong option", () => {
    vi.stubEnv("NODE_ENV", "production");
    flowWith({ mode: "Transfer", apiKey: SECRET });
    expect(said).toEqual([]);
  });

  it("if `process` is not defined, a wrong option is not explained and nothing throws", () => {
    vi.stubGlobal("process", undefined);
    try {
      flowWith({ mode: "Transfer" });
    } finally {
      vi.unstubAllGlobals();
    }
    expect(said).toEqual([]);
  });
});

it("the table of options in docs/errors.md names every option", () => {
  const [, table = ""] =
    /^### `invalid_request`\n[^]*?\n(\| Option[^]*?)\n\n/m.exec(
      readFileSync("docs/errors.md", "utf8"),
    ) ?? [];
  const options = [START_TYPES, READER_TYPES].flatMap((types) => Object.keys(types));
  for (const name of [...options, "appState", "storage", "navigate", "onError", "onEvent"])
    expect(table).toContain(name.startsWith("dangerously") ? "`dangerously…`" : `\`${name}\``);
});

describe("a correct option logs nothing", () => {
  it.each<[name: string, options: object]>([
    ["mode: redeem", { mode: "redeem" }],
    ["mode: 4", { mode: 4 }],
    ["amount: 100 without a mode", { amount: 100 }],
    ["JSON as appState", { appState: { cart: [1, "two", null], when: new Date(0) } }],
    ["appState: undefined", { appState: undefined }],
    ["storage: local", { storage: "local" }],
    ["url: a full address", { url: CALLBACK }],
    ["path: /Benji/callback/", { path: "/Benji/callback/" }],
    ["a path with an escape and a colon inside", { path: "/caf%C3%A9/a:b" }],
    ["path: empty text", { path: "" }],
    ["match: a function", { match: () => true }],
    [
      "trustedHosts as URL.host writes them",
      { trustedHosts: ["pay.shop.example", "localhost:5173"] },
    ],
    [
      "trustedHosts with a port and with punycode",
      { trustedHosts: ["a.example:8443", "xn--mnchen-3ya.de"] },
    ],
    ["an http hostedConnectUrl on localhost", { hostedConnectUrl: "http://localhost:4001/x" }],
    [
      "an http hostedConnectUrl with dangerouslyAllowHttpInDevelopment",
      {
        hostedConnectUrl: "http://192.168.0.7/x",
        dangerouslyAllowHttpInDevelopment: true,
      },
    ],
    ["an empty hostedConnectUrl beside fetchConnectToken", { hostedConnectUrl: "" }],
    [
      "the paths of the routes as fetchConnectToken and confirm",
      { fetchConnectToken: "/api/benji/connect-token", confirm: "/api/c" },
    ],
    [
      "the URL of a route on another host as fetchConnectToken",
      { fetchConnectToken: "https://api.shop.example/benji" },
    ],
    ["userKey: null", { userKey: null }],
    ["userKey: undefined", { userKey: undefined }],
    ["userKey: 7", { userKey: 7 }],
    ["lifetimeMs: one day", { lifetimeMs: 86_400_000 }],
    ["waitMs: 0", { waitMs: 0 }],
    ["prefetch: intent and showError: false", { prefetch: "intent", showError: false }],
    ["tokenTimeoutMs: Infinity", { tokenTimeoutMs: Infinity }],
    [
      "requestInit: an async function",
      { requestInit: async () => ({ headers: { authorization: "Bearer x" } }) },
    ],
    [
      "unknown options with names of the app's own",
      { analyticsId: "x", theme: "dark", url: undefined },
    ],
    ["apiKey: undefined", { apiKey: undefined }],
  ])("the console stays empty for this correct option: %s", (_, options) => {
    flowWith(options);
    expect(said).toEqual([]);
  });

  it("a prefetch without userKey logs that another user could get the token", () => {
    flowWith({}).prefetch();
    expectMessage(/prefetch: expected userKey/);
  });

  it.each(["ada", null, undefined])("a prefetch with the userKey %j logs nothing", (userKey) => {
    flowWith({ userKey }).prefetch();
    flowWith({}).prefetch({ userKey });
    expect(said).toEqual([]);
  });

  it("a flow without fetchConnectToken can read returns, and logs nothing", () => {
    flowWith({ fetchConnectToken: undefined }).getResult();
    expect(said).toEqual([]);
  });

  it("a successful start and its return log nothing", async () => {
    const tab = createTab();
    expect((await tab.flow().connect()).status).toBe("redirecting");
    const state = await startedFlow({ storage: tab.storage, now: () => tab.now });
    expect(tab.open(returnUrl({ status: "success", state })).status).toBe("success");
    expect(said).toEqual([]);
  });
});

it("a wrong option is explained when the flow is created, and not again at the start", async () => {
  const flow = flowWith({ amount: "100", mode: "transfer" });
  expect((await flow.connect()).status).toBe("failed");
  expectMessage(/got text/);
});
