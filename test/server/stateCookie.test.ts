import { createHash, webcrypto } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createConfirmHandler, createConnectTokenHandler } from "../../src/server/index.js";
import { KEY, URL_OF_BENJI } from "./benji.js";
import { CLAIM, refused, SHOP, STATE, stateNo, visit } from "./shop.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOT_BOUND = [403, refused("state_not_bound")];
const SECRET = "a secret of thirty-two bytes or more";
const OTHER_SECRET = "another secret of thirty-two bytes!!";

const onlyCookie = (cookies: Map<string, string>): [string, string] => {
  expect(cookies.size).toBe(1);
  return [...cookies][0] as [string, string];
};

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the cookie of the token route", () => {
  it("the state cookie is HttpOnly and SameSite, and is valid for an hour", async () => {
    const [line = ""] = (await visit().start()).headers.getSetCookie();
    expect(line).toMatch(
      /^__Host-benji-[\w-]{43}=[\w-]+\.[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=3600$/,
    );
    expect(line).not.toContain("A".repeat(10));
  });

  it.each(
    ["localhost", "127.0.0.1", "[::1]", "shop.localhost"].map((host) => `http://${host}:3000`),
  )(
    "the state cookie on %s has neither the prefix __Host- nor Secure, so that WebKit keeps the cookie",
    async (origin) => {
      const [line = ""] = (await visit({}, {}, origin).start()).headers.getSetCookie();
      expect(line).toMatch(
        /^benji-[\w-]{43}=[\w.-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=3600$/,
      );
    },
  );

  it("the state cookie behind a proxy is Secure if publicOrigin is https", async () => {
    const inside = visit({ publicOrigin: SHOP }, { publicOrigin: SHOP }, "http://127.0.0.1:3000");
    const [line] = (await inside.start()).headers.getSetCookie();
    expect(line).toContain("; Secure");
    expect(await inside.ask()).toEqual([200, { points: 5 }]);
  });

  it("the state cookie does not contain the user id, and two flows have different values", async () => {
    const createRequest = () =>
      ({ partnershipId: 49, mode: "connect", userExternalId: "ada@shop.test" }) as const;
    const browser = visit({}, { createRequest });
    await browser.start();
    await browser.start(stateNo(2));
    const payloads = [...browser.cookies.values()].map((value) => {
      const text = Buffer.from(value.split(".")[0] ?? "", "base64url").toString();
      expect(text).not.toContain("ada");
      return JSON.parse(text) as { u: string; x: string };
    });
    expect(payloads[0]?.u).not.toBe(payloads[1]?.u);
    expect(payloads[0]?.x).not.toBe(payloads[1]?.x);
  });

  it("the sixth start of a browser replaces the oldest of its five state cookies", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const browser = visit();
    for (const n of [1, 2, 3, 4, 5, 6]) {
      vi.advanceTimersByTime(1_000);
      await browser.start(stateNo(n));
    }
    expect(browser.cookies.size).toBe(5);
    expect(await browser.ask()).toEqual(NOT_BOUND);
    expect((await browser.ask({ ...CLAIM, state: stateNo(6) }))[0]).toBe(200);
  });

  it.each([
    [SHOP, "__Host-benji-session"],
    [SHOP, `__Host-benji-${"x".repeat(43)}`],
    ["http://localhost:3000", "benji-theme"],
  ])("six starts on %s do not replace the partner's own cookie %s", async (origin, name) => {
    const browser = visit({}, {}, origin);
    browser.cookies.set(name, "theirs");
    for (const n of [1, 2, 3, 4, 5, 6]) await browser.start(stateNo(n));
    expect(browser.cookies.get(name)).toBe("theirs");
    expect(browser.cookies.size).toBe(6);
  });

  it.each([7, "", "theirs", `benji.${"x".repeat(100)}`, { toString: () => STATE }])(
    "the token route sets no cookie if the page sends the invalid state %j",
    async (state) => {
      const browser = visit();
      expect((await browser.start(state)).status).toBe(200);
      expect(browser.cookies.size).toBe(0);
    },
  );
});

