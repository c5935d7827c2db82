import { describe, expect, it, vi } from "vitest";
import type { ConnectFlowOptions } from "../../src/core/createConnectFlow.js";
import { CONNECT_URL, createTab, keysOf, returnUrl, token } from "./createTab.js";

const recordOf = (storage: Parameters<typeof keysOf>[0]) =>
  JSON.parse(storage.getItem(keysOf(storage)[0] ?? "") ?? "{}") as Record<string, unknown>;

const failure = async (options: ConnectFlowOptions, tab = createTab()) => {
  const outcome = await tab.flow(options).connect();
  expect(tab.left).toEqual([]);
  return outcome.status === "failed" ? outcome.error : undefined;
};

describe("a start", () => {
  it("a start stores the record, requests a token and navigates", async () => {
    const tab = createTab();
    const fetchConnectToken = vi.fn((request: { state: string }) => {
      expect(keysOf(tab.storage)).toEqual([`benji-connect:1:${request.state}`]);
      return token(request);
    });
    const outcome = await tab
      .flow({
        fetchConnectToken,
        mode: 3,
        amount: 1_000,
        returnTo: "/checkout",
        appState: { a: 1 },
      })
      .connect();
    const state = new URL(tab.left[0] ?? "").searchParams.get("state") ?? "";
    expect(outcome).toEqual({ status: "redirecting" });
    expect(state).toMatch(/^benji\.[\w-]{43}$/);
    expect(fetchConnectToken.mock.calls[0]?.[0]).toEqual({
      state,
      mode: "transfer",
      amount: 1_000,
    });
    expect(tab.left).toEqual([`${CONNECT_URL}?connect_token=tok-secret&state=${state}&mode=3`]);
    expect(recordOf(tab.storage)).toEqual({
      startedAt: tab.now,
      lifetimeMs: 3_600_000,
      mode: "transfer",
      returnTo: "/checkout",
      appState: { a: 1 },
    });
  });

  it("a start keeps the token out of storage (T15)", async () => {
    const tab = createTab();
    await tab.start();
    expect(JSON.stringify(recordOf(tab.storage))).not.toContain("tok-secret");
  });

  it("hostedConnectUrl alone starts a flow without a token", async () => {
    const tab = createTab();
    const flow = tab.flow({
      fetchConnectToken: undefined,
      hostedConnectUrl: CONNECT_URL,
      mode: "redeem",
      amount: 5,
      userExternalId: "u",
    });
    await flow.connect();
    const { searchParams } = new URL(tab.left[0] ?? "");
    expect(Object.fromEntries(searchParams)).toEqual({
      state: expect.stringMatching(/^benji\./) as string,
      mode: "4",
      amount: "5",
      user_external_id: "u",
    });
  });

  it("a connect_url is trusted if its host is that of hostedConnectUrl, and untrusted without hostedConnectUrl", async () => {
    const fetchConnectToken = () => ({ token: "t", connect_url: "https://rewards.shop.example/p" });
    const hostedConnectUrl = "https://rewards.shop.example/other";
    expect(await failure({ fetchConnectToken })).toMatchObject({ code: "connect_url_untrusted" });
    const tab = createTab();
    await tab.start({ fetchConnectToken, hostedConnectUrl });
    expect(tab.left).toHaveLength(1);
  });

  it("a start without fetchConnectToken and without hostedConnectUrl is refused", async () => {
    expect(await failure({ fetchConnectToken: undefined })).toMatchObject({
      code: "connect_url_missing",
    });
  });

  it.each([
    [{ mode: 2 as never }],
    [{ amount: 0 }],
    [{ amount: -5 }],
    [{ amount: Number.NaN }],
    [{ returnTo: "https://evil.example/" }],
    [{ returnTo: "//evil.example/" }],
    [{ returnTo: "/\t/evil.example" }],
    [{ returnTo: "\\\\evil.example" }],
    [{ returnTo: "javascript:alert(1)" }],
    [{ appState: "x".repeat(4_096) }],
    [{ appState: 1n }],
    [{ lifetimeMs: 59_999 }],
    [{ lifetimeMs: 86_400_001 }],
    [{ lifetimeMs: Number.NaN }],
  ])("a start with %o is refused before anything is stored or requested", async (options) => {
    const fetchConnectToken = vi.fn(token);
    const tab = createTab();
    expect(await failure({ fetchConnectToken, ...options }, tab)).toMatchObject({
      code: "invalid_request",
    });
    expect(fetchConnectToken).not.toHaveBeenCalled();
    expect(keysOf(tab.storage)).toEqual([]);
  });

  it.each([
    ["/checkout?a=1#b", "/checkout?a=1#b"],
    ["checkout", "/checkout"],
    ["", "/cart"],
    ["https://shop.example//evil.example", "/evil.example"],
    ["/.//evil.example", "/evil.example"],
  ])("returnTo %j is stored as %j (T9)", async (returnTo, kept) => {
    const tab = createTab();
    await tab.start({ returnTo });
    expect(recordOf(tab.storage).returnTo).toBe(kept);
  });

  it.each([60_000, 86_400_000])(
    "a start with a lifetimeMs of %d is accepted",
    async (lifetimeMs) => {
      const tab = createTab();
      await tab.start({ lifetimeMs });
      expect(recordOf(tab.storage).lifetimeMs).toBe(lifetimeMs);
    },
  );

  it("a start without a secure random generator is refused (F5)", async () => {
    const fetchConnectToken = vi.fn(token);
    const randomBytes = () => {
      throw new TypeError("no getRandomValues");
    };
    expect(await failure({ fetchConnectToken, randomBytes })).toMatchObject({
      code: "crypto_unavailable",
    });
    expect(fetchConnectToken).not.toHaveBeenCalled();
  });

  it.each(["getItem", "setItem", "key"] as const)(
    "a start fails before a token is requested if the storage's %s throws (F1, F2)",
    async (method) => {
      const fetchConnectToken = vi.fn(token);
      const tab = createTab();
      await tab.start();
      const storage = Object.create(tab.storage, {
        [method]: {
          value: () => {
            throw new DOMException("full", "QuotaExceededError");
          },
        },
      }) as typeof tab.storage;
      const outcome = await tab.flow({ storage, fetchConnectToken }).connect();
      expect(outcome).toMatchObject({ status: "failed", error: { code: "storage_unavailable" } });
      expect(fetchConnectToken).not.toHaveBeenCalled();
    },
  );

  it("a start whose navigation throws removes its record", async () => {
    const tab = createTab();
    const navigate = () => {
      throw new Error("blocked");
    };
    expect(await failure({ navigate }, tab)).toMatchObject({ code: "navigation_blocked" });
    expect(keysOf(tab.storage)).toEqual([]);
  });

  it("one token is requested however often connect is called (F14)", async () => {
    const fetchConnectToken = vi.fn(token);
    const tab = createTab();
    const flow = tab.flow({ fetchConnectToken });
    const outcomes = Array.from({ length: 10 }, () => flow.connect());
    expect(new Set(outcomes).size).toBe(1);
    await outcomes[0];
    await flow.connect();
    expect(fetchConnectToken).toHaveBeenCalledTimes(1);
    expect(tab.left).toHaveLength(1);
  });

  it("the status of a start is connecting, then redirecting, and idle if the page is still open afterwards", async () => {
    const tab = createTab();
    const flow = tab.flow();
    const seen: string[] = [];
    flow.subscribe(() => seen.push(flow.getStatus().status));
    await flow.connect();
    expect(seen).toEqual(["connecting", "redirecting"]);
    tab.stillHere?.();
    expect(flow.getStatus()).toEqual({ status: "idle" });
    await flow.connect();
    expect(tab.left).toHaveLength(2);
  });

  it("Back from Benji keeps the record, because the member may still go Forward (F19)", async () => {
    const tab = createTab();
    const flow = tab.flow();
    await flow.connect();
    tab.stillHere?.();
    expect(keysOf(tab.storage)).toHaveLength(1);
  });

  it("leaving the page while the token is requested aborts the start, even if the token still comes (F19)", async () => {
    const tab = createTab();
    let answer = (_: unknown) => {};
    const fetchConnectToken = () => new Promise((resolve) => (answer = resolve));
    const flow = tab.flow({ fetchConnectToken });
    const outcome = flow.connect();
    tab.hide();
    expect(flow.getStatus()).toEqual({ status: "idle" });
    answer(token({ state: "" }));
    expect(await outcome).toMatchObject({ status: "failed", error: { code: "aborted" } });
    expect([tab.left, keysOf(tab.storage)]).toEqual([[], []]);
  });

  it("a start that has failed no longer listens for pagehide", async () => {
    const tab = createTab();
    const signals: AbortSignal[] = [];
    const onPageHide = (_: () => void, signal: AbortSignal) => void signals.push(signal);
    await tab.flow({ onPageHide, fetchConnectToken: () => ({}) }).connect();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it("an error thrown by a subscribed listener is reported, and the start still navigates (F42)", async () => {
    const reportError = vi.fn();
    vi.stubGlobal("reportError", reportError);
    const tab = createTab();
    const flow = tab.flow();
    const thrown = new Error("listener");
    flow.subscribe(() => {
      throw thrown;
    });
    expect(await flow.connect()).toEqual({ status: "redirecting" });
    expect(reportError.mock.calls).toEqual([[thrown], [thrown]]);
    vi.unstubAllGlobals();
  });

  it.each(["userExternalId", "userKey", "hostedConnectUrl"])(
    "a start does not throw if the option %s is a bigint",
    async (option) => {
      const { status } = await createTab()
        .flow({ [option]: 1n })
        .connect();
      expect(["redirecting", "failed"]).toContain(status);
    },
  );

  it("a failed start has an error in its status, and the next start works (F6)", async () => {
    const tab = createTab();
    const fetchConnectToken = vi.fn(token).mockReturnValueOnce({});
    const flow = tab.flow({ fetchConnectToken });
    await flow.connect();
    expect(flow.getStatus()).toMatchObject({
      status: "failed",
      error: { code: "token_malformed" },
    });
    await flow.connect();
    expect(flow.getStatus()).toEqual({ status: "redirecting" });
  });

  it("a start aborted by reset() navigates nowhere and leaves no record (F15)", async () => {
    const tab = createTab();
    let signal: AbortSignal | undefined;
    const flow = tab.flow({
      fetchConnectToken: (request, context) => {
        signal = context.signal;
        return token(request);
      },
    });
    const outcome = flow.connect();
    flow.reset();
    expect(await outcome).toMatchObject({ status: "failed", error: { code: "aborted" } });
    expect(signal?.aborted).toBe(true);
    expect(tab.left).toEqual([]);
    expect(keysOf(tab.storage)).toEqual([]);
    expect(flow.getStatus()).toEqual({ status: "idle" });
  });

  it("an unsubscribed listener is not called", async () => {
    const flow = createTab().flow();
    const listener = vi.fn();
    flow.subscribe(listener)();
    await flow.connect();
    expect(listener).not.toHaveBeenCalled();
  });

  it("reset() also aborts a start without a token (F15)", async () => {
    const tab = createTab();
    const flow = tab.flow({ fetchConnectToken: undefined, hostedConnectUrl: CONNECT_URL });
    const outcome = flow.connect();
    flow.reset();
    expect(await outcome).toMatchObject({ error: { code: "aborted" } });
    expect(tab.left).toEqual([]);
  });

  it("after a start aborted by reset() the next start navigates once", async () => {
    const tab = createTab();
    const flow = tab.flow();
    const first = flow.connect();
    flow.reset();
    const second = flow.connect();
    await Promise.all([first, second]);
    expect(tab.left).toHaveLength(1);
    expect(flow.getStatus()).toEqual({ status: "redirecting" });
  });

  it("reset() while the status is idle calls no listener", () => {
    const flow = createTab().flow();
    const listener = vi.fn();
    flow.subscribe(listener);
    flow.reset();
    expect(listener).not.toHaveBeenCalled();
    expect(flow.getStatus()).toEqual({ status: "idle" });
  });
});

describe("the records in a browser's storage", () => {
  it("the storage keeps at most 20 unfinished flows: the 21st start removes the oldest", async () => {
    const tab = createTab();
    const states: string[] = [];
    for (let count = 0; count < 21; count++) {
      tab.now++;
      states.push(await tab.start());
    }
    const kept = keysOf(tab.storage).map((key) => key.slice(16));
    expect(kept.sort()).toEqual(states.slice(1).sort());
  });

  it.each([
    ["an unknown mode", { mode: "donate" }],
    ["a lifetimeMs of 30 days", { lifetimeMs: 30 * 24 * 3_600_000 }],
    ["an unknown outcome", { outcome: { settledAt: 1_700_000_000_000, answer: 1 } }],
  ])(
    "a record of a newer version of the package, with %s, is kept, and its return is rejected (F50)",
    async (_, news) => {
      const tab = createTab();
      const record = { startedAt: tab.now, lifetimeMs: 3_600_000, ...news };
      tab.storage.setItem("benji-connect:1:benji.newer", JSON.stringify(record));
      const flow = tab.flow();
      flow.prefetch();
      await flow.connect();
      expect(tab.storage.getItem("benji-connect:1:benji.newer")).toBe(JSON.stringify(record));
      expect(tab.open(returnUrl({ status: "success", state: "benji.newer" }))).toEqual({
        status: "rejected",
        reason: "state_unknown",
      });
    },
  );

  it("a start removes our own unreadable records and no key of other code (F36)", async () => {
    const tab = createTab();
    const garbage = [
      "{",
      "null",
      "7",
      "{}",
      `{"startedAt":"x","lifetimeMs":1}`,
      `{"startedAt":null}`,
    ];
    garbage.forEach((text, index) => tab.storage.setItem(`benji-connect:1:benji.${index}`, text));
    tab.storage.setItem("benji-connect:1:other", "x");
    tab.storage.setItem("benji-connect:2:benji.x", "kept");
    tab.storage.setItem("cart", "kept");
    tab.storage.setItem("benji-connect:1:last", "kept");
    await tab.start();
    expect(keysOf(tab.storage).slice(0, 3)).toEqual([
      "benji-connect:2:benji.x",
      "cart",
      "benji-connect:1:last",
    ]);
    expect(keysOf(tab.storage)).toHaveLength(4);
  });

  it("a start removes the records of expired flows", async () => {
    const tab = createTab();
    await tab.start();
    tab.now += 3_600_001;
    await tab.start();
    expect(keysOf(tab.storage)).toHaveLength(1);
  });
});
