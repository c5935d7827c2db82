import { runInNewContext } from "node:vm";
import { describe, expect, it, vi } from "vitest";
import { type BenjiStore, BenjiApiError, createConfirmHandler } from "../../src/server/index.js";
import { parseRedirect } from "../../src/core/index.js";
import { KEY } from "./benji.js";
import { CLAIM, refused, STATE, stateNo, visit } from "./shop.js";

/** A shop whose isConfirmed answers this, whatever its type. */
async function answering(answer: unknown) {
  const browser = visit({ isConfirmed: () => answer as never });
  await browser.start();
  return browser;
}

describe("createConfirmHandler", () => {
  it("hands the partner's answer to the page", async () => {
    const browser = visit();
    await browser.start();
    expect(await browser.ask()).toEqual([200, { points: 5 }]);
    expect(browser.isConfirmed).toHaveBeenCalledWith({
      user: { id: "ada" },
      state: STATE,
      claim: { status: "success", benjiUserUuid: "uuid-1" },
      flow: expect.objectContaining({ mode: "connect" }) as object,
      attempt: 1,
      request: expect.any(Request) as Request,
      signal: expect.any(AbortSignal) as AbortSignal,
    });
  });

  it("says no with 409, and asks the partner again when it is asked again", async () => {
    const browser = visit();
    await browser.start();
    browser.isConfirmed.mockReturnValue(Promise.resolve(false));
    expect(await browser.ask()).toEqual([409, refused("not_confirmed")]);
    browser.isConfirmed.mockReturnValue(true);
    expect(await browser.ask()).toEqual([200, true]);
  });

  it("says not yet with 202, and with pauses that grow from one second to five", async () => {
    const browser = await answering("not_yet");
    const pauses = [];
    for (const attempt of [1, 2, 3, 4, 5, 6]) {
      const response = await browser.respond({ ...CLAIM, attempt });
      expect(response.status).toBe(202);
      expect(await response.json()).toEqual({ status: "not_yet" });
      pauses.push(response.headers.get("retry-after"));
    }
    expect(pauses).toEqual(["1", "2", "3", "4", "5", "5"]);
    expect(browser.errors).toEqual([]);
  });

  it("tells the partner which try it is", async () => {
    const browser = visit();
    await browser.start();
    await browser.ask({ ...CLAIM, attempt: 4 });
    expect(browser.isConfirmed.mock.calls[0]?.[0].attempt).toBe(4);
  });

  it("refuses a flow that another browser has started, before the partner is asked (T6)", async () => {
    const [starter, stranger] = [visit(), visit()];
    await starter.start();
    expect(await stranger.ask()).toEqual([403, refused("state_not_bound")]);
    expect(stranger.isConfirmed).not.toHaveBeenCalled();
  });

  it("asks nobody who is not signed in", async () => {
    const browser = visit();
    await browser.start();
    browser.session.user = null;
    expect(await browser.ask()).toEqual([401, refused("unauthenticated")]);
  });

  it.each([null, undefined, false, "", 0, NaN])(
    "takes nobody for a user: getUser answering %j is 401 on both routes (T37)",
    async (user) => {
      const browser = visit({ getUser: () => user as never }, { getUser: () => user as never });
      expect((await browser.start()).status).toBe(401);
      expect((await browser.ask())[0]).toBe(401);
      expect(browser.asked).toEqual([]);
    },
  );

  it.each([
    { getUser: undefined },
    { isConfirmed: undefined },
    { publicOrigin: "shop.test" },
    { timeoutMs: 0 },
    { userId: "id" },
  ])("is not made with %o", (wrong) => {
    const options = { apiKey: KEY, getUser: () => null, isConfirmed: () => false, ...wrong };
    expect(() => createConfirmHandler(options as never)).toThrow(/^Expected /);
  });
});