describe("a prefetch (T36)", () => {
  it("a prefetch is refused with 429 before Benji is called if five flows are pending, and ends no flow", async () => {
    const browser = visit();
    await browser.start();
    const answers = [];
    for (const n of [2, 3, 4, 5, 6, 7])
      answers.push((await browser.start(stateNo(n), { prefetch: true })).status);
    expect(answers).toEqual([200, 200, 200, 200, 429, 429]);
    expect(browser.asked).toHaveLength(5);
    for (const state of [STATE, ...[2, 3, 4, 5].map(stateNo)])
      expect((await browser.ask({ ...CLAIM, state }))[0]).toBe(200);
  });

  it("twenty prefetches in a row keep one cookie, because each replaces the prefetch before", async () => {
    const browser = visit();
    await browser.start();
    for (let n = 10; n < 30; n++) {
      const hover = { prefetch: true, replaces: stateNo(n - 1) };
      expect((await browser.start(stateNo(n), hover)).status).toBe(200);
    }
    expect(browser.cookies.size).toBe(2);
    expect((await browser.ask())[0]).toBe(200);
  });

  it("a prefetch may replace a flow that has expired", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const browser = visit();
    for (const n of [1, 2, 3, 4, 5]) await browser.start(stateNo(n));
    vi.advanceTimersByTime(HOUR);
    expect((await browser.start(stateNo(6), { prefetch: true })).status).toBe(200);
    expect(browser.cookies.size).toBe(1);
  });
});

describe("state cookies that the confirm route refuses (T32)", () => {
  it("the confirm route refuses a made-up state cookie", async () => {
    const browser = visit();
    const hash = createHash("sha256").update(STATE).digest("base64url");
    for (const value of [String(Date.now()), `${"A".repeat(40)}.${"A".repeat(43)}`, "", "x.y"]) {
      browser.cookies.set(`__Host-benji-${hash}`, value);
      expect(await browser.ask()).toEqual(NOT_BOUND);
    }
    expect(browser.isConfirmed).not.toHaveBeenCalled();
  });

  it("the confirm route refuses a state cookie in which one character was changed", async () => {
    const browser = visit();
    await browser.start();
    const [name, value] = onlyCookie(browser.cookies);
    for (let at = 0; at < value.length - 1; at += 3) {
      const other = value[at] === "Q" ? "R" : "Q";
      browser.cookies.set(name, value.slice(0, at) + other + value.slice(at + 1));
      expect(await browser.ask()).toEqual(NOT_BOUND);
    }
    browser.cookies.set(name, value);
    expect((await browser.ask())[0]).toBe(200);
  });

  it("the confirm route refuses a state cookie with this flow's name and another flow's value", async () => {
    const browser = visit();
    await browser.start(stateNo(2));
    const [, value] = onlyCookie(browser.cookies);
    const hash = createHash("sha256").update(STATE).digest("base64url");
    browser.cookies.set(`__Host-benji-${hash}`, value);
    expect(await browser.ask()).toEqual(NOT_BOUND);
  });

  it("the confirm route refuses a state cookie that was signed with another key", async () => {
    const browser = visit({ apiKey: "another-key" });
    await browser.start();
    expect(await browser.ask()).toEqual(NOT_BOUND);
  });

  it.each(["\u2000", "\u00a0", "\v", "\f", "\ufeff"])(
    "the confirm route refuses a state cookie whose name begins with the space %j",
    async (space) => {
      const browser = visit();
      await browser.start();
      const [name, value] = onlyCookie(browser.cookies);
      const confirm = createConfirmHandler({
        apiKey: KEY,
        getUser: () => "ada",
        isConfirmed: () => true,
      });
      const ask = (cookie: string) => {
        const request = new Request(SHOP, {
          method: "POST",
          body: JSON.stringify(CLAIM),
          headers: { "content-type": "application/json", "sec-fetch-site": "same-origin" },
        });
        // Node refuses such a header, but workerd passes it on.
        const get = (header: string) => (header === "cookie" ? cookie : undefined);
        const headers = new Proxy(request.headers, {
          get: (target, key) =>
            key === "get"
              ? (header: string) => get(header) ?? target.get(header)
              : (Reflect.get(target, key) as (...args: unknown[]) => unknown).bind(target),
        });
        return confirm(new Proxy(request, { get: (from, key) => withHeaders(from, key, headers) }));
      };
      expect((await ask(`a=b;${space}${name}=${value}`)).status).toBe(403);
      expect((await ask(`a=b; \t${name}=${value} `)).status).toBe(200);
    },
  );

  it.each([
    ["in front of a name without a value", (spaces: string) => `${spaces}x`],
    ["in a name", (spaces: string) => `a${spaces}b=c`],
    ["in a value", (spaces: string) => `a=b${spaces}c`],
    ["and semicolons", (spaces: string) => spaces.replaceAll("  ", " ;")],
  ])(
    "the confirm route accepts a cookie header with 16 kB of spaces %s (T40)",
    async (_, padding) => {
      const browser = visit();
      await browser.start();
      browser.cookies.set("padding", `1; ${padding(" \t".repeat(8_192))}`);
      expect((await browser.ask())[0]).toBe(200);
    },
  );

  it("the confirm route refuses a state cookie after the lifetimeMs of the token route", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const day = visit({}, { lifetimeMs: 24 * HOUR });
    const [line] = (await day.start()).headers.getSetCookie();
    expect(line).toContain("Max-Age=86400");
    vi.advanceTimersByTime(24 * HOUR - 1);
    expect((await day.ask())[0]).toBe(200);
    vi.advanceTimersByTime(1);
    expect(await day.ask()).toEqual(NOT_BOUND);
  });
});

