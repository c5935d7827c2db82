import { describe, expect, it } from "vitest";
import { CALLBACK, createTab, itemsOf, keysOf, returnUrl } from "./createTab.js";

const SUCCESS = { status: "success", benji_user_uuid: "uuid-1", trigger_event_id: "event-1" };
const HOUR = 3_600_000;
const NONE = { status: "none" };

const rejected = (reason: string) => ({ status: "rejected", reason });

describe("the result of a return", () => {
  it("the result has the ids of the address and the mode, returnTo and appState of the start", async () => {
    const tab = createTab();
    const options = { mode: "transfer", returnTo: "/checkout", appState: { cart: 3 } } as const;
    const state = await tab.start(options);
    expect(tab.open(returnUrl({ ...SUCCESS, state }))).toEqual({
      status: "success",
      benjiUserUuid: "uuid-1",
      triggerEventId: "event-1",
      mode: "transfer",
      returnTo: "/checkout",
      appState: { cart: 3 },
      replayed: false,
    });
  });

  it("the return of a started flow with the status error is an error with the ids of the address", async () => {
    const tab = createTab();
    const state = await tab.start();
    expect(tab.open(returnUrl({ status: "error", state, benji_user_id: "42" }))).toEqual({
      status: "error",
      benjiUserId: "42",
      replayed: false,
    });
  });

  it("an OAuth return of another service or an unknown status alone has the status none and is kept (T25)", async () => {
    const tab = createTab();
    await tab.start();
    const before = keysOf(tab.storage);
    expect(tab.open("https://shop.example/?code=c&state=theirs")).toEqual(NONE);
    expect(tab.open(`${CALLBACK}?status=paid`)).toEqual(NONE);
    expect(tab.replaced).toEqual([]);
    expect(keysOf(tab.storage)).toEqual(before);
  });

  describe("with dangerouslyAcceptReturnsWithoutState", () => {
    const options = { dangerouslyAcceptReturnsWithoutState: true };
    const unverified = (claim: object) => ({ status: "unverified", claim });

    it.each([
      [
        "a success",
        SUCCESS,
        { status: "success", benjiUserUuid: "uuid-1", triggerEventId: "event-1" },
      ],
      ["an error", { status: "error", benji_user_id: "7" }, { status: "error", benjiUserId: "7" }],
      ["a status alone", { status: "success" }, { status: "success" }],
    ])(
      "with dangerouslyAcceptReturnsWithoutState %s without a state is unverified, and a reload has the status none",
      (_, params, claim) => {
        const tab = createTab();
        expect(tab.open(returnUrl(params), options)).toEqual(unverified(claim));
        expect(tab.url).toBe(CALLBACK);
        expect(keysOf(tab.storage)).toEqual([]);
        expect(tab.reload(options)).toEqual(NONE);
      },
    );

    it.each([
      ["a state nobody started (T1)", { ...SUCCESS, state: "benji.x" }, rejected("state_unknown")],
      [
        "two statuses (T24)",
        `${CALLBACK}?status=success&status=error`,
        rejected("params_ambiguous"),
      ],
      ["an unknown status", { ...SUCCESS, status: "ok" }, rejected("status_unknown")],
      [
        "a state and a code of another provider (T25)",
        { status: "success", code: "c", state: "s" },
        NONE,
      ],
    ])(
      "dangerouslyAcceptReturnsWithoutState does not change the result of a return with %s",
      (_, params, result) => {
        const url = typeof params === "string" ? params : returnUrl(params);
        expect(createTab().open(url, options)).toEqual(result);
      },
    );

    it("with dangerouslyAcceptReturnsWithoutState the return of a started flow is still a success", async () => {
      const tab = createTab();
      const state = await tab.start();
      const url = returnUrl({ ...SUCCESS, state });
      expect(tab.open(url, options)).toMatchObject({ status: "success", replayed: false });
    });
  });

  it.each([
    [
      "a state nobody started (T1)",
      "state_unknown",
      { ...SUCCESS, state: `benji.${"A".repeat(43)}` },
    ],
    [
      "an error and a state nobody started (T2)",
      "state_unknown",
      { status: "error", state: "benji.forged" },
    ],
    ["no state at all (T1)", "state_missing", SUCCESS],
    [
      "a state that is another key of the library in the storage",
      "state_unknown",
      { ...SUCCESS, state: "last" },
    ],
    ["the state __proto__ (T18)", "state_unknown", { ...SUCCESS, state: "__proto__" }],
    ["an unknown status", "status_unknown", { ...SUCCESS, status: "ok", state: "benji.x" }],
    [
      "a state of 100 kB (T27)",
      "params_too_long",
      { ...SUCCESS, state: `benji.${"x".repeat(100_000)}` },
    ],
  ])("a return with %s is rejected as %s, and the result has no ids", (_, reason, params) => {
    expect(createTab().open(returnUrl(params))).toEqual(rejected(reason));
  });

  it("after a forged return the real one is still accepted (T3)", async () => {
    const tab = createTab();
    const state = await tab.start();
    const before = itemsOf(tab.storage);
    tab.open(returnUrl({ ...SUCCESS, state: "benji.forged" }));
    tab.open(returnUrl({ ...SUCCESS, state: `${state}x` }));
    tab.open(`${returnUrl({ ...SUCCESS, state })}&status=error`);
    tab.open(returnUrl({ ...SUCCESS, state }), { userKey: "mallory" });
    expect(itemsOf(tab.storage)).toEqual(before);
    expect(tab.open(returnUrl({ ...SUCCESS, state }))).toMatchObject({ status: "success" });
  });

  it("an accepted state is rejected with other values, and replayed with the same values (T4)", async () => {
    const tab = createTab();
    const state = await tab.start();
    const first = tab.open(returnUrl({ ...SUCCESS, state }));
    for (const other of [
      { ...SUCCESS, status: "error" },
      { ...SUCCESS, benji_user_uuid: "uuid-2" },
      { ...SUCCESS, benji_user_id: "42" },
      { ...SUCCESS, trigger_event_id: "event-2" },
      { status: "success" },
    ])
      expect(tab.open(returnUrl({ ...other, state }))).toEqual(rejected("state_reused"));
    expect(tab.open(returnUrl({ ...SUCCESS, state }))).toEqual({ ...first, replayed: true });
  });

  it("three flows that are unfinished at the same time each end with a success (F18)", async () => {
    const tab = createTab();
    const states = [await tab.start(), await tab.start(), await tab.start()];
    for (const state of states.reverse())
      expect(tab.open(returnUrl({ ...SUCCESS, state }))).toMatchObject({ status: "success" });
  });

  it("a return is rejected in a browser that did not start the flow (T14, F24)", async () => {
    const state = await createTab().start();
    expect(createTab().open(returnUrl({ ...SUCCESS, state }))).toEqual(rejected("state_unknown"));
  });

  it.each([
    [HOUR, "success"],
    [HOUR + 1, "rejected"],
    [-24 * HOUR, "success"],
    [-24 * HOUR - 1, "rejected"],
  ])("a return %d ms after the start has the status %s (F31)", async (elapsed, status) => {
    const tab = createTab();
    const state = await tab.start();
    tab.now += elapsed;
    const result = tab.open(returnUrl({ ...SUCCESS, state }));
    expect(result.status).toBe(status);
    if (status === "rejected") expect(result).toEqual(rejected("state_expired"));
  });

  it("a return is rejected once lifetimeMs of its start have passed (F31)", async () => {
    const tab = createTab();
    const state = await tab.start({ lifetimeMs: 60_000 });
    tab.now += 60_001;
    expect(tab.open(returnUrl({ ...SUCCESS, state }))).toEqual(rejected("state_expired"));
  });

  it("a return within a lifetimeMs of one day is accepted (F31)", async () => {
    const tab = createTab();
    const state = await tab.start({ lifetimeMs: 24 * HOUR });
    tab.now += 24 * HOUR;
    expect(tab.open(returnUrl({ ...SUCCESS, state }))).toMatchObject({ status: "success" });
  });

  it("the result of a finished flow can be shown again for 24 hours", async () => {
    const tab = createTab();
    const state = await tab.start();
    const url = returnUrl({ ...SUCCESS, state });
    tab.open(url);
    tab.now += 24 * HOUR;
    expect(tab.open(url)).toMatchObject({ status: "success", replayed: true });
    tab.now += 1;
    expect(tab.open(url)).toEqual(rejected("state_unknown"));
  });

  it.each([
    ["ann", "ann", "success"],
    ["ann", "bob", "rejected"],
    ["ann", null, "rejected"],
    ["ann", undefined, "pending"],
    ["ann", "", "rejected"],
    [undefined, "bob", "rejected"],
    [null, undefined, "success"],
    [undefined, null, "success"],
    ["", null, "success"],
    [7, "7", "success"],
    ["7", 7, "success"],
    [0, "0", "success"],
    [0, null, "rejected"],
    [7, 8, "rejected"],
  ])(
    "a flow started with userKey %j and read with %j has the status %s (T7)",
    async (startedAs, backAs, status) => {
      const tab = createTab();
      const state = await tab.start({ userKey: startedAs });
      const result = tab.open(returnUrl({ ...SUCCESS, state }), { userKey: backAs });
      expect(result.status).toBe(status);
      if (status === "rejected") expect(result).toEqual(rejected("user_changed"));
    },
  );

  it("the result of a finished flow is not shown to another user (T7)", async () => {
    const tab = createTab();
    const state = await tab.start({ userKey: "ann" });
    tab.open(returnUrl({ ...SUCCESS, state }), { userKey: "ann" });
    expect(tab.reload({ userKey: "bob" })).toEqual(rejected("user_changed"));
  });

  it("a return is rejected as storage_unavailable if the storage is denied (F1)", async () => {
    const storage = {
      ...createTab().storage,
      getItem: () => {
        throw new DOMException("denied", "SecurityError");
      },
    };
    const tab = createTab();
    expect(tab.open(returnUrl({ ...SUCCESS, state: "benji.x" }), { storage })).toEqual(
      rejected("storage_unavailable"),
    );
    expect(tab.open(CALLBACK, { storage })).toEqual(NONE);
  });

  it("a return is accepted even if the storage cannot be written, and so is another answer after it (F2)", async () => {
    const tab = createTab();
    const state = await tab.start();
    tab.storage.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
    expect(tab.open(returnUrl({ ...SUCCESS, state }))).toMatchObject({ status: "success" });
    expect(tab.url).toBe(CALLBACK);
    // Nothing could record that the flow has ended: see docs/SECURITY.md, "What it cannot do".
    const other = returnUrl({ ...SUCCESS, benji_user_uuid: "uuid-2", state });
    expect(tab.open(other)).toMatchObject({ status: "success", benjiUserUuid: "uuid-2" });
  });

  it.each([
    ["an address of another site (T9)", "https://evil.example/", undefined],
    ["an address that begins with two slashes (T9)", "//evil.example/", undefined],
    ["a path", "/checkout", "/checkout"],
  ])("a stored returnTo that is %s, here %j, is read as %j", async (_, stored, expected) => {
    const tab = createTab();
    const state = await tab.start({ returnTo: "/x" });
    const key = keysOf(tab.storage)[0] ?? "";
    const text = tab.storage.getItem(key) ?? "";
    tab.storage.setItem(key, text.replace(`"/x"`, JSON.stringify(stored)));
    const result = tab.open(returnUrl({ ...SUCCESS, state }));
    expect(result).toMatchObject({ status: "success" });
    expect("returnTo" in result ? result.returnTo : undefined).toBe(expected);
  });
});

it.each([
  [`"mode":3`],
  [`"outcome":null`],
  [`"outcome":{"claim":{"status":"ok"},"settledAt":1}`],
  [`"lifetimeMs":1e300`],
  [`"startedAt":"now"`],
])(
  "the return of a record of another format, %s, is rejected as state_unknown (F36)",
  async (field) => {
    const tab = createTab();
    const state = await tab.start();
    const key = keysOf(tab.storage)[0] ?? "";
    const text = tab.storage.getItem(key) ?? "";
    tab.storage.setItem(key, text.replace(/}$/, `,${field}}`));
    expect(tab.open(returnUrl({ ...SUCCESS, state }))).toEqual(rejected("state_unknown"));
  },
);