describe("a yes (T30)", () => {
  class Row {
    id = 1;
  }
  class Bare extends (null as unknown as new () => object) {}

  it.each([
    ["true", true, true],
    ["a plain object", { points: 5 }, { points: 5 }],
    ["an empty object", {}, {}],
    ["an object without a prototype", Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ["an object of another realm", runInNewContext("({ a: 1 })"), { a: 1 }],
    ["a row that was spread", { ...new Row() }, { id: 1 }],
  ])("is %s", async (_, answer, said) => {
    expect(await (await answering(answer)).ask()).toEqual([200, said]);
  });

  it.each([
    ["no null", null, /no row/],
    ["nothing that was forgotten", undefined, /return missing/],
    ["no 0", 0, /number/],
    ["no 1", 1, /number/],
    ["no NaN", NaN, /number/],
    ["no empty text", "", /string/],
    ["no text", "yes", /string/],
    ["no bigint", 1n, /bigint/],
    ["no symbol", Symbol("yes"), /symbol/],
    ["no function", () => true, /function/],
    ["no empty list", [], /list/],
    ["no list of rows", [{ id: 1 }], /list/],
    ["no Error", new Error("down"), /Error/],
    ["no Response", Response.json({ error: "no" }, { status: 409 }), /Response/],
    ["no class instance", new Row(), /spread it/],
    ["no instance of a class without a base", Object.create(Bare.prototype as object), /spread it/],
    ["no Map", new Map(), /spread it/],
    ["no Date", new Date(), /spread it/],
    ["no arguments", runInNewContext("(function () { return arguments })()"), /spread it/],
    ["no object that JSON makes something else of", { toJSON: () => false }, /JSON/],
  ])("is %s: an error that says what to do", async (_, answer, message) => {
    const browser = await answering(answer);
    expect(await browser.ask()).toEqual([500, refused("internal_error")]);
    expect(browser.errors).toHaveLength(1);
    expect(String(browser.errors[0])).toMatch(message);
    expect(String(browser.errors[0])).toContain("isConfirmed");
  });

  it("is never said to a return with an error: the partner is not even asked", async () => {
    const browser = await answering(true);
    expect(await browser.ask({ ...CLAIM, status: "error" })).toEqual([
      409,
      refused("not_confirmed"),
    ]);
    // And the same return with an edited status is another claim.
    expect(await browser.ask()).toEqual([409, refused("claim_conflict")]);
  });
});

describe("one question", () => {
  it("has a time limit: after it 503, whether isConfirmed looks at its signal or not", async () => {
    const signals: AbortSignal[] = [];
    const browser = visit({
      timeoutMs: 5,
      isConfirmed: ({ signal }) => {
        signals.push(signal);
        return new Promise(() => {});
      },
    });
    await browser.start();
    expect(await browser.ask()).toEqual([503, refused("confirm_timeout")]);
    expect(signals[0]?.aborted).toBe(true);
    expect(String(browser.errors[0])).toContain("isConfirmed to answer within 5 ms");
  });

  it.each([
    ["api_unreachable", 502, "benji_unavailable"],
    ["api_timeout", 504, "benji_timeout"],
    ["api_failed", 502, "benji_unavailable"],
    ["invalid_request", 500, "internal_error"],
  ] as const)("that Benji answers with %s is %i, which is no no", async (code, status, word) => {
    const error = new BenjiApiError(code, "…");
    const browser = visit({ isConfirmed: () => Promise.reject(error) });
    await browser.start();
    expect(await browser.ask()).toEqual([status, refused(word)]);
    expect(browser.errors).toEqual([error]);
  });
});

describe("the first claim of a flow", () => {
  it("stands: another id on the same state is a conflict (T5)", async () => {
    const browser = visit();
    await browser.start();
    browser.isConfirmed.mockReturnValue(false);
    await browser.ask({ ...CLAIM, benjiUserUuid: "guess" });
    expect(await browser.ask()).toEqual([409, refused("claim_conflict")]);
    const again = await browser.ask({ ...CLAIM, benjiUserUuid: "guess" });
    expect(again).toEqual([409, refused("not_confirmed")]);
    expect(browser.isConfirmed).toHaveBeenCalledTimes(2);
  });

  it("stands for its user alone: who has stolen a state cannot use it up (T33)", async () => {
    const shared = new Map<string, string>();
    const store = {
      putIfAbsent: (key: string, value: string) => {
        const before = shared.get(key) ?? null; // as Redis says it
        if (before === null) shared.set(key, value);
        return Promise.resolve(before);
      },
    };
    const [ada, thief] = [visit({ store }), visit({ store })];
    thief.session.user = { id: "mallory" };
    await ada.start();
    await thief.start(); // with Ada's state, under the thief's own name
    await thief.ask({ ...CLAIM, benjiUserUuid: "junk" });
    expect((await ada.ask())[0]).toBe(200);
    expect(shared.size).toBe(2);
    expect(JSON.stringify([...shared])).not.toContain(STATE);
  });

  it("may be asked about again, in whatever order its fields come", async () => {
    const browser = visit();
    await browser.start();
    await browser.ask({ ...CLAIM, triggerEventId: "e" });
    const again = {
      attempt: 2,
      triggerEventId: "e",
      benjiUserUuid: "uuid-1",
      state: STATE,
      status: "success",
    };
    expect((await browser.ask(again))[0]).toBe(200);
  });

  it("is one of many that come at once", async () => {
    const browser = visit();
    await browser.start();
    const ids = Array.from({ length: 20 }, (_, n) => `uuid-${n}`);
    const answers = await Promise.all(
      ids.map((benjiUserUuid) => browser.ask({ ...CLAIM, benjiUserUuid })),
    );
    expect(answers.filter(([status]) => status === 409)).toHaveLength(19);
    expect(browser.isConfirmed).toHaveBeenCalledOnce();
  });

  it("is kept as long as the flow may be confirmed", async () => {
    const lifetimes: number[] = [];
    const store: Pick<BenjiStore, "putIfAbsent"> = {
      putIfAbsent: (_key, _value, lifetimeMs) => void lifetimes.push(lifetimeMs),
    };
    const browser = visit({ store }, { lifetimeMs: 600_000 });
    await browser.start();
    await browser.ask();
    expect(lifetimes).toEqual([600_000]);
  });

  it("is on record before the partner is asked", async () => {
    const isConfirmed = vi.fn(() => true as const);
    const store = { putIfAbsent: () => Promise.reject(new Error("store down")) };
    const browser = visit({ store, isConfirmed });
    await browser.start();
    expect((await browser.ask())[0]).toBe(500);
    expect(isConfirmed).not.toHaveBeenCalled();
  });
});

it.each([
  ["no state", { status: "success" }],
  ["a state of nobody's", { ...CLAIM, state: "theirs" }],
  ["another status", { ...CLAIM, status: "ok" }],
  ["an inherited status", JSON.parse('{"__proto__":{"status":"success"}}') as object],
  ["an id that is no text", { ...CLAIM, benjiUserUuid: 7 }],
  ["an empty id", { ...CLAIM, benjiUserUuid: "" }],
  ["a numeric id that is no digits", { ...CLAIM, benjiUserId: "12a" }],
  ["a numeric id with a line break", { ...CLAIM, benjiUserId: "12\n" }],
  ["a numeric id over 20 digits", { ...CLAIM, benjiUserId: "1".repeat(21) }],
  ["an id with a control character", { ...CLAIM, triggerEventId: "a\u0000b" }],
  ["an id with a line break at its end", { ...CLAIM, triggerEventId: "a\n" }],
  ["an id with a space", { ...CLAIM, benjiUserUuid: "a b" }],
  ["an id that turns its text around", { ...CLAIM, benjiUserUuid: "a\u202eb" }],
  ["an id over 512 characters", { ...CLAIM, triggerEventId: "x".repeat(513) }],
  ["attempt 0", { ...CLAIM, attempt: 0 }],
  ["an attempt in text", { ...CLAIM, attempt: "2" }],
  ["attempt 1001", { ...CLAIM, attempt: 1_001 }],
])("a claim with %s is refused before partner code sees it", async (_, claim) => {
  const browser = visit();
  await browser.start();
  await browser.start(stateNo(2));
  expect(await browser.ask(claim)).toEqual([400, refused("invalid_claim")]);
  expect(browser.isConfirmed).not.toHaveBeenCalled();
});

it("a claim may have ids as long as the browser takes them", async () => {
  const browser = visit();
  await browser.start();
  const id = "x".repeat(512);
  expect(
    parseRedirect(`https://shop.test/?status=success&state=${STATE}&trigger_event_id=${id}`),
  ).toMatchObject({ triggerEventId: id });
  expect((await browser.ask({ ...CLAIM, triggerEventId: id, benjiUserUuid: id }))[0]).toBe(200);
});

describe("getUser", () => {
  it("is handed the handler's second argument: the framework's own request", async () => {
    const confirm = createConfirmHandler({
      apiKey: KEY,
      getUser: (_request, host: { incoming: { session: { id: string } } }) => host.incoming.session,
      isConfirmed: () => true,
    });
    const headers = { "content-type": "application/json", "sec-fetch-site": "same-origin" };
    const body = JSON.stringify(CLAIM);
    const request = new Request("https://shop.test", { method: "POST", headers, body });
    const response = await confirm(request, { incoming: { session: { id: "ada" } } });
    expect(await response.json()).toEqual(refused("state_not_bound")); // and not 401
  });
});
