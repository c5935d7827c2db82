import { describe, expect, it } from "vitest";
import { ADA, cookieOf, SAME, shopRoutes } from "./shopRoutes.js";

describe("CORS for an allowed origin", () => {
  const ADMIN = "https://admin.shop.test";
  const asking = {
    origin: ADMIN,
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization,content-type,traceparent,x-csrf-token",
  };

  it("a preflight of an allowed origin allows the requested headers, such as authorization and x-csrf-token", async () => {
    const { headers, status } = await shopRoutes({ allowedOrigins: [ADMIN] }).preflight(asking);
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
    "a preflight from %s, which is not an allowed origin, gets no CORS headers",
    async (origin) => {
      const response = await shopRoutes({ allowedOrigins: [ADMIN] }).preflight({
        ...asking,
        origin,
      });
      const cors = [...response.headers.keys()].filter((name) => name.startsWith("access-"));
      expect([response.status, cors]).toEqual([405, []]);
    },
  );

  it("a page of an allowed origin can read the header Retry-After of not yet", async () => {
    const { start, confirm } = shopRoutes({
      allowedOrigins: [ADMIN],
      isConfirmed: () => "not_yet",
    });
    const cookie = `${ADA.cookie}; ${cookieOf(await start({ ...ADA, origin: ADMIN })).split(";")[0]}`;
    const response = await confirm({ ...ADA, origin: ADMIN, cookie });
    expect([response.status, response.headers.get("retry-after")]).toEqual([202, "1"]);
    expect(response.headers.get("access-control-expose-headers")).toBe("retry-after");
  });

  it.each([
    [401, {}, {}],
    [403, {}, { "sec-fetch-site": "cross-site", cookie: "session=eve" }],
    [415, { ...ADA }, { "content-type": "text/plain" }],
  ])("a page of an allowed origin can read a refusal with HTTP %i", async (status, who, more) => {
    const { start, confirm } = shopRoutes({ allowedOrigins: [ADMIN] });
    const headers = { origin: ADMIN, ...who, ...more };
    const response = await (status === 403 ? confirm(headers) : start(headers));
    expect(response.status).toBe(status);
    expect(response.headers.get("access-control-allow-origin")).toBe(ADMIN);
    expect(response.headers.get("access-control-expose-headers")).toBe("retry-after");
  });

  it("the response has Vary: Origin, and keeps the partner's own Vary header", async () => {
    const createRequest = () => new Response("no", { status: 422, headers: { vary: "cookie" } });
    const { start } = shopRoutes({ allowedOrigins: [ADMIN], createRequest });
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
  ])(
    "allowedOrigins can name the non-http origin %s, and only the same text matches it",
    async (origin) => {
      const { start, preflight } = shopRoutes({ allowedOrigins: [origin] });
      const before = await preflight({ ...asking, origin });
      expect(before.headers.get("access-control-allow-origin")).toBe(origin);
      const headers = { ...ADA, origin, "sec-fetch-site": "cross-site" };
      expect((await start(headers)).headers.get("access-control-allow-origin")).toBe(origin);
      expect((await start({ ...headers, origin: `${origin}x` })).status).toBe(403);
      expect((await start({ ...headers, origin: "null" })).status).toBe(403);
    },
  );
});
