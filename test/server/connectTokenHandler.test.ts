import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { BenjiApiError, createConnectTokenHandler } from "../../src/server/index.js";
import {
  type Answer,
  brokenBody,
  CONNECT_URL,
  html,
  KEY,
  leakyJson,
  neverSettles,
  okAnswer,
  TOKEN,
  URL_OF_BENJI,
} from "./benji.js";
import { expectRefusal, post, tokenRoute, type Options } from "./tokenRoute.js";

it("the token route answers with the token and the connect_url, without caching and without CORS", async () => {
  const { handle, asked, errors } = tokenRoute();
  const response = await handle(post());
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ token: TOKEN, connect_url: CONNECT_URL });
  expect([...response.headers]).toEqual([
    ["cache-control", "no-store"],
    ["content-type", "application/json"],
  ]);
  expect(asked.map(({ body }) => body)).toEqual([
    { partnership_id: 49, mode: 1, user_external_id: "ada" },
  ]);
  expect(errors).toEqual([]);
});

it("the token route sends an empty connect_url of Benji to the page as empty text", async () => {
  const { handle } = tokenRoute({}, () => okAnswer({ token: TOKEN, connect_url: "" }));
  expect(await (await handle(post())).json()).toEqual({ token: TOKEN, connect_url: "" });
});

describe("the request to Benji", () => {
  it("the request to Benji ignores another user, amount and partnership in the body that the page sends (T17)", async () => {
    const { handle, asked } = tokenRoute();
    const body = JSON.stringify({
      user_external_id: "victim",
      userExternalId: "victim",
      partnershipId: 1,
      mode: 4,
      actions: [{ mode: 4, amount: 1e6, allowsEditing: true }],
      __proto__: null,
    });
    await handle(post({ body }));
    expect(asked[0]?.body).toEqual({ partnership_id: 49, mode: 1, user_external_id: "ada" });
  });

  it("an async createRequest makes the request to Benji from the user, the body and the request", async () => {
    const { handle, asked } = tokenRoute({
      getUser: async (request) => ({ id: request.headers.get("x-session") ?? "" }),
      createRequest: async ({ user, body, request }) => ({
        partnershipId: new URL(request.url).pathname,
        mode: body["mode"] === "redeem" ? "redeem" : "connect",
        userExternalId: user.id,
      }),
    });
    await handle(post({ body: '{"mode":"redeem"}' }, { "x-session": "grace" }));
    expect(asked[0]?.body).toEqual({
      partnership_id: "/api/benji/connect-token",
      mode: 4,
      user_external_id: "grace",
    });
  });

  it("a Response that createRequest returns is sent to the page, and Benji is not called", async () => {
    const own = () =>
      new Response("slow down", {
        status: 429,
        headers: { "retry-after": "9", "cache-control": "public" },
      });
    const { handle, asked, errors } = tokenRoute({ createRequest: own });
    const response = await handle(post());
    expect([response.status, await response.text()]).toEqual([429, "slow down"]);
    expect(response.headers.get("retry-after")).toBe("9");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect([asked, errors]).toEqual([[], []]);
  });

  it("createRequest may return the same Response twice, even if the global Response was replaced", async () => {
    const own = Response.json({ error: "no_such_offer" }, { status: 422 });
    const { handle } = tokenRoute({ createRequest: () => own });
    // Server adapters replace the global Response when they are loaded.
    vi.stubGlobal("Response", class extends Response {});
    for (const _ of [1, 2]) {
      const response = await handle(post());
      expect([response.status, await response.json()]).toEqual([422, { error: "no_such_offer" }]);
    }
    vi.unstubAllGlobals();
  });

  it("the request to Benji is aborted if the browser disconnects", async () => {
    const browser = new AbortController();
    const { handle, asked, errors } = tokenRoute({}, () => {
      browser.abort();
      return neverSettles();
    });
    const response = await handle(post({ signal: browser.signal }));
    await expectRefusal(response, 503, "aborted");
    expect(asked[0]?.request.signal.aborted).toBe(true);
    expect(errors).toMatchObject([{ code: "aborted" }]);
  });
});

