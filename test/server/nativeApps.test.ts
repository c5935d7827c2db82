import { describe, expect, it } from "vitest";
import { TOKEN } from "./benji.js";
import {
  ADA,
  cookieOf,
  CROSS_SITE,
  SAME,
  shopRoutes,
  statusAndBody,
  type Headers,
} from "./shopRoutes.js";

describe("a native app that authenticates with the header named by appHeader (T43)", () => {
  const APP = { authorization: "Bearer ada" };
  const options = { appHeader: "Authorization" };

  async function bound(headers: Headers, app = shopRoutes(options)) {
    const { binding } = (await (await app.start(headers)).json()) as { binding?: string };
    return { ...app, binding };
  }

  it("a native app without Origin gets a token and a binding, and no cookie", async () => {
    const response = await shopRoutes(options).start(APP);
    expect([response.status, response.headers.getSetCookie()]).toEqual([200, []]);
    expect(await response.json()).toMatchObject({
      token: TOKEN,
      binding: expect.stringMatching(/^[\w-]+\.[\w-]{43}$/) as string,
    });
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
  });

  it("a native app is confirmed with the binding that came with the token", async () => {
    const { confirm, binding } = await bound(APP);
    expect(await statusAndBody(await confirm(APP, { binding }))).toEqual([200, true]);
  });

  it.each<[string, (binding: string) => unknown]>([
    ["without a binding", () => undefined],
    ["with a made-up binding", () => `${"A".repeat(40)}.${"A".repeat(43)}`],
    ["with an altered binding", (binding) => `${binding.slice(0, -2)}AA`],
    ["with a binding in a list", (binding) => [binding]],
  ])("the confirm route refuses a native app %s", async (_, change) => {
    const { confirm, binding = "", isConfirmed } = await bound(APP);
    const response = await confirm(APP, { binding: change(binding) });
    expect(await statusAndBody(response)).toEqual([403, { error: "state_not_bound" }]);
    expect(isConfirmed).not.toHaveBeenCalled();
  });

  it("the confirm route refuses a native app with the binding of another user", async () => {
    const { confirm, binding } = await bound(APP);
    const response = await confirm({ authorization: "Bearer bob" }, { binding });
    expect(await statusAndBody(response)).toEqual([403, { error: "state_not_bound" }]);
  });

  it("getUser does not get the Cookie header or the server's own request if the caller is a native app", async () => {
    const { start, getUser } = shopRoutes(options);
    const headers = { authorization: "Bearer !", ...ADA };
    const host = { user: "eve" };
    expect((await start(headers, "https://shop.test/api", host)).status).toBe(401);
    const [request, given] = getUser.mock.calls[0] ?? [];
    expect([request?.headers.get("cookie"), given]).toEqual([null, undefined]);
    expect(request?.headers.get("authorization")).toBe("Bearer !");
  });

  it.each<[string, Headers]>([
    ["of another site", { origin: "https://evil.test", "sec-fetch-site": "cross-site" }],
    ["of a sibling site", { origin: "https://x.shop.test", "sec-fetch-site": "same-site" }],
    ["of another origin in an older browser", { origin: "https://evil.test" }],
    ["in a sandboxed frame", { origin: "null" }],
    ["that the browser itself opened", { "sec-fetch-site": "none" }],
  ])(
    "a request with the app's header from a page %s is refused as cross_site",
    async (_, headers) => {
      const { start, getUser } = shopRoutes(options);
      expect(await statusAndBody(await start({ ...APP, ...ADA, ...headers }))).toEqual(CROSS_SITE);
      expect(getUser).not.toHaveBeenCalled();
    },
  );

  it("the token route refuses a CORS preflight for the header of appHeader from another site", async () => {
    const response = await shopRoutes(options).preflight({
      origin: "https://evil.test",
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type",
    });
    expect(response.status).toBe(405);
    expect([...response.headers.keys()].join()).not.toContain("access-control");
  });

  it("a request without the app's header, or without the option appHeader, is refused as cross_site", async () => {
    expect(await statusAndBody(await shopRoutes(options).start(ADA))).toEqual(CROSS_SITE);
    expect(await statusAndBody(await shopRoutes(options).start({ authorization: "" }))).toEqual(
      CROSS_SITE,
    );
    expect(await statusAndBody(await shopRoutes().start(APP))).toEqual(CROSS_SITE);
  });

  it("a page of the shop that also sends the app's header gets a cookie and no binding", async () => {
    const app = shopRoutes(options);
    const headers = { ...SAME, ...APP, origin: "https://shop.test" };
    const response = await app.start(headers);
    const cookie = cookieOf(response).split(";")[0] ?? "";
    expect(cookie).toMatch(/^__Host-/);
    expect(await response.json()).not.toHaveProperty("binding");
    const binding = cookie.slice(cookie.indexOf("=") + 1);
    expect((await app.confirm(headers, { binding })).status).toBe(403);
    expect((await app.confirm({ ...headers, cookie: `session=ada; ${cookie}` })).status).toBe(200);
    // The cookie's value does not work as the binding of an app either.
    expect((await app.confirm(APP, { binding })).status).toBe(403);
  });

  it.each([
    ["capacitor://localhost", "cross-site"],
    ["https://localhost", "cross-site"],
  ])(
    "a web view on %s, whose requests are %s, is confirmed with a binding",
    async (origin, site) => {
      const app = shopRoutes({ ...options, allowedOrigins: [origin] });
      const headers = { ...APP, origin, "sec-fetch-site": site };
      const { confirm, binding } = await bound(headers, app);
      expect((await confirm(headers, { binding })).status).toBe(200);
    },
  );

  it("a page of an allowed origin on the same site gets a cookie, even with the app's header", async () => {
    const origin = "https://www.shop.test";
    const headers = { ...APP, origin, "sec-fetch-site": "same-site" };
    const response = await shopRoutes({ ...options, allowedOrigins: [origin] }).start(headers);
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
  ])("appHeader cannot be %j", (appHeader) => {
    expect(() => shopRoutes({ appHeader })).toThrow(/Expected appHeader/);
  });
});
