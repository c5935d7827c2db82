import { startedFlow } from "react-benji-connect/testing";
import { describe, expect, it, vi } from "vitest";
import type { ConnectFlowOptions } from "../../src/core/createConnectFlow.js";
import { createTab, returnUrl } from "./createTab.js";
import { expectMessage, said, SECRET } from "./explainConsole.js";

describe("an unusable answer of fetchConnectToken is explained by its kind", () => {
  const html = { headers: { "content-type": "text/html; charset=utf-8" } };
  const read = async () => {
    const response = Response.json({ token: SECRET });
    await response.text();
    return response;
  };
  it.each<[name: string, fetcher: () => unknown, says: RegExp]>([
    ["a forgotten return", () => undefined, /got nothing\. Is a return missing/],
    ["null", () => null, /got null/],
    ["the token as bare text", () => SECRET, /bare text/],
    ["HTML as text", () => "<!doctype html><p>Sign in", /HTML/],
    ["JSON as text", () => `{"token":"${SECRET}"}`, /JSON as text/],
    [
      "a response of axios",
      () => ({ status: 200, headers: {}, config: {}, data: { token: SECRET } }),
      /axios.*response\.data/,
    ],
    [
      "a refusal of our handler",
      () => ({ error: "unauthenticated" }),
      /a refusal of the token route/,
    ],
    [
      "Benji's envelope of an error",
      () => ({ code: "denied", message: SECRET }),
      /envelope of an error/,
    ],
    ["data without a code", () => ({ data: { token: SECRET } }), /Return its data/],
    ["errors of GraphQL", () => ({ data: null, errors: [] }), /GraphQL/],
    ["a list", () => [{ token: SECRET }], /a list/],
    ["a token in the field access_token", () => ({ access_token: SECRET }), /called access_token/],
    [
      "a token that is not awaited",
      () => ({ token: Promise.resolve(SECRET) }),
      /a promise as token/,
    ],
    ["a number as token", () => ({ token: 7 }), /a number as token/],
    ["an empty token", () => ({ token: "" }), /an empty token/],
    [
      "an object as connect_url",
      () => ({ token: SECRET, connect_url: {} }),
      /an object as connect_url/,
    ],
    ["a Response whose body was read before", read, /read before/],
    ["a Response with an HTML page", () => new Response("<p>", html), /HTML/],
    ["HTTP 404", () => new Response(null, { status: 404 }), /HTTP 404.*No route/],
    ["HTTP 405", () => new Response(null, { status: 405 }), /POST only/],
    ["HTTP 415", () => new Response(null, { status: 415 }), /content-type/],
    ["HTTP 403", () => new Response(null, { status: 403 }), /publicOrigin/],
    ["HTTP 500", () => new Response(null, { status: 500 }), /of your server/],
    ["HTTP 502", () => new Response(null, { status: 502 }), /no token from Benji/],
    ["HTTP 504", () => new Response(null, { status: 504 }), /did not answer your server in time/],
    [
      "the method json of a Response, not called",
      () => Response.json({}).json,
      /got a function\. Call it/,
    ],
    [
      "a Response with the token in the field connectToken",
      () => Response.json({ connectToken: SECRET }),
      /called connectToken/,
    ],
    [
      "a mistake in the function",
      () => {
        throw new RangeError(SECRET);
      },
      /RangeError, thrown by it/,
    ],
    ["a token without connect_url", () => ({ token: SECRET }), /Hosted Connect/],
    [
      "a connect_url whose host is not trusted",
      () => ({ token: SECRET, connect_url: "https://evil.example" }),
      /got evil\.example\. .*add it to trustedHosts/,
    ],
  ])(
    "the console explains this unusable answer of fetchConnectToken: %s",
    async (_, fetchConnectToken, says) => {
      const outcome = await createTab().flow({ fetchConnectToken }).connect();
      expect(outcome.status).toBe("failed");
      expectMessage(says);
    },
  );

  it("at the start the console explains a storage that throws, and a missing fetchConnectToken", async () => {
    const storage = {
      ...createTab().storage,
      setItem: () => {
        throw new Error(SECRET);
      },
    };
    await createTab().flow({ storage }).connect();
    expectMessage(/storage_unavailable/);
    said.length = 0;
    await createTab().flow({ fetchConnectToken: undefined }).connect();
    expectMessage(/expected fetchConnectToken, or hostedConnectUrl.*connect_url_missing/);
  });
});

