import { afterEach, describe, expect, it, vi } from "vitest";
import {
  createBenjiClient,
  createConfirmHandler,
  createConnectTokenHandler,
} from "../../src/server/index.js";
import { benjiAnswering, KEY, neverSettles, okAnswer, TOKEN, URL_OF_BENJI } from "./benji.js";
import { STATE } from "./shop.js";

type Headers = Record<string, string>;

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

/** A shop with both routes, for callers that bring headers of their own. */
function shop(options: Record<string, unknown> = {}) {
  const errors: unknown[] = [];
  const getUser = vi.fn((request: Request, host?: unknown): unknown => {
    const [, user] = /session=(\w+)/.exec(request.headers.get("cookie") ?? "") ?? [];
    const [, app] = /^Bearer (\w+)$/.exec(request.headers.get("authorization") ?? "") ?? [];
    return (app ?? user ?? (host as { user?: string } | undefined)?.user) || null;
  });
  const isConfirmed = vi.fn(() => true);
  const shared = { apiKey: KEY, getUser, onError: (error: unknown) => void errors.push(error) };
  const benji = benjiAnswering();
  const token = createConnectTokenHandler({
    ...shared,
    baseUrl: URL_OF_BENJI,
    fetch: benji.fetch,
    createRequest: () => ({ partnershipId: 49, mode: "connect" }),
    ...options,
  } as never);
  const confirm = createConfirmHandler({ ...shared, isConfirmed, ...options } as never);
  const post = (
    handle: typeof token,
    url: string,
    headers: Headers,
    body: object,
    host?: unknown,
  ) =>
    handle(
      new Request(url, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      }),
      host as never,
    );
  return {
    errors,
    getUser,
    isConfirmed,
    asked: benji.asked,
    preflight: (headers: Headers, url = "https://shop.test/api") =>
      token(new Request(url, { method: "OPTIONS", headers })),
    start: (headers: Headers, url = "https://shop.test/api", host?: unknown) =>
      post(token, url, headers, { state: STATE }, host),
    confirm: (headers: Headers, more: object = {}) => {
      const claim = { status: "success", state: STATE, benjiUserUuid: "uuid-1", ...more };
      return post(confirm, "https://shop.test/api", headers, claim);
    },
  };
}

const ADA = { cookie: "session=ada" };
const said = async (response: Response) => [response.status, await response.json()] as const;
const CROSS_SITE = [403, { error: "cross_site" }];
const SAME = { "sec-fetch-site": "same-origin", ...ADA };
const cookieOf = (response: Response) => response.headers.getSetCookie()[0] ?? "";

