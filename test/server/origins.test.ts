import { describe, expect, it } from "vitest";
import { cookieOf, CROSS_SITE, SAME, shopRoutes, statusAndBody } from "./shopRoutes.js";

describe("a route behind a proxy that ends TLS (T41)", () => {
  it.each(["http://localhost:3000", "http://127.0.0.1:8080", "http://10.0.0.7", "http://app:3000"])(
    "if a proxy rewrites Host to %s, the route refuses and reports that publicOrigin is missing",
    async (inner) => {
      const { start, errors, asked } = shopRoutes();
      const response = await start({ ...SAME, origin: "https://shop.test" }, `${inner}/api`);
      expect(await statusAndBody(response)).toEqual(CROSS_SITE);
      expect(String(errors)).toMatch(/publicOrigin.*https:\/\/shop\.test.*http:\/\//);
      expect(asked).toEqual([]);
    },
  );

  it.each(["http://localhost:3000", "http://127.0.0.1:8080"])(
    "a route at %s behind a proxy reports a missing publicOrigin even if the page's origin is an allowed origin",
    async (inner) => {
      const { start, errors, asked } = shopRoutes({ allowedOrigins: ["https://www.shop.test"] });
      const headers = { ...SAME, "sec-fetch-site": "same-site", origin: "https://www.shop.test" };
      expect(await statusAndBody(await start(headers, `${inner}/api`))).toEqual(CROSS_SITE);
      expect(String(errors)).toMatch(/publicOrigin.*https:\/\/www\.shop\.test.*http:\/\//);
      expect(asked).toEqual([]);
    },
  );

  it("a route on loopback over http answers an allowed page on https of the same machine", async () => {
    const { start } = shopRoutes({ allowedOrigins: ["https://localhost:5173"] });
    const headers = { ...SAME, "sec-fetch-site": "cross-site", origin: "https://localhost:5173" };
    expect((await start(headers, "http://localhost:3000/api")).status).toBe(200);
  });

  it("with publicOrigin the state cookie has the prefix __Host- and is Secure", async () => {
    const { start } = shopRoutes({ publicOrigin: "https://shop.test" });
    const headers = { ...SAME, origin: "https://shop.test" };
    const cookie = cookieOf(await start(headers, "http://localhost:3000/api"));
    expect(cookie).toMatch(/^__Host-benji-.*; Secure/);
  });

  it("behind a proxy that keeps Host a start without publicOrigin succeeds and sets a cookie with __Host-", async () => {
    const { start } = shopRoutes();
    const headers = { ...SAME, origin: "https://shop.test" };
    const response = await start(headers, "http://shop.test/api");
    expect([response.status, cookieOf(response)]).toEqual([200, expect.stringMatching(/^__Host-/)]);
  });

  it("on loopback the page and the route may have different origins without publicOrigin", async () => {
    const headers = { ...SAME, origin: "http://localhost:5173" };
    const response = await shopRoutes().start(headers, "http://127.0.0.1:3000/api");
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
    "with %o a same-origin request with the foreign Origin %s is refused before getUser is called",
    async (options, origin) => {
      const { start, getUser } = shopRoutes(options);
      expect(await statusAndBody(await start({ ...SAME, origin }))).toEqual(CROSS_SITE);
      expect(getUser).not.toHaveBeenCalled();
    },
  );

  it("a same-origin request is accepted with the shop's own Origin, and without an Origin", async () => {
    const { start } = shopRoutes({ publicOrigin: "https://shop.test" });
    expect((await start({ ...SAME, origin: "https://shop.test" })).status).toBe(200);
    expect((await start(SAME)).status).toBe(200);
  });
});

describe("an invalid origin", () => {
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
  ])("the invalid origin in %o throws an error that says what to do", (options, message) => {
    expect(() => shopRoutes(options)).toThrow(message);
  });
});