describe("a confirmation that fails is explained", () => {
  it.each<[name: string, confirm: () => unknown, says: RegExp]>([
    ["a forgotten return", () => undefined, /confirm_failed.*got nothing\. Is a return missing/],
    [
      "a mistake in the function",
      () => {
        throw new RangeError(SECRET);
      },
      /expected confirm to answer, got RangeError, thrown by it/,
    ],
    [
      "an HTML page in place of JSON",
      () => new Response("<p>"),
      /Did a page answer in place of JSON/,
    ],
    [
      "text as JSON",
      () => Response.json(SECRET),
      /, got string\. Look at what your confirm route answers/,
    ],
    ["HTTP 404", () => new Response(null, { status: 404 }), /the confirm route: .*HTTP 404/],
    ["HTTP 202 until waitMs is over", () => new Response(null, { status: 202 }), /webhook/],
  ])("the console explains this failed confirmation: %s", async (_, confirm, says) => {
    const tab = createTab();
    const state = await tab.start();
    tab.url = returnUrl({ status: "success", state });
    const flow = tab.flow({ confirm, waitMs: 0 });
    await vi.waitFor(() => expect(flow.getResult().status).toBe("unconfirmed"));
    expectMessage(says);
  });
});

describe("a rejected return is explained", () => {
  const uuid = "uuid-of-a-member";
  const started = async (options: ConnectFlowOptions = {}) => {
    const tab = createTab();
    const state = await startedFlow({ storage: tab.storage, now: () => tab.now, ...options });
    return { tab, back: returnUrl({ status: "success", state, benji_user_uuid: uuid }) };
  };
  const open = async (how: {
    started?: ConnectFlowOptions;
    options?: ConnectFlowOptions;
    change?: (tab: ReturnType<typeof createTab>, url: string) => string | void;
  }) => {
    const { tab, back } = await started(how.started);
    const url = how.change?.(tab, back) ?? back;
    tab.open(url, how.options);
    expect(said.join()).not.toContain(uuid);
  };

  it.each<[name: string, how: Parameters<typeof open>[0], says: RegExp]>([
    [
      "a return without a state",
      { change: (_, url) => url.replace(/state=[^&]*&?/, "") },
      /state_missing/,
    ],
    [
      "a flow without a record",
      { change: (tab) => void tab.storage.removeItem(tab.storage.key(0) ?? "") },
      /state_unknown.*on another host/,
    ],
    [
      "a record of another version",
      { change: (tab) => tab.storage.setItem(tab.storage.key(0) ?? "", '{"version":9}') },
      /another version/,
    ],
    [
      "a return after the lifetime of the flow",
      { change: (tab) => void (tab.now += 2 * 3_600_000) },
      /lifetimeMs/,
    ],
    [
      "a userKey at the start only",
      { started: { userKey: "ada" } },
      /one at the start, and none at the return/,
    ],
    ["a userKey at the return only", { options: { userKey: "ada" } }, /none at the start/],
    [
      "different userKeys at the start and at the return",
      { started: { userKey: "ada" }, options: { userKey: "grace" } },
      /two different ones/,
    ],
    ["an unknown status", { change: (_, url) => url.replace("success", "ok") }, /status_unknown/],
    [
      "a parameter with two values",
      { change: (_, url) => `${url}&status=error` },
      /params_ambiguous/,
    ],
    [
      "a return outside the option path",
      { options: { path: "/elsewhere" } },
      /on another path.*\/benji\/callback/,
    ],
    ["a match that returns false", { options: { match: () => false } }, /false from match/],
    ["a return in the hash", { change: (_, url) => url.replace("?", "#/?") }, /behind the #/],
  ])("the console explains this problem of a return: %s", async (_, how, says) => {
    await open(how);
    expectMessage(says);
  });

  it("a page without a return, or outside `path`, logs nothing", () => {
    const tab = createTab();
    tab.open("https://shop.example/cart?status=success&code=x#top", { path: "/benji/callback" });
    tab.open("https://shop.example/login?state=abc&code=1");
    expect(said).toEqual([]);
  });
});