describe("behind a proxy that ends TLS (T41)", () => {
  it.each(["http://localhost:3000", "http://127.0.0.1:8080", "http://10.0.0.7", "http://app:3000"])(
    "and rewrites Host to %s, the route says that publicOrigin is missing",
    async (inner) => {
      const { start, errors, asked } = shop();
      const response = await start({ ...SAME, origin: "https://shop.test" }, `${inner}/api`);
      expect(await said(response)).toEqual(CROSS_SITE);
      expect(String(errors)).toMatch(/publicOrigin.*https:\/\/shop\.test.*http:\/\//);
      expect(asked).toEqual([]);
    },
  );

  it("with publicOrigin the cookie is __Host- and Secure", async () => {
    const { start } = shop({ publicOrigin: "https://shop.test" });
    const headers = { ...SAME, origin: "https://shop.test" };
    const cookie = cookieOf(await start(headers, "http://localhost:3000/api"));
    expect(cookie).toMatch(/^__Host-benji-.*; Secure/);
  });

  it("and keeps Host, it works without: only the scheme differs", async () => {
    const { start } = shop();
    const headers = { ...SAME, origin: "https://shop.test" };
    const response = await start(headers, "http://shop.test/api");
    expect([response.status, cookieOf(response)]).toEqual([200, expect.stringMatching(/^__Host-/)]);
  });

  it("a development server of this machine needs no publicOrigin", async () => {
    const headers = { ...SAME, origin: "http://localhost:5173" };
    const response = await shop().start(headers, "http://127.0.0.1:3000/api");
    expect([response.status, cookieOf(response)]).toEqual([200, expect.stringMatching(/^benji-/)]);
  });
});

describe("Sec-Fetch-Site: same-origin beside a foreign Origin (T42)", () => {
  it.each([
    [{ publicOrigin: "https://shop.test" }, "https://evil.test"],
    [{ publicOrigin: "https://shop.test" }, "https://shop.test.evil.test"],
    [{ publicOrigin: "https://shop.test" }, "http://shop.test"],
    [{ publicOrigin: "https://shop.test" }, "null"],
    [{}, "https://evil.test"],
    [{}, "null"],
    [{}, "http://shop.test"],
  ])(
    "is refused with %o and Origin %s, before anybody is asked who it is",
    async (options, origin) => {
      const { start, getUser } = shop(options);
      expect(await said(await start({ ...SAME, origin }))).toEqual(CROSS_SITE);
      expect(getUser).not.toHaveBeenCalled();
    },
  );

  it("beside our own it is let in, and without one as well", async () => {
    const { start } = shop({ publicOrigin: "https://shop.test" });
    expect((await start({ ...SAME, origin: "https://shop.test" })).status).toBe(200);
    expect((await start(SAME)).status).toBe(200);
  });
});

describe("an origin cannot be named", () => {
  it.each([
    [{ allowedOrigins: ["https://*.shop.test"] }, /allowedOrigins.*without wildcards/],
    [{ allowedOrigins: ["*"] }, /allowedOrigins.*without wildcards/],
    [{ allowedOrigins: ["capacitor://*"] }, /allowedOrigins.*without wildcards/],
    [{ allowedOrigins: ["null"] }, /allowedOrigins/],
    [{ allowedOrigins: ["file://"] }, /allowedOrigins/],
    [{ allowedOrigins: ["javascript://shop.test"] }, /allowedOrigins/],
    [{ allowedOrigins: ["capacitor://localhost/"] }, /allowedOrigins/],
    [{ allowedOrigins: ["capacitor://user@localhost"] }, /allowedOrigins/],
    [{ allowedOrigins: ["http://shop.example"] }, /allowedOrigins.*https/],
    [{ allowedOrigins: ["http://admin.test"] }, /dangerouslyAllowHttpInDevelopment/],
    [
      { publicOrigin: "https://shop.test", allowedOrigins: ["http://localhost:5173"] },
      /allowedOrigins.*https/,
    ],
    [{ publicOrigin: "http://shop.example" }, /publicOrigin.*https/],
    [{ publicOrigin: "http://shop.test:3000" }, /dangerouslyAllowHttpInDevelopment/],
    [{ publicOrigin: "capacitor://localhost" }, /publicOrigin/],
    [{ publicOrigin: "https://*.shop.test" }, /publicOrigin.*without wildcards/],
  ])("with %o: a sentence at construction says what to do", (options, message) => {
    expect(() => shop(options)).toThrow(message);
  });
});

describe("CORS for a named origin", () => {
  const ADMIN = "https://admin.shop.test";
  const asking = {
    origin: ADMIN,
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization,content-type,traceparent,x-csrf-token",
  };

  it("allows the headers that are asked for, such as a bearer token, CSRF and tracing", async () => {
    const { headers, status } = await shop({ allowedOrigins: [ADMIN] }).preflight(asking);
    expect(status).toBe(204);
    expect(Object.fromEntries(headers)).toEqual({
      "access-control-allow-credentials": "true",
      "access-control-allow-headers": "authorization,content-type,traceparent,x-csrf-token",
      "access-control-allow-methods": "POST",
      "access-control-allow-origin": ADMIN,
      "access-control-expose-headers": "retry-after",
      "access-control-max-age": "600",
      "cache-control": "no-store",
      vary: "origin, access-control-request-headers",
    });
  });

  it.each(["https://evil.test", "null", "https://admin.shop.test.evil.test"])(
    "allows %s nothing, whatever it asks for",
    async (origin) => {
      const response = await shop({ allowedOrigins: [ADMIN] }).preflight({ ...asking, origin });
      const cors = [...response.headers.keys()].filter((name) => name.startsWith("access-"));
      expect([response.status, cors]).toEqual([405, []]);
    },
  );

  it.each([
    [401, {}, {}],
    [403, {}, { "sec-fetch-site": "cross-site", cookie: "session=eve" }],
    [415, { ...ADA }, { "content-type": "text/plain" }],
  ])("lets the page read a refusal, and its Retry-After: %i", async (status, who, more) => {
    const { start, confirm } = shop({ allowedOrigins: [ADMIN] });
    const headers = { origin: ADMIN, ...who, ...more };
    const response = await (status === 403 ? confirm(headers) : start(headers));
    expect(response.status).toBe(status);
    expect(response.headers.get("access-control-allow-origin")).toBe(ADMIN);
    expect(response.headers.get("access-control-expose-headers")).toBe("retry-after");
  });

  it("tells caches that the answer depends on the origin, and keeps the partner's own Vary", async () => {
    const createRequest = () => new Response("no", { status: 422, headers: { vary: "cookie" } });
    const { start } = shop({ allowedOrigins: [ADMIN], createRequest });
    expect((await start({ ...ADA, origin: ADMIN })).headers.get("vary")).toBe("cookie, origin");
    expect((await start(SAME)).headers.get("vary")).toBe("cookie, origin");
  });

  it.each([
    "capacitor://localhost",
    "ionic://localhost",
    "tauri://localhost",
    "app://com.shop.example",
    "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
    "moz-extension://0b6f2c6e-2f4b-4a53-9f0e-6f3b1c9a7d10",
    "safari-web-extension://0B6F2C6E-2F4B-4A53-9F0E-6F3B1C9A7D10",
  ])("is given to %s, compared as text", async (origin) => {
    const { start, preflight } = shop({ allowedOrigins: [origin] });
    const before = await preflight({ ...asking, origin });
    expect(before.headers.get("access-control-allow-origin")).toBe(origin);
    const headers = { ...ADA, origin, "sec-fetch-site": "cross-site" };
    expect((await start(headers)).headers.get("access-control-allow-origin")).toBe(origin);
    expect((await start({ ...headers, origin: `${origin}x` })).status).toBe(403);
    expect((await start({ ...headers, origin: "null" })).status).toBe(403);
  });
});

describe("a native app, where appHeader names what it authenticates by (T43)", () => {
  const APP = { authorization: "Bearer ada" };
  const options = { appHeader: "Authorization" };

  async function bound(headers: Headers, app = shop(options)) {
    const { binding } = (await (await app.start(headers)).json()) as { binding?: string };
    return { ...app, binding };
  }

  it("gets a token without Origin and Sec-Fetch-Site, and a binding instead of a cookie", async () => {
    const response = await shop(options).start(APP);
    expect([response.status, response.headers.getSetCookie()]).toEqual([200, []]);
    expect(await response.json()).toMatchObject({
      token: TOKEN,
      binding: expect.stringMatching(/^[\w-]+\.[\w-]{43}$/) as string,
    });
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
  });

  it("confirms with the binding that it hands back", async () => {
    const { confirm, binding } = await bound(APP);
    expect(await said(await confirm(APP, { binding }))).toEqual([200, true]);
  });

  it.each<[string, (binding: string) => unknown]>([
    ["without it", () => undefined],
    ["with a made-up one", () => `${"A".repeat(40)}.${"A".repeat(43)}`],
    ["with an altered one", (binding) => `${binding.slice(0, -2)}AA`],
    ["with one in a list", (binding) => [binding]],
  ])("is not confirmed %s", async (_, change) => {
    const { confirm, binding = "", isConfirmed } = await bound(APP);
    const response = await confirm(APP, { binding: change(binding) });
    expect(await said(response)).toEqual([403, { error: "state_not_bound" }]);
    expect(isConfirmed).not.toHaveBeenCalled();
  });

  it("is not confirmed with the binding of another user", async () => {
    const { confirm, binding } = await bound(APP);
    const response = await confirm({ authorization: "Bearer bob" }, { binding });
    expect(await said(response)).toEqual([403, { error: "state_not_bound" }]);
  });

  it("is nobody by a cookie: getUser gets neither the header nor the server's own request", async () => {
    const { start, getUser } = shop(options);
    const headers = { authorization: "Bearer !", ...ADA };
    const host = { user: "eve" };
    expect((await start(headers, "https://shop.test/api", host)).status).toBe(401);
    const [request, given] = getUser.mock.calls[0] ?? [];
    expect([request?.headers.get("cookie"), given]).toEqual([null, undefined]);
    expect(request?.headers.get("authorization")).toBe("Bearer !");
  });

  it.each<[string, Headers]>([
    ["of another site", { origin: "https://evil.test", "sec-fetch-site": "cross-site" }],
    ["of a sibling", { origin: "https://x.shop.test", "sec-fetch-site": "same-site" }],
    ["in an older browser elsewhere", { origin: "https://evil.test" }],
    ["in a sandboxed frame", { origin: "null" }],
    ["opened by the browser itself", { "sec-fetch-site": "none" }],
  ])("is no page %s that carries the header", async (_, headers) => {
    const { start, getUser } = shop(options);
    expect(await said(await start({ ...APP, ...ADA, ...headers }))).toEqual(CROSS_SITE);
    expect(getUser).not.toHaveBeenCalled();
  });

  it("opens no CORS: a page of another site cannot send the header at all", async () => {
    const response = await shop(options).preflight({
      origin: "https://evil.test",
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type",
    });
    expect(response.status).toBe(405);
    expect([...response.headers.keys()].join()).not.toContain("access-control");
  });

  it("a caller without the header, or where no option names it, is refused as before", async () => {
    expect(await said(await shop(options).start(ADA))).toEqual(CROSS_SITE);
    expect(await said(await shop(options).start({ authorization: "" }))).toEqual(CROSS_SITE);
    expect(await said(await shop().start(APP))).toEqual(CROSS_SITE);
  });

  it("a page of ours that sends the header too is bound by its cookie, and by nothing else", async () => {
    const app = shop(options);
    const headers = { ...SAME, ...APP, origin: "https://shop.test" };
    const response = await app.start(headers);
    const cookie = cookieOf(response).split(";")[0] ?? "";
    expect(cookie).toMatch(/^__Host-/);
    expect(await response.json()).not.toHaveProperty("binding");
    const binding = cookie.slice(cookie.indexOf("=") + 1);
    expect((await app.confirm(headers, { binding })).status).toBe(403);
    expect((await app.confirm({ ...headers, cookie: `session=ada; ${cookie}` })).status).toBe(200);
    // Signed as a cookie, it is no binding of an app either.
    expect((await app.confirm(APP, { binding })).status).toBe(403);
  });

  it.each([
    ["capacitor://localhost", "cross-site"],
    ["https://localhost", "cross-site"],
  ])("a web view on %s, which no cookie reaches, goes the same way", async (origin, site) => {
    const app = shop({ ...options, allowedOrigins: [origin] });
    const headers = { ...APP, origin, "sec-fetch-site": site };
    const { confirm, binding } = await bound(headers, app);
    expect((await confirm(headers, { binding })).status).toBe(200);
  });

  it("a named origin of the same site keeps its cookie", async () => {
    const origin = "https://www.shop.test";
    const headers = { ...APP, origin, "sec-fetch-site": "same-site" };
    const response = await shop({ ...options, allowedOrigins: [origin] }).start(headers);
    expect(cookieOf(response)).toMatch(/^__Host-/);
  });

  it.each([
    "cookie",
    "Origin",
    "sec-fetch-mode",
    "content-type",
    "user-agent",
    "",
    "a b",
    7,
    ["a"],
  ])("cannot authenticate by %j", (appHeader) => {
    expect(() => shop({ appHeader })).toThrow(/Expected appHeader/);
  });
});

describe("dangerouslyAllowHttpInDevelopment (T44)", () => {
  const allowed = { dangerouslyAllowHttpInDevelopment: true };
  const LOCAL = [
    "http://shop.test:3000",
    "http://192.168.1.20:3000",
    "http://10.1.2.3",
    "http://172.16.0.1",
    "http://172.31.255.254",
    "http://169.254.1.1",
    "http://[fd00::1]:3000",
    "http://[fe80::1]",
    "http://shop:3000",
    "http://shop.local",
    "http://shop.internal",
  ];
  const PUBLIC = [
    "http://shop.example",
    "http://8.8.8.8",
    "http://172.32.0.1",
    "http://192.169.0.1",
    "http://[2001:db8::1]",
    "http://shop.test.example",
    "http://internal.example",
    "http://10.0.0.1.example",
  ];

  it.each(LOCAL)(
    "is needed for %s: without it the route says so, instead of losing the cookie",
    async (origin) => {
      const { start, errors } = shop();
      const response = await start({ ...SAME, origin }, `${origin}/api`);
      expect(await said(response)).toEqual(CROSS_SITE);
      expect(String(errors)).toContain("dangerouslyAllowHttpInDevelopment");
      expect(() => shop({ publicOrigin: origin })).toThrow("dangerouslyAllowHttpInDevelopment");
    },
  );

  it.each(LOCAL)("lets %s confirm with a cookie that browsers keep on http", async (origin) => {
    for (const named of [{}, { publicOrigin: origin }]) {
      const { start } = shop({ ...allowed, ...named });
      const response = await start({ ...SAME, origin }, `${origin}/api`);
      expect(response.status).toBe(200);
      // On such an origin browsers leave Sec-Fetch-Site out.
      expect((await start({ ...ADA, origin }, `${origin}/api`)).status).toBe(200);
      expect(cookieOf(response)).toMatch(
        /^benji-[\w-]{43}=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age/,
      );
    }
    expect(() => shop({ ...allowed, allowedOrigins: [origin] })).not.toThrow();
  });

  it.each(PUBLIC)("does not help %s, which is not local", async (origin) => {
    const { start, errors } = shop(allowed);
    expect(await said(await start({ ...SAME, origin }, `${origin}/api`))).toEqual(CROSS_SITE);
    expect(String(errors)).toContain("https");
    for (const named of [{ publicOrigin: origin }, { allowedOrigins: [origin] }])
      expect(() => shop({ ...allowed, ...named })).toThrow(/https/);
    const benji = { apiKey: KEY, baseUrl: origin, ...allowed };
    expect(() => createBenjiClient(benji)).toThrow(/https/);
  });

  it("lets the API key go to a sandbox in docker-compose, and to none without it", async () => {
    const { fetch, asked } = benjiAnswering(() =>
      okAnswer({ token: TOKEN, connect_url: "http://sandbox:4010/49" }),
    );
    const benji = { apiKey: KEY, baseUrl: "http://sandbox:4010", fetch };
    expect(() => createBenjiClient(benji)).toThrow(/dangerouslyAllowHttpInDevelopment/);
    await createBenjiClient({ ...benji, ...allowed }).createConnectToken({
      partnershipId: 49,
      mode: 1,
    });
    expect(asked[0]?.request.url).toBe("http://sandbox:4010/auth/connect");
  });

  it("is refused in production, on routes and client alike", () => {
    vi.stubEnv("NODE_ENV", "production");
    expect(() => shop(allowed)).toThrow(/dangerouslyAllowHttpInDevelopment.*production/);
    const benji = { apiKey: KEY, baseUrl: URL_OF_BENJI, ...allowed };
    expect(() => createBenjiClient(benji)).toThrow(/production/);
    expect(() => shop({ dangerouslyAllowHttpInDevelopment: false })).not.toThrow();
  });

  it.each(["true", 1, {}, null])("is true or false, not %j", (value) => {
    expect(() => shop({ dangerouslyAllowHttpInDevelopment: value })).toThrow(
      /dangerouslyAllowHttpInDevelopment as true or false/,
    );
  });

  it("changes nothing on https", async () => {
    const response = await shop(allowed).start({ ...SAME, origin: "https://shop.test" });
    expect(cookieOf(response)).toMatch(/^__Host-.*Secure/);
  });
});

describe("a function of the shop's that never settles (T45)", () => {
  it.each(["getUser", "isRateLimited", "createRequest"])("ends in 500: %s", async (name) => {
    vi.useFakeTimers();
    const { start, errors } = shop({ [name]: neverSettles });
    const answer = start(SAME);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await said(await answer)).toEqual([500, { error: "internal_error" }]);
    expect(String(errors)).toContain(`Expected ${name} to answer within 10000 ms`);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("ends in 500 on the confirm route: a store", async () => {
    vi.useFakeTimers();
    const { start, confirm, errors } = shop();
    const cookie = `session=ada; ${cookieOf(await start(SAME)).split(";")[0]}`;
    let ask = () => {};
    const asked = new Promise<void>((resolve) => (ask = resolve));
    const putIfAbsent = () => {
      ask();
      return neverSettles();
    };
    const stuck = shop({ store: { putIfAbsent } });
    const answer = stuck.confirm({ ...SAME, cookie });
    await asked;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await said(await answer)).toEqual([500, { error: "internal_error" }]);
    expect(String(stuck.errors)).toContain("Expected store.putIfAbsent to answer within");
    expect([errors, (await confirm({ ...SAME, cookie })).status]).toEqual([[], 200]);
  });

  it("leaves no timer behind where it settles", async () => {
    vi.useFakeTimers();
    const { start } = shop({ getUser: () => Promise.resolve("ada") });
    expect((await start(SAME)).status).toBe(200);
    expect(vi.getTimerCount()).toBe(0);
  });
});
