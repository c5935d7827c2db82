import { expect } from "vitest";
import {
  createConnectTokenHandler,
  type ConnectTokenHandlerOptions,
} from "../../src/server/index.js";
import { type Answer, benjiAnswering, KEY, URL_OF_BENJI } from "./benji.js";

interface User {
  id: string;
}
export type Options = ConnectTokenHandlerOptions<User>;

export const ROUTE = "https://shop.test/api/benji/connect-token";

/** A token route for the user "ada". Records the requests to Benji and the errors that onError gets. */
export function tokenRoute(overrides: Partial<Options> = {}, answer?: Answer) {
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

/** A request as the shop's own page sends it. */
export function post(init: RequestInit = {}, headers: Record<string, string> = {}) {
  const own = { "content-type": "application/json", "sec-fetch-site": "same-origin", ...headers };
  return new Request(ROUTE, { method: "POST", body: "{}", ...init, headers: own });
}

/** A request with the content type and these headers only. */
export const postWith = (headers: Record<string, string>, url = ROUTE) =>
  new Request(url, {
    method: "POST",
    body: "{}",
    headers: { "content-type": "application/json", ...headers },
  });

export async function expectRefusal(response: Response, status: number, error: string) {
  expect([response.status, await response.json()]).toEqual([status, { error }]);
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(response.headers.get("content-type")).toBe("application/json");
}
