import { afterEach, describe, expect, it, vi } from "vitest";
import {
  BenjiRefusedRequest,
  createConnectTokenHandler,
  createWebhookHandler,
} from "../../src/server/index.js";

const URL_OF_ROUTE = "https://shop.example/api/benji/connect-token";
const SECRET = "tok-secret";

const post = (headers: Record<string, string> = {}, body = "{}") =>
  new Request(URL_OF_ROUTE, {
    method: "POST",
    headers: { "content-type": "application/json", "sec-fetch-site": "same-origin", ...headers },
    body,
  });

const routeWith = (options: object = {}) =>
  createConnectTokenHandler({
    apiKey: "key-of-a-partner",
    baseUrl: "https://api.staging.withbenji.com",
    getUser: () => null as { id: string } | null,
    createRequest: () => ({ partnershipId: 49, mode: "connect" as const }),
    ...options,
  });

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe("a refused request", () => {
  it.each<[code: string, status: number, message: RegExp, request: () => Request]>([
    ["method_not_allowed", 405, /Expected POST/, () => new Request(URL_OF_ROUTE)],
    [
      "unsupported_media_type",
      415,
      /application\/json/,
      () => post({ "content-type": "text/plain" }),
    ],
    ["invalid_json", 400, /JSON\.stringify/, () => post({}, `${SECRET}{`)],
    ["unauthenticated", 401, /getUser/, () => post()],
    [
      "cross_site",
      403,
      /on https:\/\/evil\.example, and this route on https:\/\/shop\.example\./,
      () => post({ "sec-fetch-site": "cross-site", origin: "https://evil.example" }),
    ],
  ])(
    "onError gets the refusal %s as a BenjiRefusedRequest",
    async (code, status, message, request) => {
      const errors: unknown[] = [];
      const answer = await routeWith({ onError: (error: unknown) => errors.push(error) })(
        request(),
      );
      expect([answer.status, errors.length]).toEqual([status, 1]);
      const [error] = errors as BenjiRefusedRequest[];
      expect(error).toBeInstanceOf(BenjiRefusedRequest);
      expect([error?.refusal, error?.httpStatus]).toEqual([code, status]);
      expect(error?.message).toMatch(message);
      expect(error?.message).not.toContain(SECRET);
    },
  );

  it.each([
    ["development", 1],
    ["production", 0],
    ["test", 0],
  ])("without onError a refusal in %s writes %d messages to the console", async (mode, count) => {
    vi.stubEnv("NODE_ENV", mode);
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    await routeWith()(post());
    expect(warn).toHaveBeenCalledTimes(count);
    await createWebhookHandler({ salt: "a salt", on: {} })(post());
    await vi.waitFor(() => expect(warn).toHaveBeenCalledTimes(2 * count));
  });
});
