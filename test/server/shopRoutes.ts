import { vi } from "vitest";
import { createConfirmHandler, createConnectTokenHandler } from "../../src/server/index.js";
import { benjiAnswering, KEY, URL_OF_BENJI } from "./benji.js";
import { STATE } from "./shop.js";

export type Headers = Record<string, string>;

/** A shop with the token and confirm routes. The caller sets the request headers. */
export function shopRoutes(options: Record<string, unknown> = {}) {
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

export const ADA = { cookie: "session=ada" };
export const statusAndBody = async (response: Response) =>
  [response.status, await response.json()] as const;
export const CROSS_SITE = [403, { error: "cross_site" }];
export const SAME = { "sec-fetch-site": "same-origin", ...ADA };
export const cookieOf = (response: Response) => response.headers.getSetCookie()[0] ?? "";
