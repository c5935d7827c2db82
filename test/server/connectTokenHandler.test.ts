import { describe, expect, it, vi } from "vitest";
import { inspect } from "node:util";
import {
  BenjiApiError,
  createConnectTokenHandler,
  type ConnectTokenHandlerOptions,
} from "../../src/server/index.js";
import {
  type Answer,
  benjiAnswering,
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

interface User {
  id: string;
}
type Options = ConnectTokenHandlerOptions<User>;

const ROUTE = "https://shop.test/api/benji/connect-token";

/** A shop whose session says "ada", and everything that was heard of it. */
function shop(overrides: Partial<Options> = {}, answer?: Answer) {
  const benji = benjiAnswering(answer);
  const errors: unknown[] = [];
  const handle = createConnectTokenHandler<User>({
    apiKey: KEY,
    baseUrl: URL_OF_BENJI,
    fetch: benji.fetch,
    getUser: () => ({ id: "ada" }),
    createRequest: ({ user }) => ({ partnershipId: 49, mode: "connect", userExternalId: user.id }),
    onError: (error) => void errors.push(error),
    ...overrides,
  });
  return { handle, asked: benji.asked, errors };
}

/** What the shop's own page sends. */
function post(init: RequestInit = {}, headers: Record<string, string> = {}) {
  const own = { "content-type": "application/json", "sec-fetch-site": "same-origin", ...headers };
  return new Request(ROUTE, { method: "POST", body: "{}", ...init, headers: own });
}

/** What only headers say, beside the content type. */
const postWith = (headers: Record<string, string>, url = ROUTE) =>
  new Request(url, {
    method: "POST",
    body: "{}",
    headers: { "content-type": "application/json", ...headers },
  });

async function expectRefusal(response: Response, status: number, error: string) {
  expect([response.status, await response.json()]).toEqual([status, { error }]);
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(response.headers.get("content-type")).toBe("application/json");
}

it("answers the shop's own page with token and connect_url, uncached and without CORS", async () => {
  const { handle, asked, errors } = shop();
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

it("passes an empty connect_url through", async () => {
  const { handle } = shop({}, () => okAnswer({ token: TOKEN, connect_url: "" }));
  expect(await (await handle(post())).json()).toEqual({ token: TOKEN, connect_url: "" });
});

describe("who may ask", () => {
  it.each(["GET", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH"])("not with %s", async (method) => {
    const { handle, asked } = shop();
    const headers = { "sec-fetch-site": "same-origin" };
    const response = await handle(new Request(ROUTE, { method, headers }));
    expect(response.headers.get("allow")).toBe("POST");
    await expectRefusal(response, 405, "method_not_allowed");
    expect(asked).toEqual([]);
  });

  it.each<[string, Record<string, string>]>([
    ["a cross-site page", { "sec-fetch-site": "cross-site" }],
    ["a sibling site", { "sec-fetch-site": "same-site" }],
    ["nowhere", { "sec-fetch-site": "none" }],
    ["a form on another site", { "sec-fetch-site": "cross-site", "content-type": "text/plain" }],
    [
      "a cross-site page that knows our origin",
      { "sec-fetch-site": "cross-site", origin: "https://shop.test" },
    ],
    ["an older browser on another origin", { origin: "https://evil.test" }],
    ["an origin that starts like ours", { origin: "https://shop.test.evil.test" }],
    ["our host without TLS", { origin: "http://shop.test" }],
    ["a sandboxed frame", { origin: "null" }],
    ["a client without either header", {}],
    [
      "a proxy header that lies",
      {
        origin: "https://evil.test",
        "x-forwarded-host": "evil.test",
        "x-forwarded-proto": "https",
      },
    ],
  ])("not %s", async (_, headers) => {
    const getUser = vi.fn(() => ({ id: "ada" }));
    const { handle, asked } = shop({ getUser });
    await expectRefusal(await handle(postWith(headers)), 403, "cross_site");
    expect(getUser).not.toHaveBeenCalled();
    expect(asked).toEqual([]);
  });

  it("an older browser on our own origin may", async () => {
    expect((await shop().handle(postWith({ origin: "https://shop.test" }))).status).toBe(200);
  });

  it("behind a proxy the public origin counts, and the inner one no more", async () => {
    const { handle } = shop({ publicOrigin: "https://shop.test/" });
    const inner = "http://10.0.0.7:8080/token";
    expect((await handle(postWith({ origin: "https://shop.test" }, inner))).status).toBe(200);
    const response = await handle(postWith({ origin: "http://10.0.0.7:8080" }, inner));
    await expectRefusal(response, 403, "cross_site");
  });

  it.each([null, undefined])("nobody who is not signed in: getUser gives %s", async (user) => {
    const createRequest = vi.fn<Options["createRequest"]>();
    const { handle, asked } = shop({ getUser: () => user, createRequest });
    await expectRefusal(await handle(post()), 401, "unauthenticated");
    expect(createRequest).not.toHaveBeenCalled();
    expect(asked).toEqual([]);
  });
});

describe("pages of another origin", () => {
  const ADMIN = "https://admin.shop.test";
  const allowedOrigins = [ADMIN];
  const preflight = (origin: string) =>
    new Request(ROUTE, { method: "OPTIONS", headers: { origin } });
  const corsOf = ({ headers }: Response) =>
    [...headers].filter(([name]) => name.startsWith("access-control"));
  const CREDENTIALED = [
    ["access-control-allow-credentials", "true"],
    ["access-control-allow-origin", ADMIN],
    ["access-control-expose-headers", "retry-after"],
  ];

  it("may ask with credentials where they are named, preflight included", async () => {
    const { handle } = shop({ allowedOrigins });
    const before = await handle(preflight(ADMIN));
    expect(before.status).toBe(204);
    expect(corsOf(before)).toEqual([
      ["access-control-allow-credentials", "true"],
      ["access-control-allow-headers", "content-type"],
      ["access-control-allow-methods", "POST"],
      ["access-control-allow-origin", ADMIN],
      ["access-control-expose-headers", "retry-after"],
      ["access-control-max-age", "600"],
    ]);
    const answer = await handle(postWith({ origin: ADMIN, "sec-fetch-site": "same-site" }));
    expect(answer.status).toBe(200);
    expect(corsOf(answer)).toEqual(CREDENTIALED);
  });

  it("can read why they were refused", async () => {
    const { handle } = shop({ allowedOrigins, getUser: () => null });
    const answer = await handle(postWith({ origin: ADMIN }));
    expect(answer.status).toBe(401);
    expect(corsOf(answer)).toEqual(CREDENTIALED);
  });

  it.each(["https://evil.test", `${ADMIN}.evil.test`, "http://admin.shop.test", "null", "*"])(
    "get nothing where they are %s (T17)",
    async (origin) => {
      const { handle, asked } = shop({ allowedOrigins });
      const before = await handle(preflight(origin));
      expect([before.status, corsOf(before)]).toEqual([405, []]);
      const answer = await handle(postWith({ origin, "sec-fetch-site": "cross-site" }));
      expect([answer.status, corsOf(answer)]).toEqual([403, []]);
      expect(asked).toEqual([]);
    },
  );

  it.each(["*", "admin.shop.test", "https://a.test/path", 7])("cannot be named as %j", (origin) => {
    expect(() => shop({ allowedOrigins: [origin as string] })).toThrow(/allowedOrigins/);
  });
});

describe("a rate limiter", () => {
  it("is asked once the user is known, and 429 ends it before Benji", async () => {
    const isRateLimited = vi.fn(() => Promise.resolve(true));
    const { handle, asked } = shop({ isRateLimited });
    await expectRefusal(await handle(post()), 429, "too_many_requests");
    expect(isRateLimited).toHaveBeenCalledWith({
      user: { id: "ada" },
      request: expect.any(Request) as Request,
    });
    expect(asked).toEqual([]);
    isRateLimited.mockResolvedValue(false);
    expect((await handle(post())).status).toBe(200);
  });
});

describe("what may be sent", () => {
  it.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=application/json",
    "text/plain; application/json",
    "application/json, text/plain",
    "application/jsonp",
    "",
  ])("not the content type %j", async (contentType) => {
    const { handle, asked } = shop();
    const response = await handle(post({}, { "content-type": contentType }));
    await expectRefusal(response, 415, "unsupported_media_type");
    expect(asked).toEqual([]);
  });

  it("JSON with a charset may", async () => {
    const request = post({}, { "content-type": "Application/JSON; charset=utf-8" });
    expect((await shop().handle(request)).status).toBe(200);
  });

  it.each<[string, BodyInit]>([
    ["no JSON", "{"],
    ["nothing", ""],
    ["an array", "[]"],
    ["null", "null"],
    ["text", '"connect"'],
    ["a number", "1"],
    ["bytes that are no UTF-8", Buffer.from('{"a":"\xff"}', "latin1")],
  ])("not %s", async (_, body) => {
    const { handle, asked } = shop();
    await expectRefusal(await handle(post({ body })), 400, "invalid_json");
    expect(asked).toEqual([]);
  });

  const bodyOf = (bytes: number) => JSON.stringify({ x: "a".repeat(bytes - '{"x":""}'.length) });

  it("16 kB may, one byte more may not", async () => {
    expect((await shop().handle(post({ body: bodyOf(16_384) }))).status).toBe(200);
    const { handle, asked } = shop();
    await expectRefusal(await handle(post({ body: bodyOf(16_385) })), 413, "body_too_large");
    expect(asked).toEqual([]);
  });

  it("a body that says its size is refused before it is read", async () => {
    const request = post({}, { "content-length": "16385" });
    await expectRefusal(await shop().handle(request), 413, "body_too_large");
    expect(request.bodyUsed).toBe(false);
  });

  it("a body without end is read no further than 16 kB", async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1024;
        controller.enqueue(new Uint8Array(1024).fill(0x20));
      },
    });
    const request = post({ body: endless, duplex: "half" } as RequestInit);
    await expectRefusal(await shop().handle(request), 413, "body_too_large");
    expect(sent).toBeLessThan(32_768);
  });

  it("a body that something else has read is the shop's own mistake", async () => {
    const { handle, errors } = shop();
    const request = post();
    await request.text();
    await expectRefusal(await handle(request), 500, "body_already_read");
    expect(errors).toHaveLength(1);
  });
});

