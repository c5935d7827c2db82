import { afterEach, describe, expect, it, vi } from "vitest";
import { createConnectFlow } from "../../src/core/index.js";
import { createTab, returnUrl, token } from "./createTab.js";

afterEach(() => vi.useRealTimers());

/** A storage such as React Native's: every method returns a promise. */
const asyncStorage = () => ({
  getItem: () => Promise.resolve(null),
  setItem: () => Promise.resolve(),
  removeItem: () => Promise.resolve(),
});

describe("the core without a window", () => {
  it("a start without a window fails as storage_unavailable", async () => {
    const flow = createConnectFlow({ fetchConnectToken: token });
    expect(await flow.connect()).toMatchObject({
      status: "failed",
      error: { code: "storage_unavailable" },
    });
    expect(flow.getStatus()).toMatchObject({ status: "failed" });
  });

  it("without a window a start that has a storage fails as navigation_blocked", async () => {
    const { storage } = createTab();
    const flow = createConnectFlow({ fetchConnectToken: token, storage });
    flow.prefetch();
    await Promise.resolve();
    expect(await flow.connect()).toMatchObject({ error: { code: "navigation_blocked" } });
  });

  it("without a window a flow with the options storage and navigate starts, and reads a return from `url`", async () => {
    vi.useFakeTimers();
    const { storage } = createTab();
    const left: string[] = [];
    const flow = createConnectFlow({
      fetchConnectToken: token,
      storage,
      navigate: (url) => void left.push(url),
    });
    expect(await flow.connect()).toEqual({ status: "redirecting" });
    const state = new URL(left[0] ?? "").searchParams.get("state") ?? "";
    await vi.advanceTimersByTimeAsync(60_000);
    const url = returnUrl({ status: "success", state });
    const back = createConnectFlow({ storage, url });
    const stop = back.subscribe(() => {});
    expect(back.getResult()).toEqual({ status: "success", replayed: false });
    stop();
  });

  it("without a window the result has the status none, and no flow is unfinished", () => {
    const flow = createConnectFlow();
    expect(flow.getResult()).toEqual({ status: "none" });
    expect(flow.getUnfinished()).toBeUndefined();
  });

  it("without a document the confirm route is called again after it has answered HTTP 202", async () => {
    vi.useFakeTimers();
    const { storage, ...tab } = createTab();
    const state = await tab.start();
    const confirm = vi.fn(() => confirm.mock.calls.length > 1 || new Response("", { status: 202 }));
    const url = returnUrl({ status: "success", state });
    const flow = createConnectFlow({ storage, url, confirm, now: () => tab.now });
    flow.getResult();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(flow.getResult()).toMatchObject({ status: "success" });
  });
});

describe("an asynchronous storage (F49)", () => {
  it("a start refuses an asynchronous storage as invalid_request, and requests no token", async () => {
    const fetchConnectToken = vi.fn(token);
    const flow = createTab().flow({ fetchConnectToken, storage: asyncStorage() as never });
    flow.prefetch();
    expect(await flow.connect()).toMatchObject({
      error: {
        code: "invalid_request",
        message: expect.stringMatching(/^invalid_request: storage: object\./) as string,
      },
    });
    expect(fetchConnectToken).not.toHaveBeenCalled();
  });
});
