import { afterEach, describe, expect, it, vi } from "vitest";
import { createBenjiClient } from "../../src/server/index.js";
import { benjiAnswering, KEY, okAnswer, TOKEN, URL_OF_BENJI } from "./benji.js";
import { ADA, cookieOf, CROSS_SITE, SAME, shopRoutes, statusAndBody } from "./shopRoutes.js";

afterEach(() => void vi.unstubAllEnvs());

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
    "without dangerouslyAllowHttpInDevelopment a route on %s refuses a start and reports the missing option",
    async (origin) => {
      const { start, errors } = shopRoutes();
      const response = await start({ ...SAME, origin }, `${origin}/api`);
      expect(await statusAndBody(response)).toEqual(CROSS_SITE);
      expect(String(errors)).toContain("dangerouslyAllowHttpInDevelopment");
      expect(() => shopRoutes({ publicOrigin: origin })).toThrow(
        "dangerouslyAllowHttpInDevelopment",
      );
    },
  );

  it.each(LOCAL)(
    "with dangerouslyAllowHttpInDevelopment a start on %s sets a cookie that browsers keep on http",
    async (origin) => {
      for (const named of [{}, { publicOrigin: origin }]) {
        const { start } = shopRoutes({ ...allowed, ...named });
        const response = await start({ ...SAME, origin }, `${origin}/api`);
        expect(response.status).toBe(200);
        // Browsers send no Sec-Fetch-Site to such an origin.
        expect((await start({ ...ADA, origin }, `${origin}/api`)).status).toBe(200);
        expect(cookieOf(response)).toMatch(
          /^benji-[\w-]{43}=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age/,
        );
      }
      expect(() => shopRoutes({ ...allowed, allowedOrigins: [origin] })).not.toThrow();
    },
  );

  it.each(PUBLIC)(
    "dangerouslyAllowHttpInDevelopment does not allow the public origin %s",
    async (origin) => {
      const { start, errors } = shopRoutes(allowed);
      expect(await statusAndBody(await start({ ...SAME, origin }, `${origin}/api`))).toEqual(
        CROSS_SITE,
      );
      expect(String(errors)).toContain("https");
      for (const named of [{ publicOrigin: origin }, { allowedOrigins: [origin] }])
        expect(() => shopRoutes({ ...allowed, ...named })).toThrow(/https/);
      const benji = { apiKey: KEY, baseUrl: origin, ...allowed };
      expect(() => createBenjiClient(benji)).toThrow(/https/);
    },
  );

  it("a client needs dangerouslyAllowHttpInDevelopment to call a sandbox at http://sandbox:4010", async () => {
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

  it("in production the routes and the client refuse dangerouslyAllowHttpInDevelopment", () => {
    vi.stubEnv("NODE_ENV", "production");
    expect(() => shopRoutes(allowed)).toThrow(/dangerouslyAllowHttpInDevelopment.*production/);
    const benji = { apiKey: KEY, baseUrl: URL_OF_BENJI, ...allowed };
    expect(() => createBenjiClient(benji)).toThrow(/production/);
    expect(() => shopRoutes({ dangerouslyAllowHttpInDevelopment: false })).not.toThrow();
  });

  it.each(["true", 1, {}, null])("dangerouslyAllowHttpInDevelopment cannot be %j", (value) => {
    expect(() => shopRoutes({ dangerouslyAllowHttpInDevelopment: value })).toThrow(
      /dangerouslyAllowHttpInDevelopment as true or false/,
    );
  });

  it("dangerouslyAllowHttpInDevelopment does not change the cookie on https", async () => {
    const response = await shopRoutes(allowed).start({ ...SAME, origin: "https://shop.test" });
    expect(cookieOf(response)).toMatch(/^__Host-.*Secure/);
  });
});