describe("the user of a flow (T34)", () => {
  it("the confirm route refuses a flow that another user started in the same browser", async () => {
    const browser = visit();
    await browser.start();
    browser.session.user = { id: "bob" };
    expect(await browser.ask()).toEqual(NOT_BOUND);
    expect(browser.isConfirmed).not.toHaveBeenCalled();
    browser.session.user = { id: "ada" };
    expect((await browser.ask())[0]).toBe(200);
  });

  it("the option userId identifies the user on both routes", async () => {
    const userId = ({ id }: { id: string }) => id.toLowerCase();
    const browser = visit({ userId }, { userId });
    await browser.start();
    browser.session.user = { id: "ADA" };
    expect((await browser.ask())[0]).toBe(200);
  });

  it.each(["ada", 7])(
    "a user that is the text or number %j is identified by that value on both routes",
    async (user) => {
      const browser = visit({ getUser: () => user as never }, { getUser: () => user as never });
      await browser.start();
      expect((await browser.ask())[0]).toBe(200);
    },
  );

  it.each([
    ["without an id", { name: "Ada" }],
    ["whose id is inherited", Object.create({ id: "ada" }) as object],
    ["whose id is an object", { id: { $oid: "1" } }],
    ["whose id is empty", { id: "" }],
    ["whose id is NaN", { id: NaN }],
    ["that is a list", ["ada"]],
    ["that is true", true],
  ])("the token route answers 500 for a user %s", async (_, user) => {
    const browser = visit({}, { getUser: () => user as never });
    expect((await browser.start()).status).toBe(500);
    expect(String(browser.errors[0])).toContain("userId: (user) =>");
    expect(browser.asked).toEqual([]);
  });

  it.each([undefined, null, "", {}, Promise.resolve("ada")])(
    "the token route answers 500 if userId returns %o",
    async (id) => {
      const browser = visit({}, { userId: () => id as never });
      expect((await browser.start()).status).toBe(500);
      expect(String(browser.errors[0])).toContain("Expected userId(user)");
    },
  );
});

describe("the signing key of the state cookie", () => {
  it("with stateSecret the confirm route needs no API key to verify the state cookie", async () => {
    const browser = visit({ apiKey: undefined, stateSecret: SECRET }, { stateSecret: SECRET });
    await browser.start();
    expect((await browser.ask())[0]).toBe(200);
  });

  it.each([
    ["stateSecret", { stateSecret: [OTHER_SECRET, SECRET] }, { stateSecret: SECRET }],
    ["apiKey", { apiKey: ["new-key", KEY] }, { apiKey: KEY }],
  ])(
    "with a list as %s the first key signs the state cookie, and a cookie of the other key is accepted",
    async (_, both, before) => {
      const halfWay = visit(both, before);
      await halfWay.start();
      expect((await halfWay.ask())[0]).toBe(200);
      const swapped = visit(before, both); // signed with the new key, which the confirm route does not have
      await swapped.start();
      expect(await swapped.ask()).toEqual(NOT_BOUND);
    },
  );

  it("of a list of API keys the first is sent to Benji", async () => {
    const browser = visit({}, { apiKey: ["new-key", KEY] });
    await browser.start();
    expect(browser.asked[0]?.request.headers.get("x-api-key")).toBe("new-key");
  });

  it("the signing key is derived by HKDF from the API key and the name of this package", async () => {
    const browser = visit();
    await browser.start();
    const [name, value] = onlyCookie(browser.cookies);
    const [payload, signature] = value.split(".");
    const text = `cookie\n${name.slice("__Host-benji-".length)}\n${payload}`;
    const hmac = async (key: Uint8Array<ArrayBuffer>) => {
      const imported = await webcrypto.subtle.importKey(
        "raw",
        key,
        { name: "HMAC", hash: "SHA-256" },
        false,
        ["sign"],
      );
      const bytes = await webcrypto.subtle.sign("HMAC", imported, new TextEncoder().encode(text));
      return Buffer.from(bytes).toString("base64url");
    };
    const { hkdfSync } = await import("node:crypto");
    const derived = hkdfSync("sha256", KEY, "", "react-benji-connect state cookie 1", 32);
    expect(signature).toBe(await hmac(new Uint8Array(derived)));
    expect(signature).not.toBe(await hmac(new TextEncoder().encode(KEY)));
  });

  it("a runtime that has only WebCrypto accepts a state cookie that was signed with node:crypto", async () => {
    const started = visit();
    await started.start();
    vi.stubGlobal("process", { ...process, getBuiltinModule: undefined });
    const edge = visit();
    for (const cookie of started.cookies) edge.cookies.set(...cookie);
    expect((await edge.ask())[0]).toBe(200);
  });

  it.each([
    [{}, /apiKey.*stateSecret/],
    [{ stateSecret: "x".repeat(31) }, /32 random bytes/],
    [{ stateSecret: [] }, /at least one/],
    [{ stateSecret: [SECRET, ""] }, /32 random bytes/],
    [{ apiKey: [] }, /at least one/],
    [{ apiKey: "" }, /apiKey/],
  ])(
    "createConfirmHandler throws without a signing key and with a weak signing key: %j",
    (signing, message) => {
      const options = { getUser: () => "ada", isConfirmed: () => true, ...signing };
      expect(() => createConfirmHandler(options)).toThrow(message);
    },
  );
});

