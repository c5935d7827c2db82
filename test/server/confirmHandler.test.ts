import { runInNewContext } from "node:vm";
import { describe, expect, it, vi } from "vitest";
import { type BenjiStore, BenjiApiError, createConfirmHandler } from "../../src/server/index.js";
import { parseRedirect } from "../../src/core/index.js";
import { KEY } from "./benji.js";
import { CLAIM, refused, STATE, stateNo, visit } from "./shop.js";

/** A started flow in a shop whose isConfirmed returns this value, whatever its type. */
async function answering(answer: unknown) {
  const browser = visit({ isConfirmed: () => answer as never });
  await browser.start();
  return browser;
}

describe("createConfirmHandler", () => {
  it("the confirm route answers with the value that isConfirmed returns", async () => {
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

  it("if isConfirmed returns false, the answer is 409, and a new request calls isConfirmed again", async () => {
    const browser = visit();
    await browser.start();
    browser.isConfirmed.mockReturnValue(Promise.resolve(false));
    expect(await browser.ask()).toEqual([409, refused("not_confirmed")]);
    browser.isConfirmed.mockReturnValue(true);
    expect(await browser.ask()).toEqual([200, true]);
  });

  it("if isConfirmed returns not_yet, the answer is 202 with a Retry-After that grows from 1 to 5 seconds", async () => {
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

  it("isConfirmed receives the attempt number of the request", async () => {
    const browser = visit();
    await browser.start();
    await browser.ask({ ...CLAIM, attempt: 4 });
    expect(browser.isConfirmed.mock.calls[0]?.[0].attempt).toBe(4);
  });

  it("a flow that another browser started is refused before isConfirmed is called (T6)", async () => {
    const [starter, stranger] = [visit(), visit()];
    await starter.start();
    expect(await stranger.ask()).toEqual([403, refused("state_not_bound")]);
    expect(stranger.isConfirmed).not.toHaveBeenCalled();
  });

  it("a request without a signed-in user is answered with 401", async () => {
    const browser = visit();
    await browser.start();
    browser.session.user = null;
    expect(await browser.ask()).toEqual([401, refused("unauthenticated")]);
  });

  it.each([null, undefined, false, "", 0, NaN])(
    "if getUser returns %j, both routes answer 401 (T37)",
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
  ])("createConfirmHandler throws with the option %o", (wrong) => {
    const options = { apiKey: KEY, getUser: () => null, isConfirmed: () => false, ...wrong };
    expect(() => createConfirmHandler(options as never)).toThrow(/^Expected /);
  });
});

describe("the confirming answers of isConfirmed (T30)", () => {
  class Row {
    id = 1;
  }
  class Bare extends (null as unknown as new () => object) {}

  it.each([
    ["true", true, true],
    ["a plain object", { points: 5 }, { points: 5 }],
    ["an empty object", {}, {}],
    ["an object without a prototype", Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ["an object of another JavaScript realm", runInNewContext("({ a: 1 })"), { a: 1 }],
    ["a class instance that was spread", { ...new Row() }, { id: 1 }],
  ])("isConfirmed can confirm a return with %s", async (_, answer, body) => {
    expect(await (await answering(answer)).ask()).toEqual([200, body]);
  });

  it.each([
    ["null", null, /no row/],
    ["undefined, by a missing return", undefined, /return missing/],
    ["0", 0, /number/],
    ["1", 1, /number/],
    ["NaN", NaN, /number/],
    ["an empty string", "", /string/],
    ["a string", "yes", /string/],
    ["a bigint", 1n, /bigint/],
    ["a symbol", Symbol("yes"), /symbol/],
    ["a function", () => true, /function/],
    ["an empty list", [], /list/],
    ["a list of rows", [{ id: 1 }], /list/],
    ["an Error", new Error("down"), /Error/],
    ["a Response", Response.json({ error: "no" }, { status: 409 }), /Response/],
    ["a class instance", new Row(), /spread it/],
    ["an instance of a class without a base", Object.create(Bare.prototype as object), /spread it/],
    ["a Map", new Map(), /spread it/],
    ["a Date", new Date(), /spread it/],
    ["an arguments object", runInNewContext("(function () { return arguments })()"), /spread it/],
    ["an object that JSON changes", { toJSON: () => false }, /JSON/],
  ])(
    "if isConfirmed returns %s, the answer is 500 and onError gets an error that says what to do",
    async (_, answer, message) => {
      const browser = await answering(answer);
      expect(await browser.ask()).toEqual([500, refused("internal_error")]);
      expect(browser.errors).toHaveLength(1);
      expect(String(browser.errors[0])).toMatch(message);
      expect(String(browser.errors[0])).toContain("isConfirmed");
    },
  );

  it("a return with an error is never confirmed, and isConfirmed is not called", async () => {
    const browser = await answering(true);
    expect(await browser.ask({ ...CLAIM, status: "error" })).toEqual([
      409,
      refused("not_confirmed"),
    ]);
    // The same return with an edited status counts as another return.
    expect(await browser.ask()).toEqual([409, refused("claim_conflict")]);
  });
});

describe("one call of isConfirmed", () => {
  it("if isConfirmed takes longer than timeoutMs, the answer is 503, even if isConfirmed ignores its signal", async () => {
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
  ] as const)(
    "if isConfirmed throws Benji's error %s, the confirm route answers HTTP %i with the code %s",
    async (code, status, answerCode) => {
      const error = new BenjiApiError(code, "…");
      const browser = visit({ isConfirmed: () => Promise.reject(error) });
      await browser.start();
      expect(await browser.ask()).toEqual([status, refused(answerCode)]);
      expect(browser.errors).toEqual([error]);
    },
  );
});

describe("the first claim of a flow", () => {
  it("after the first return with a state, a return with the same state and another id is a conflict (T5)", async () => {
    const browser = visit();
    await browser.start();
    browser.isConfirmed.mockReturnValue(false);
    await browser.ask({ ...CLAIM, benjiUserUuid: "guess" });
    expect(await browser.ask()).toEqual([409, refused("claim_conflict")]);
    const again = await browser.ask({ ...CLAIM, benjiUserUuid: "guess" });
    expect(again).toEqual([409, refused("not_confirmed")]);
    expect(browser.isConfirmed).toHaveBeenCalledTimes(2);
  });

  it("another user who sends a junk return with the same state does not block the first user (T33)", async () => {
    const shared = new Map<string, string>();
    const store = {
      putIfAbsent: (key: string, value: string) => {
        const before = shared.get(key) ?? null; // null, like Redis
        if (before === null) shared.set(key, value);
        return Promise.resolve(before);
      },
    };
    const [ada, thief] = [visit({ store }), visit({ store })];
    thief.session.user = { id: "mallory" };
    await ada.start();
    await thief.start(); // the thief starts a flow with Ada's state
    await thief.ask({ ...CLAIM, benjiUserUuid: "junk" });
    expect((await ada.ask())[0]).toBe(200);
    expect(shared.size).toBe(2);
    expect(JSON.stringify([...shared])).not.toContain(STATE);
  });

  it("the same return may be sent again with its fields in another order", async () => {
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

  it("of 20 different returns with one state, sent at the same time, 19 are answered with 409", async () => {
    const browser = visit();
    await browser.start();
    const ids = Array.from({ length: 20 }, (_, n) => `uuid-${n}`);
    const answers = await Promise.all(
      ids.map((benjiUserUuid) => browser.ask({ ...CLAIM, benjiUserUuid })),
    );
    expect(answers.filter(([status]) => status === 409)).toHaveLength(19);
    expect(browser.isConfirmed).toHaveBeenCalledOnce();
  });

  it("the first return with a state is stored for the lifetimeMs of the flow", async () => {
    const lifetimes: number[] = [];
    const store: Pick<BenjiStore, "putIfAbsent"> = {
      putIfAbsent: (_key, _value, lifetimeMs) => void lifetimes.push(lifetimeMs),
    };
    const browser = visit({ store }, { lifetimeMs: 600_000 });
    await browser.start();
    await browser.ask();
    expect(lifetimes).toEqual([600_000]);
  });

  it("if the store fails to keep the return, the answer is 500 and isConfirmed is not called", async () => {
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
  ["a malformed state", { ...CLAIM, state: "theirs" }],
  ["another status", { ...CLAIM, status: "ok" }],
  ["an inherited status", JSON.parse('{"__proto__":{"status":"success"}}') as object],
  ["an id that is not a string", { ...CLAIM, benjiUserUuid: 7 }],
  ["an empty id", { ...CLAIM, benjiUserUuid: "" }],
  ["a numeric id with a letter", { ...CLAIM, benjiUserId: "12a" }],
  ["a numeric id with a line break", { ...CLAIM, benjiUserId: "12\n" }],
  ["a numeric id over 20 digits", { ...CLAIM, benjiUserId: "1".repeat(21) }],
  ["an id with a control character", { ...CLAIM, triggerEventId: "a\u0000b" }],
  ["an id with a line break at its end", { ...CLAIM, triggerEventId: "a\n" }],
  ["an id with a space", { ...CLAIM, benjiUserUuid: "a b" }],
  ["an id with a right-to-left override", { ...CLAIM, benjiUserUuid: "a\u202eb" }],
  ["an id over 512 characters", { ...CLAIM, triggerEventId: "x".repeat(513) }],
  ["attempt 0", { ...CLAIM, attempt: 0 }],
  ["an attempt that is a string", { ...CLAIM, attempt: "2" }],
  ["attempt 1001", { ...CLAIM, attempt: 1_001 }],
])(
  "a confirm request with %s is refused as invalid_claim before isConfirmed is called",
  async (_, claim) => {
    const browser = visit();
    await browser.start();
    await browser.start(stateNo(2));
    expect(await browser.ask(claim)).toEqual([400, refused("invalid_claim")]);
    expect(browser.isConfirmed).not.toHaveBeenCalled();
  },
);

it("a confirm request may have ids of 512 characters, which is also the limit in the browser", async () => {
  const browser = visit();
  await browser.start();
  const id = "x".repeat(512);
  expect(
    parseRedirect(`https://shop.test/?status=success&state=${STATE}&trigger_event_id=${id}`),
  ).toMatchObject({ triggerEventId: id });
  expect((await browser.ask({ ...CLAIM, triggerEventId: id, benjiUserUuid: id }))[0]).toBe(200);
});

describe("getUser", () => {
  it("getUser gets the second argument of the handler, such as the request of a framework", async () => {
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
