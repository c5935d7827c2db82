import { describe, expect, it, vi } from "vitest";
import { expectRefusal, post, postWith, ROUTE, tokenRoute, type Options } from "./tokenRoute.js";

describe("callers of the token route", () => {
  it.each(["GET", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH"])(
    "the token route refuses a request with the method %s",
    async (method) => {
      const { handle, asked } = tokenRoute();
      const headers = { "sec-fetch-site": "same-origin" };
      const response = await handle(new Request(ROUTE, { method, headers }));
      expect(response.headers.get("allow")).toBe("POST");
      await expectRefusal(response, 405, "method_not_allowed");
      expect(asked).toEqual([]);
    },
  );

  it.each<[string, Record<string, string>]>([
    ["a cross-site page", { "sec-fetch-site": "cross-site" }],
    ["a sibling site", { "sec-fetch-site": "same-site" }],
    ["the address bar", { "sec-fetch-site": "none" }],
    ["a form on another site", { "sec-fetch-site": "cross-site", "content-type": "text/plain" }],
    [
      "a cross-site page that sends the shop's origin",
      { "sec-fetch-site": "cross-site", origin: "https://shop.test" },
    ],
    ["an older browser on another origin", { origin: "https://evil.test" }],
    ["an origin that begins like the shop's origin", { origin: "https://shop.test.evil.test" }],
    ["the shop's host over http", { origin: "http://shop.test" }],
    ["a sandboxed frame", { origin: "null" }],
    ["a client without Sec-Fetch-Site and Origin", {}],
    [
      "another site with forged proxy headers",
      {
        origin: "https://evil.test",
        "x-forwarded-host": "evil.test",
        "x-forwarded-proto": "https",
      },
    ],
  ])("the token route refuses a request from %s as cross_site", async (_, headers) => {
    const getUser = vi.fn(() => ({ id: "ada" }));
    const { handle, asked } = tokenRoute({ getUser });
    await expectRefusal(await handle(postWith(headers)), 403, "cross_site");
    expect(getUser).not.toHaveBeenCalled();
    expect(asked).toEqual([]);
  });

  it("the token route accepts an older browser that sends only Origin, if it is the shop's own", async () => {
    expect((await tokenRoute().handle(postWith({ origin: "https://shop.test" }))).status).toBe(200);
  });

  it("behind a proxy the token route accepts publicOrigin, and refuses the inner origin", async () => {
    const { handle } = tokenRoute({ publicOrigin: "https://shop.test/" });
    const inner = "http://10.0.0.7:8080/token";
    expect((await handle(postWith({ origin: "https://shop.test" }, inner))).status).toBe(200);
    const response = await handle(postWith({ origin: "http://10.0.0.7:8080" }, inner));
    await expectRefusal(response, 403, "cross_site");
  });

  it.each([null, undefined])(
    "the token route refuses a request as unauthenticated if getUser returns %s",
    async (user) => {
      const createRequest = vi.fn<Options["createRequest"]>();
      const { handle, asked } = tokenRoute({ getUser: () => user, createRequest });
      await expectRefusal(await handle(post()), 401, "unauthenticated");
      expect(createRequest).not.toHaveBeenCalled();
      expect(asked).toEqual([]);
    },
  );
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

  it("a page of an allowed origin may request a token with credentials, also by preflight", async () => {
    const { handle } = tokenRoute({ allowedOrigins });
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

  it("a page of an allowed origin can read why its token request was refused", async () => {
    const { handle } = tokenRoute({ allowedOrigins, getUser: () => null });
    const answer = await handle(postWith({ origin: ADMIN }));
    expect(answer.status).toBe(401);
    expect(corsOf(answer)).toEqual(CREDENTIALED);
  });

  it.each(["https://evil.test", `${ADMIN}.evil.test`, "http://admin.shop.test", "null", "*"])(
    "a page of %s, which is not an allowed origin, gets neither CORS headers nor a token (T17)",
    async (origin) => {
      const { handle, asked } = tokenRoute({ allowedOrigins });
      const before = await handle(preflight(origin));
      expect([before.status, corsOf(before)]).toEqual([405, []]);
      const answer = await handle(postWith({ origin, "sec-fetch-site": "cross-site" }));
      expect([answer.status, corsOf(answer)]).toEqual([403, []]);
      expect(asked).toEqual([]);
    },
  );

  it.each(["*", "admin.shop.test", "https://a.test/path", 7])(
    "allowedOrigins cannot contain %j",
    (origin) => {
      expect(() => tokenRoute({ allowedOrigins: [origin as string] })).toThrow(/allowedOrigins/);
    },
  );
});

describe("a rate limiter", () => {
  it("isRateLimited is called with the known user, and a 429 is sent before Benji is called", async () => {
    const isRateLimited = vi.fn(() => Promise.resolve(true));
    const { handle, asked } = tokenRoute({ isRateLimited });
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

describe("the body of a token request", () => {
  it.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=application/json",
    "text/plain; application/json",
    "application/json, text/plain",
    "application/jsonp",
    "",
  ])("a token request with the content type %j is refused", async (contentType) => {
    const { handle, asked } = tokenRoute();
    const response = await handle(post({}, { "content-type": contentType }));
    await expectRefusal(response, 415, "unsupported_media_type");
    expect(asked).toEqual([]);
  });

  it("a token request of JSON with a charset is accepted", async () => {
    const request = post({}, { "content-type": "Application/JSON; charset=utf-8" });
    expect((await tokenRoute().handle(request)).status).toBe(200);
  });

  it.each<[string, BodyInit]>([
    ["half of a JSON object", "{"],
    ["empty", ""],
    ["an array", "[]"],
    ["null", "null"],
    ["text", '"connect"'],
    ["a number", "1"],
    ["not UTF-8", Buffer.from('{"a":"\xff"}', "latin1")],
  ])("a token request whose body is %s is refused as invalid_json", async (_, body) => {
    const { handle, asked } = tokenRoute();
    await expectRefusal(await handle(post({ body })), 400, "invalid_json");
    expect(asked).toEqual([]);
  });

  const bodyOf = (bytes: number) => JSON.stringify({ x: "a".repeat(bytes - '{"x":""}'.length) });

  it("a token request of 16 kB is accepted, and one byte more is refused", async () => {
    expect((await tokenRoute().handle(post({ body: bodyOf(16_384) }))).status).toBe(200);
    const { handle, asked } = tokenRoute();
    await expectRefusal(await handle(post({ body: bodyOf(16_385) })), 413, "body_too_large");
    expect(asked).toEqual([]);
  });

  it("a token request whose content-length is over the limit is refused before its body is read", async () => {
    const request = post({}, { "content-length": "16385" });
    await expectRefusal(await tokenRoute().handle(request), 413, "body_too_large");
    expect(request.bodyUsed).toBe(false);
  });

  it("the token route reads an endless body no further than its limit", async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1024;
        controller.enqueue(new Uint8Array(1024).fill(0x20));
      },
    });
    const request = post({ body: endless, duplex: "half" } as RequestInit);
    await expectRefusal(await tokenRoute().handle(request), 413, "body_too_large");
    expect(sent).toBeLessThan(32_768);
  });

  it("a token request whose body was read before is refused as body_already_read and reported to onError", async () => {
    const { handle, errors } = tokenRoute();
    const request = post();
    await request.text();
    await expectRefusal(await handle(request), 500, "body_already_read");
    expect(errors).toHaveLength(1);
  });
});