describe("a failure of Benji", () => {
  it.each<[string, Answer, number, string, string]>([
    ["HTTP 401", () => leakyJson(401), 502, "benji_rejected", "api_rejected"],
    ["a code other than ok", () => leakyJson(200), 502, "benji_rejected", "api_rejected"],
    ["HTTP 500", () => leakyJson(500), 502, "benji_unavailable", "api_failed"],
    ["HTML", () => html(200), 502, "benji_malformed", "api_malformed"],
    [
      "HTTP 204",
      () => new Response(null, { status: 204 }),
      502,
      "benji_malformed",
      "api_malformed",
    ],
    ["half an answer", () => brokenBody(), 502, "benji_unavailable", "api_unreachable"],
    [
      "a failed connection",
      () => Promise.reject(new Error(KEY)),
      502,
      "benji_unavailable",
      "api_unreachable",
    ],
    ["a timeout", neverSettles, 504, "benji_timeout", "api_timeout"],
    ["a token as object", () => okAnswer({ token: {} }), 502, "benji_malformed", "api_malformed"],
  ])(
    "if a call to Benji ends with %s, the answer is an error code without the key or Benji's text (T17, T46)",
    async (_, answer, status, error, code) => {
      const { handle, errors } = tokenRoute({ timeoutMs: 20 }, answer);
      await expectRefusal(await handle(post()), status, error);
      expect(errors).toMatchObject([{ code }]);
      expect(inspect(errors, { depth: 9 }) + JSON.stringify(errors)).not.toMatch(
        new RegExp(`${KEY}|${TOKEN}|is unknown|Oops`),
      );
    },
  );
});

describe("a failure of the shop's own code", () => {
  const boom = new Error("db password is hunter2");
  const broken = () => {
    throw boom;
  };

  it.each<[string, Partial<Options>]>([
    ["getUser throws", { getUser: broken }],
    ["getUser rejects", { getUser: () => Promise.reject(boom) }],
    ["createRequest throws", { createRequest: broken }],
    ["createRequest rejects", { createRequest: () => Promise.reject(boom) }],
  ])(
    "if %s, the answer is internal_error and only onError gets the reason",
    async (_, overrides) => {
      const { handle, asked, errors } = tokenRoute(overrides);
      await expectRefusal(await handle(post()), 500, "internal_error");
      expect(errors).toEqual([boom]);
      expect(asked).toEqual([]);
    },
  );

  it("if createRequest returns an invalid request, the answer is internal_error", async () => {
    const { handle, asked, errors } = tokenRoute({
      createRequest: () => ({ partnershipId: "", mode: "connect" }),
    });
    await expectRefusal(await handle(post()), 500, "internal_error");
    expect(errors).toMatchObject([{ code: "invalid_request" }]);
    expect(asked).toEqual([]);
  });

  it.each<[string, NonNullable<Options["onError"]>]>([
    ["throws", broken],
    ["rejects", () => Promise.reject(boom)],
    ["never ends", () => new Promise<void>(() => {})],
  ])("an onError that %s does not change the response", async (_, onError) => {
    const { handle } = tokenRoute({ onError, getUser: broken });
    await expectRefusal(await handle(post()), 500, "internal_error");
  });

  it("the token route logs nothing without onError", async () => {
    const spies = (["log", "info", "warn", "error", "debug"] as const).map((level) =>
      vi.spyOn(console, level).mockImplementation(() => {}),
    );
    const handle = createConnectTokenHandler({
      apiKey: KEY,
      baseUrl: URL_OF_BENJI,
      fetch: () => leakyJson(500),
      getUser: () => ({ id: "ada" }),
      createRequest: () => ({ partnershipId: 49, mode: 1 }),
    });
    expect((await handle(post())).status).toBe(502);
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });
});

describe("options of createConnectTokenHandler", () => {
  it.each<[string, object]>([
    ["getUser is missing", { getUser: undefined }],
    ["createRequest is missing", { createRequest: undefined }],
    ["the key is missing", { apiKey: "" }],
    ["the base URL has no TLS", { baseUrl: "http://api.benji.test" }],
    ["the timeout is negative", { timeoutMs: -1 }],
    ["publicOrigin has a path", { publicOrigin: "https://shop.test/app" }],
    ["publicOrigin is a bare host", { publicOrigin: "shop.test" }],
    ["publicOrigin has no origin", { publicOrigin: "shop.test:443" }],
  ])("createConnectTokenHandler throws if %s", (_, overrides) => {
    const make = () => tokenRoute(overrides);
    expect(make).toThrow(BenjiApiError);
    expect(make).toThrow(expect.objectContaining({ code: "invalid_request" }));
  });

  it("the types of createConnectTokenHandler require getUser", () => {
    const make = () =>
      // @ts-expect-error getUser is required
      createConnectTokenHandler({
        apiKey: KEY,
        baseUrl: URL_OF_BENJI,
        createRequest: () => ({ partnershipId: 49, mode: 1 }),
      });
    expect(make).toThrow("getUser");
  });
});
