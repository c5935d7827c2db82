import { describe, expect, it, vi } from "vitest";
import type { ConnectFlowOptions } from "../../src/core/createConnectFlow.js";
import { CONNECT_URL, createTab, keysOf, token } from "./createTab.js";

function setup(options: ConnectFlowOptions = {}) {
  const tab = createTab();
  const signals: AbortSignal[] = [];
  const fetchConnectToken = vi.fn((_: unknown, { signal }: { signal: AbortSignal }) => {
    signals.push(signal);
    return token({ state: "" });
  });
  const flow = tab.flow({ fetchConnectToken, mode: "transfer", ...options });
  return { tab, flow, fetchConnectToken, signals };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

describe("prefetch", () => {
  it("a prefetch requests one token, and the click uses it and writes the record", async () => {
    const { tab, flow, fetchConnectToken } = setup();
    flow.prefetch();
    flow.prefetch();
    await settled();
    expect(keysOf(tab.storage)).toEqual([]);
    expect(tab.preconnected).toEqual([new URL(CONNECT_URL).origin]);
    expect(await flow.connect()).toEqual({ status: "redirecting" });
    expect(fetchConnectToken).toHaveBeenCalledTimes(1);
    const state = new URL(tab.left[0] ?? "").searchParams.get("state");
    expect(fetchConnectToken.mock.calls[0]?.[0]).toEqual({
      state,
      mode: "transfer",
      prefetch: true,
    });
    expect(keysOf(tab.storage)).toEqual([`benji-connect:1:${state}`]);
  });

  it("a click during a prefetch waits for the prefetched token", async () => {
    const answers: ((answer: unknown) => void)[] = [];
    const { tab, flow } = setup({
      fetchConnectToken: () => new Promise((resolve) => void answers.push(resolve)),
    });
    flow.prefetch();
    const outcome = flow.connect();
    answers[0]?.(token({ state: "" }));
    expect(await outcome).toEqual({ status: "redirecting" });
    expect(answers).toHaveLength(1);
    expect(tab.left).toHaveLength(1);
  });

  it("a prefetched token is used once: the next start requests its own", async () => {
    const { tab, flow, fetchConnectToken } = setup();
    flow.prefetch();
    await flow.connect();
    tab.stillHere?.();
    await flow.connect();
    expect(fetchConnectToken).toHaveBeenCalledTimes(2);
    expect(new Set(tab.left).size).toBe(2);
  });

  it.each([
    [30_000, 1],
    [30_001, 2],
    [-30_001, 2],
  ])("a prefetch and a click %d ms later make %d token requests together", async (age, tokens) => {
    const { tab, flow, fetchConnectToken } = setup();
    flow.prefetch();
    await settled();
    tab.now += age;
    await flow.connect();
    expect(fetchConnectToken).toHaveBeenCalledTimes(tokens);
  });

  it.each([
    { mode: "redeem" },
    { amount: 5 },
    { userKey: "bob" },
    { hostedConnectUrl: "https://other.withbenji.com/x" },
    { preview: true },
  ] as const)("a prefetched token is not used by a start with other options: %j", async (other) => {
    const { flow, fetchConnectToken, signals } = setup();
    flow.prefetch();
    await flow.connect(other);
    expect(fetchConnectToken).toHaveBeenCalledTimes(2);
    expect(signals[0]?.aborted).toBe(true);
  });

  it("a prefetched token is used even if the fetcher function is a new one, as it is when written inline", async () => {
    const { flow, fetchConnectToken } = setup();
    flow.prefetch();
    await flow.connect({ fetchConnectToken: (...args) => fetchConnectToken(...args) });
    expect(fetchConnectToken).toHaveBeenCalledTimes(1);
  });

  it.each([
    ["the page is hidden", ({ tab }: ReturnType<typeof setup>) => tab.hide()],
    ["reset is called", ({ flow }: ReturnType<typeof setup>) => flow.reset()],
  ])("a prefetch is aborted and its token is not used if %s", async (_, happens) => {
    const given = setup();
    given.flow.prefetch();
    happens(given);
    await settled();
    expect(given.signals[0]?.aborted).toBe(true);
    await given.flow.connect();
    expect(given.fetchConnectToken).toHaveBeenCalledTimes(2);
  });

  it("prefetch requests no token if the storage is denied", async () => {
    const storage = {
      ...createTab().storage,
      get length(): number {
        throw new Error("denied");
      },
    };
    const { flow, fetchConnectToken } = setup({ storage });
    flow.prefetch();
    expect(fetchConnectToken).not.toHaveBeenCalled();
    expect(await flow.connect()).toMatchObject({ error: { code: "storage_unavailable" } });
  });

  it("a failed prefetch leaves the status idle, and the click after a failed prefetch has an error", async () => {
    const { flow } = setup({ fetchConnectToken: () => Promise.reject(new Error("offline")) });
    flow.prefetch();
    await settled();
    expect(flow.getStatus()).toEqual({ status: "idle" });
    expect(await flow.connect()).toMatchObject({
      status: "failed",
      error: { code: "token_fetch_failed" },
    });
  });

  it("after a failed prefetch the click makes a request of its own", async () => {
    const answers = [() => Promise.reject(new Error("offline")), () => token({ state: "" })];
    const { flow } = setup({ fetchConnectToken: () => answers.shift()?.() });
    flow.prefetch();
    await settled();
    expect(await flow.connect()).toEqual({ status: "redirecting" });
  });

  it("after two prefetches with different options the click uses the token of the later prefetch", async () => {
    const { tab, flow, fetchConnectToken } = setup();
    flow.prefetch();
    flow.prefetch({ mode: "redeem" });
    await settled();
    await flow.connect({ mode: "redeem" });
    const [, later] = fetchConnectToken.mock.calls.map(
      ([request]) => (request as { state: string }).state,
    );
    expect(fetchConnectToken).toHaveBeenCalledTimes(2);
    expect(tab.left.map((left) => new URL(left).searchParams.get("state"))).toEqual([later]);
  });

  it("a click after a prefetch fails and does not navigate if the storage is full", async () => {
    const { tab, flow } = setup();
    flow.prefetch();
    tab.storage.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
    expect(await flow.connect()).toMatchObject({ error: { code: "storage_unavailable" } });
    expect(tab.left).toEqual([]);
  });

  it.each([{ mode: 2 as never }, { amount: -1 }])(
    "with the invalid option %j prefetch neither throws nor requests a token",
    (options) => {
      const { flow, fetchConnectToken } = setup(options);
      expect(() => flow.prefetch()).not.toThrow();
      expect(fetchConnectToken).not.toHaveBeenCalled();
    },
  );

  it("prefetch requests nothing while a start is in progress", async () => {
    const { flow, fetchConnectToken } = setup();
    const outcome = flow.connect();
    flow.prefetch();
    await outcome;
    flow.prefetch();
    expect(fetchConnectToken).toHaveBeenCalledTimes(1);
  });

  it("an aborted start also aborts the prefetch whose token it waits for (F15)", async () => {
    const { tab, flow, signals } = setup();
    flow.prefetch();
    const outcome = flow.connect();
    flow.reset();
    expect(signals[0]?.aborted).toBe(true);
    expect(await outcome).toMatchObject({ error: { code: "aborted" } });
    expect(tab.left).toEqual([]);
    expect(keysOf(tab.storage)).toEqual([]);
  });

  it("a prefetch leaves neither the token nor a state in the storage (T15)", async () => {
    const { tab, flow } = setup();
    flow.prefetch();
    await settled();
    expect(tab.storage).toHaveLength(0);
    expect(JSON.stringify(tab.historyState)).toBe("null");
  });
});