describe("what reaches Benji", () => {
  it("is nothing of the body: another user, amount and partnership are ignored", async () => {
    const { handle, asked } = shop();
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

  it("is what createRequest makes of user, body and request, async too", async () => {
    const { handle, asked } = shop({
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

  it("is nothing where createRequest refuses with a Response of its own", async () => {
    const own = () =>
      new Response("slow down", {
        status: 429,
        headers: { "retry-after": "9", "cache-control": "public" },
      });
    const { handle, asked, errors } = shop({ createRequest: own });
    const response = await handle(post());
    expect([response.status, await response.text()]).toEqual([429, "slow down"]);
    expect(response.headers.get("retry-after")).toBe("9");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect([asked, errors]).toEqual([[], []]);
  });

  it("is nothing where one Response refuses every time, whatever class it is of", async () => {
    const own = Response.json({ error: "no_such_offer" }, { status: 422 });
    const { handle } = shop({ createRequest: () => own });
    // What the adapter of a server does once it is loaded.
    vi.stubGlobal("Response", class extends Response {});
    for (const _ of [1, 2]) {
      const response = await handle(post());
      expect([response.status, await response.json()]).toEqual([422, { error: "no_such_offer" }]);
    }
    vi.unstubAllGlobals();
  });

  it("ends when the browser goes away", async () => {
    const browser = new AbortController();
    const { handle, asked, errors } = shop({}, () => {
      browser.abort();
      return neverSettles();
    });
    const response = await handle(post({ signal: browser.signal }));
    await expectRefusal(response, 503, "aborted");
    expect(asked[0]?.request.signal.aborted).toBe(true);
    expect(errors).toMatchObject([{ code: "aborted" }]);
  });
});

describe("when Benji does not help", () => {
  it.each<[string, Answer, number, string, string]>([
    ["401", () => leakyJson(401), 502, "benji_rejected", "api_rejected"],
    ["code other than ok", () => leakyJson(200), 502, "benji_rejected", "api_rejected"],
    ["500", () => leakyJson(500), 502, "benji_unavailable", "api_failed"],
    ["HTML", () => html(200), 502, "benji_malformed", "api_malformed"],
    ["204", () => new Response(null, { status: 204 }), 502, "benji_malformed", "api_malformed"],
    ["half an answer", () => brokenBody(), 502, "benji_unavailable", "api_unreachable"],
    [
      "no connection",
      () => Promise.reject(new Error(KEY)),
      502,
      "benji_unavailable",
      "api_unreachable",
    ],
    ["nothing at all", neverSettles, 504, "benji_timeout", "api_timeout"],
    ["a token as object", () => okAnswer({ token: {} }), 502, "benji_malformed", "api_malformed"],
  ])("%s is a word, without key and text", async (_, answer, status, word, code) => {
    const { handle, errors } = shop({ timeoutMs: 20 }, answer);
    await expectRefusal(await handle(post()), status, word);
    expect(errors).toMatchObject([{ code }]);
    expect(inspect(errors, { depth: 9 }) + JSON.stringify(errors)).not.toMatch(
      new RegExp(`${KEY}|${TOKEN}|is unknown|Oops`),
    );
  });
});

describe("when the shop's own code fails", () => {
  const boom = new Error("db password is hunter2");
  const broken = () => {
    throw boom;
  };

  it.each<[string, Partial<Options>]>([
    ["getUser throws", { getUser: broken }],
    ["getUser rejects", { getUser: () => Promise.reject(boom) }],
    ["createRequest throws", { createRequest: broken }],
    ["createRequest rejects", { createRequest: () => Promise.reject(boom) }],
  ])("%s: only onError hears why", async (_, overrides) => {
    const { handle, asked, errors } = shop(overrides);
    await expectRefusal(await handle(post()), 500, "internal_error");
    expect(errors).toEqual([boom]);
    expect(asked).toEqual([]);
  });

  it("an impossible request from createRequest is an internal error", async () => {
    const { handle, asked, errors } = shop({
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
  ])("an onError that %s changes nothing", async (_, onError) => {
    const { handle } = shop({ onError, getUser: broken });
    await expectRefusal(await handle(post()), 500, "internal_error");
  });

  it("nothing is logged where no onError is given", async () => {
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

describe("a handler that cannot work is not made", () => {
  it.each<[string, object]>([
    ["getUser is missing", { getUser: undefined }],
    ["createRequest is missing", { createRequest: undefined }],
    ["the key is missing", { apiKey: "" }],
    ["the base URL has no TLS", { baseUrl: "http://api.benji.test" }],
    ["the timeout is negative", { timeoutMs: -1 }],
    ["publicOrigin has a path", { publicOrigin: "https://shop.test/app" }],
    ["publicOrigin is a bare host", { publicOrigin: "shop.test" }],
    ["publicOrigin has no origin", { publicOrigin: "shop.test:443" }],
  ])("%s", (_, overrides) => {
    const make = () => shop(overrides);
    expect(make).toThrow(BenjiApiError);
    expect(make).toThrow(expect.objectContaining({ code: "invalid_request" }));
  });

  it("types ask for getUser", () => {
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
