import { vi } from "vitest";
import {
  type ConfirmHandlerOptions,
  type ConnectTokenHandlerOptions,
  createConfirmHandler,
  createConnectTokenHandler,
} from "../../src/server/index.js";
import { benjiAnswering, KEY, URL_OF_BENJI } from "./benji.js";

export interface User {
  id: string;
}

type Handle = (request: Request) => Promise<Response>;
type TokenOptions = Partial<ConnectTokenHandlerOptions<User>>;
type ConfirmOptions = Partial<ConfirmHandlerOptions<User>>;

export const SHOP = "https://shop.test";
export const stateNo = (n: number) => `benji.${String(n).padStart(43, "A")}`;
export const STATE = stateNo(1);
export const CLAIM = { status: "success", state: STATE, benjiUserUuid: "uuid-1" };
export const refused = (error: string) => ({ error });

/** A shop with the token and confirm routes, and one browser that stores its cookies. */
export function visit(
  confirmOptions: ConfirmOptions = {},
  tokenOptions: TokenOptions = {},
  origin = SHOP,
) {
  const cookies = new Map<string, string>();
  const errors: unknown[] = [];
  const session: { user: User | null } = { user: { id: "ada" } };
  const isConfirmed = vi.fn<ConfirmHandlerOptions<User>["isConfirmed"]>(() => ({ points: 5 }));
  const shared = {
    apiKey: KEY,
    getUser: () => session.user,
    onError: (error: unknown) => void errors.push(error),
  };
  const benji = benjiAnswering();
  const getToken = createConnectTokenHandler<User>({
    ...shared,
    baseUrl: URL_OF_BENJI,
    fetch: benji.fetch,
    createRequest: () => ({ partnershipId: 49, mode: "connect" }),
    ...tokenOptions,
  });
  const confirm = createConfirmHandler<User>({ ...shared, isConfirmed, ...confirmOptions });

  const send = async (handle: Handle, body: unknown) => {
    const cookie = [...cookies].map((pair) => pair.join("=")).join("; ");
    const headers = { "content-type": "application/json", "sec-fetch-site": "same-origin", cookie };
    const init = { method: "POST", headers, body: JSON.stringify(body) };
    const response = await handle(new Request(`${origin}/api`, init));
    for (const line of response.headers.getSetCookie()) keep(cookies, line);
    return response;
  };
  return {
    cookies,
    errors,
    session,
    isConfirmed,
    asked: benji.asked,
    start: (state: unknown = STATE, more: object = {}) => send(getToken, { state, ...more }),
    respond: (claim: unknown = CLAIM) => send(confirm, claim),
    ask: async (claim: unknown = CLAIM) => {
      const response = await send(confirm, claim);
      return [response.status, await response.json()] as const;
    },
  };
}

function keep(cookies: Map<string, string>, line: string): void {
  const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
  if (line.includes("Max-Age=0")) cookies.delete(name);
  else cookies.set(name, value);
}
