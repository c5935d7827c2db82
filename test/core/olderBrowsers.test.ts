import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createTab, returnUrl, token } from "./createTab.js";

/** Functions that Safari 15.0 and jsdom 20 lack: the library must work without them. */
const LACKING: [owner: object, name: string][] = [
  [AbortSignal.prototype, "throwIfAborted"],
  [AbortSignal.prototype, "reason"],
  [AbortSignal, "any"],
  [AbortSignal, "timeout"],
  [Object, "hasOwn"],
  [Array.prototype, "at"],
  [Array.prototype, "findLast"],
  [String.prototype, "replaceAll"],
  [globalThis, "structuredClone"],
];

const removed: [object, string, PropertyDescriptor][] = [];

const restore = () => {
  for (const [owner, name, descriptor] of removed.splice(0))
    Object.defineProperty(owner, name, descriptor);
};

afterEach(restore);

/** Restores the functions after `run`: Vitest itself needs them to compare. */
async function withoutThem<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } finally {
    restore();
  }
}

describe("in a browser of 2021 (F44)", () => {
  beforeEach(() => {
    for (const [owner, name] of LACKING) {
      const descriptor = Object.getOwnPropertyDescriptor(owner, name);
      if (!descriptor) continue;
      removed.push([owner, name, descriptor]);
      delete (owner as Record<string, unknown>)[name];
    }
  });

  it("in a browser of 2021 a member starts a flow and returns from it with a success", async () => {
    const [outcome, result] = await withoutThem(async () => {
      const tab = createTab();
      const outcome = await tab.flow().connect();
      const state = new URL(tab.left[0] ?? "").searchParams.get("state") ?? "";
      return [outcome, tab.open(returnUrl({ status: "success", state }))] as const;
    });
    expect(outcome).toEqual({ status: "redirecting" });
    expect(result).toMatchObject({ status: "success" });
  });

  it.each([
    ["aborted", () => new Promise(() => {}), (flow: { reset: () => void }) => flow.reset()],
    ["token_timeout", () => new Promise(() => {}), () => vi.advanceTimersByTime(15_000)],
    ["token_fetch_failed", () => Promise.reject(new Error("offline")), () => {}],
    ["token_malformed", () => ({ token: 7 }), () => {}],
  ])(
    "in a browser of 2021 a failed start ends with its error code, here %s",
    async (code, fetchConnectToken, end) => {
      vi.useFakeTimers();
      const outcome = await withoutThem(async () => {
        const flow = createTab().flow({ fetchConnectToken });
        const outcome = flow.connect();
        end(flow);
        return outcome;
      });
      vi.useRealTimers();
      expect(outcome).toMatchObject({ status: "failed", error: { code } });
    },
  );

  it("an onEvent that throws causes an uncaught error in a browser of 2021, and the flow goes on", async () => {
    const reportError = globalThis.reportError as unknown;
    Object.assign(globalThis, { reportError: undefined });
    vi.useFakeTimers();
    const thrown = new Error("the partner's own");
    const outcome = await withoutThem(() =>
      createTab()
        .flow({
          fetchConnectToken: token,
          onEvent: () => {
            throw thrown;
          },
        })
        .connect(),
    );
    expect(outcome).toEqual({ status: "redirecting" });
    expect(() => vi.runAllTimers()).toThrow(thrown);
    vi.useRealTimers();
    Object.assign(globalThis, { reportError });
  });
});

describe("whatever is thrown", () => {
  it.each([
    ["trustedHosts that is no list", { trustedHosts: 7 as never }],
    ["a clock that throws", { now: () => Number((undefined as never as { x: number }).x) }],
  ])("a start with %s fails as invalid_request instead of throwing", async (_, options) => {
    const connect_url = "https://rewards.shop.example/x";
    const flow = createTab().flow({
      fetchConnectToken: () => ({ token: "t", connect_url }),
      ...options,
    });
    const outcome = await flow.connect();
    expect(outcome).toMatchObject({ status: "failed", error: { code: "invalid_request" } });
  });
});