describe("the content of the state cookie", () => {
  const action = { mode: "transfer", amount: 1_000, allowsEditing: false } as const;

  it("isConfirmed gets the mode, the actions, the start time and the user id of the flow from the state cookie", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: 1_764_060_000_000 });
    const browser = visit(
      {},
      {
        createRequest: () => ({
          partnershipId: 49,
          mode: 3,
          userExternalId: "member-7",
          actions: [{ ...action, mode: 4 }],
        }),
      },
    );
    await browser.start();
    vi.advanceTimersByTime(MINUTE);
    await browser.ask();
    const flow = browser.isConfirmed.mock.calls[0]?.[0].flow;
    expect(flow).toMatchObject({
      mode: "transfer",
      actions: [{ mode: "redeem", amount: 1_000, allowsEditing: false }],
      startedAt: new Date(1_764_060_000_000),
    });
    expect(await flow?.isUserExternalId("member-7")).toBe(true);
    expect(await flow?.isUserExternalId("member-8")).toBe(false);
  });

  it("isUserExternalId is false for the empty text if the token was created without a user id", async () => {
    const browser = visit();
    await browser.start();
    await browser.ask();
    const flow = browser.isConfirmed.mock.calls[0]?.[0].flow;
    expect(await flow?.isUserExternalId("")).toBe(false);
    expect(flow?.actions).toBeUndefined();
  });

  it.each([0, 1, 5, 20])("the state cookie is at most 512 bytes with %i actions", async (count) => {
    const actions = Array.from({ length: count }, (_, n) => ({ ...action, amount: 1e15 + n }));
    const createRequest = () =>
      ({ partnershipId: 49, mode: "transfer", userExternalId: "x".repeat(500), actions }) as const;
    const browser = visit({}, { createRequest, lifetimeMs: 24 * HOUR });
    await browser.start();
    expect(onlyCookie(browser.cookies).join("=").length).toBeLessThanOrEqual(512);
    await browser.ask();
    const { flow } = browser.isConfirmed.mock.calls[0]?.[0] ?? {};
    const text = JSON.stringify(actions.map(({ amount }) => [3, amount, false]));
    const actionsHash = createHash("sha256").update(text).digest("base64url");
    expect(flow).toMatchObject(count > 5 ? { actionsHash } : { actions });
  });

  it.each([0, 59_999, 86_400_001, 60_000.5, NaN, Infinity, "3600000", null])(
    "createConnectTokenHandler throws with a lifetimeMs of %j",
    (lifetimeMs) => {
      expect(() =>
        createConnectTokenHandler({
          apiKey: KEY,
          baseUrl: URL_OF_BENJI,
          getUser: () => "ada",
          createRequest: () => ({ partnershipId: 49, mode: "connect" }),
          lifetimeMs: lifetimeMs as never,
        }),
      ).toThrow(/lifetimeMs/);
    },
  );
});

/** A property of the request, whose headers are replaced. */
const withHeaders = (request: Request, key: string | symbol, headers: Headers): unknown => {
  if (key === "headers") return headers;
  const value: unknown = Reflect.get(request, key);
  return typeof value === "function" ? (value as () => unknown).bind(request) : value;
};
