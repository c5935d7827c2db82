import { describe, expect, it, vi } from "vitest";
import {
  type ConfirmHandlerOptions,
  createConfirmHandler,
  createConnectTokenHandler,
} from "../../src/server/index.js";
import { benjiAnswering, KEY, URL_OF_BENJI } from "./benji.js";

interface User {
  id: string;
}

const SHOP = "https://shop.test";
const stateNo = (n: number) => `benji.${String(n).padStart(43, "A")}`;
const STATE = stateNo(1);
const CLAIM = { status: "success", state: STATE, benjiUserUuid: "uuid-1" };

/** A shop with both routes, and one browser that keeps its cookies. */
function visit(overrides: Partial<ConfirmHandlerOptions<User>> = {}, origin = SHOP) {
  const cookies = new Map<string, string>();
  const isConfirmed = vi.fn<ConfirmHandlerOptions<User>["isConfirmed"]>(() => ({ points: 5 }));
  const getUser = () => ({ id: "ada" });
  const getToken = createConnectTokenHandler<User>({
    apiKey: KEY,
    baseUrl: URL_OF_BENJI,
    fetch: benjiAnswering().fetch,
    getUser,
    createRequest: () => ({ partnershipId: 49, mode: "connect" }),
    ...(overrides.publicOrigin && { publicOrigin: overrides.publicOrigin }),
  });
  const confirm = createConfirmHandler<User>({ getUser, isConfirmed, ...overrides });

  const send = async (handle: (request: Request) => Promise<Response>, body: unknown) => {
    const cookie = [...cookies].map((pair) => pair.join("=")).join("; ");
    const headers = { "content-type": "application/json", "sec-fetch-site": "same-origin", cookie };
    const init = { method: "POST", headers, body: JSON.stringify(body) };
    const response = await handle(new Request(`${origin}/api`, init));
    for (const line of response.headers.getSetCookie()) keep(cookies, line);
    return response;
  };
  return {
    cookies,
    isConfirmed,
    start: (state: unknown = STATE) => send(getToken, { state }),
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

const refused = (error: string) => ({ error });

describe("the cookie of the token route", () => {
  it("binds the state to this browser for an hour, readable by the server alone", async () => {
    const response = await visit().start();
    const [line = ""] = response.headers.getSetCookie();
    expect(line).toMatch(
      /^__Host-benji-[\w-]{43}=\d+; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=3600$/,
    );
    expect(line).not.toContain("A".repeat(10));
  });

  it.each(
    ["localhost", "127.0.0.1", "[::1]", "shop.localhost"].map((host) => `http://${host}:3000`),
  )("has neither prefix nor Secure on %s, where WebKit would drop it", async (origin) => {
    const [line = ""] = (await visit({}, origin).start()).headers.getSetCookie();
    expect(line).toMatch(/^benji-[\w-]{43}=\d+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=3600$/);
  });

  it("behind a proxy goes by the public origin", async () => {
    const inside = visit({ publicOrigin: SHOP }, "http://127.0.0.1:3000");
    const [line] = (await inside.start()).headers.getSetCookie();
    expect(line).toContain("; Secure");
    expect(await inside.ask()).toEqual([200, { points: 5 }]);
  });

  it("keeps five states at most: the sixth pushes the oldest out", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const browser = visit();
    for (const n of [1, 2, 3, 4, 5, 6]) {
      vi.advanceTimersByTime(1_000);
      await browser.start(stateNo(n));
    }
    vi.useRealTimers();
    expect(browser.cookies.size).toBe(5);
    expect(await browser.ask()).toEqual([403, refused("state_not_bound")]);
    expect((await browser.ask({ ...CLAIM, state: stateNo(6) }))[0]).toBe(200);
  });

  it.each([
    [SHOP, "__Host-benji-session"],
    ["http://localhost:3000", "benji-theme"],
  ])("on %s pushes out no cookie of the partner's own, such as %s", async (origin, name) => {
    const browser = visit({}, origin);
    browser.cookies.set(name, "theirs");
    for (const n of [1, 2, 3, 4, 5]) await browser.start(stateNo(n));
    expect(browser.cookies.get(name)).toBe("theirs");
    expect(browser.cookies.size).toBe(6);
  });

  it.each([7, "", "theirs", `benji.${"x".repeat(100)}`, { toString: () => STATE }])(
    "binds nothing where the state is %j",
    async (state) => {
      const browser = visit();
      expect((await browser.start(state)).status).toBe(200);
      expect(browser.cookies.size).toBe(0);
    },
  );
});

describe("createConfirmHandler", () => {
  it("hands the partner's answer to the page", async () => {
    const browser = visit();
    await browser.start();
    expect(await browser.ask()).toEqual([200, { points: 5 }]);
    expect(browser.isConfirmed).toHaveBeenCalledWith({
      user: { id: "ada" },
      state: STATE,
      claim: { status: "success", benjiUserUuid: "uuid-1" },
      request: expect.any(Request) as Request,
    });
    browser.isConfirmed.mockReturnValue(Promise.resolve(false));
    expect(await browser.ask()).toEqual([200, false]);
  });

  it("T6: refuses a flow that another browser has started, before the partner is asked", async () => {
    const [starter, stranger] = [visit(), visit()];
    await starter.start();
    expect(await stranger.ask()).toEqual([403, refused("state_not_bound")]);
    expect(stranger.isConfirmed).not.toHaveBeenCalled();
  });

  it("T5: the first claim of a flow stands: another id on the same state is a conflict", async () => {
    const browser = visit();
    await browser.start();
    browser.isConfirmed.mockReturnValue(false);
    await browser.ask({ ...CLAIM, benjiUserUuid: "guess" });
    expect(await browser.ask()).toEqual([409, refused("claim_conflict")]);
    expect(await browser.ask({ ...CLAIM, benjiUserUuid: "guess" })).toEqual([200, false]);
    expect(browser.isConfirmed).toHaveBeenCalledTimes(2);
  });

  it("takes the same claim again, in whatever order its fields come", async () => {
    const browser = visit();
    await browser.start();
    await browser.ask({ ...CLAIM, triggerEventId: "e" });
    const again = { triggerEventId: "e", benjiUserUuid: "uuid-1", state: STATE, status: "success" };
    expect((await browser.ask(again))[0]).toBe(200);
  });

  it("asks about one claim of many that come at once", async () => {
    const browser = visit();
    await browser.start();
    const ids = Array.from({ length: 20 }, (_, n) => `uuid-${n}`);
    const answers = await Promise.all(
      ids.map((benjiUserUuid) => browser.ask({ ...CLAIM, benjiUserUuid })),
    );
    expect(answers.filter(([status]) => status === 409)).toHaveLength(19);
    expect(browser.isConfirmed).toHaveBeenCalledOnce();
  });

  it("keeps claims where several servers look, if told to", async () => {
    const shared = new Map<string, string>();
    const claims = {
      putIfAbsent: (key: string, value: string) => {
        const before = shared.get(key) ?? null; // as Redis says it
        if (before === null) shared.set(key, value);
        return Promise.resolve(before);
      },
    };
    const browser = visit({ claims });
    await browser.start();
    await browser.ask();
    expect(shared.size).toBe(1);
    expect(JSON.stringify([...shared])).not.toContain(STATE);
    expect(await browser.ask({ ...CLAIM, status: "error" })).toEqual([
      409,
      refused("claim_conflict"),
    ]);
  });

  it.each([
    ["no state", { status: "success" }],
    ["a state of nobody's", { ...CLAIM, state: "theirs" }],
    ["another status", { ...CLAIM, status: "ok" }],
    ["an inherited status", JSON.parse('{"__proto__":{"status":"success"}}') as object],
    ["an id that is no text", { ...CLAIM, benjiUserUuid: 7 }],
    ["an empty id", { ...CLAIM, benjiUserId: "" }],
    ["an id over 512 characters", { ...CLAIM, triggerEventId: "x".repeat(513) }],
  ])("refuses a claim with %s", async (_, claim) => {
    const browser = visit();
    await browser.start();
    expect(await browser.ask(claim)).toEqual([400, refused("invalid_claim")]);
    expect(browser.isConfirmed).not.toHaveBeenCalled();
  });

  it.each([
    ["forgotten return", undefined],
    ["Response, which would say {},", Response.json({ error: "no" }, { status: 409 })],
  ])("takes no %s for a yes, and tells onError", async (_, confirmation) => {
    const onError = vi.fn();
    const browser = visit({ onError, isConfirmed: () => confirmation });
    await browser.start();
    expect(await browser.ask()).toEqual([500, refused("internal_error")]);
    // By our own check: what `Response.json(undefined)` does is up to the runtime.
    const message: unknown = expect.stringContaining("isConfirmed");
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message }));
  });

  it.each([{ getUser: undefined }, { isConfirmed: undefined }, { publicOrigin: "shop.test" }])(
    "is not made with %o",
    (wrong) => {
      const options = { getUser: () => null, isConfirmed: () => false, ...wrong } as never;
      expect(() => createConfirmHandler(options)).toThrow(/^Expected /);
    },
  );

  it("asks nobody who is not signed in", async () => {
    const browser = visit({ getUser: () => null });
    await browser.start();
    expect(await browser.ask()).toEqual([401, refused("unauthenticated")]);
  });
});
