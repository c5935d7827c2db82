// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { memoryStorage } from "react-benji-connect/testing";
import { type ConnectFlowOptions, createConnectFlow } from "../../src/core/createConnectFlow.js";
import { returnUrl, token } from "./createTab.js";

const CALLBACK = "/benji/callback";

const visit = (path: string, historyState: unknown = null) =>
  window.history.pushState(historyState, "", path);

let left: string[];

const open = (options: ConnectFlowOptions = {}) =>
  createConnectFlow({ fetchConnectToken: token, ...options });

/** Returns a flow of a new document: newly loaded modules remember nothing. */
async function openDocument(options: ConnectFlowOptions = {}) {
  vi.resetModules();
  const fresh = await import("../../src/core/createConnectFlow.js");
  return fresh.createConnectFlow(options);
}

/** Starts a flow in this tab and returns its state. */
async function start(options: ConnectFlowOptions = {}) {
  const outcome = await open(options).connect();
  if (outcome.status === "failed") throw outcome.error;
  return new URL(left.at(-1) ?? "").searchParams.get("state") ?? "";
}

/** Makes the browser report this way of loading the document. */
function loadedBy(type: string, name = window.location.href) {
  vi.spyOn(performance, "getEntriesByType").mockImplementation((asked) =>
    asked === "navigation" ? [{ type, name } as never] : [],
  );
}

beforeEach(() => {
  left = [];
  vi.spyOn(window.location, "assign").mockImplementation((url) => void left.push(String(url)));
  visit("/cart");
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  sessionStorage.clear();
  localStorage.clear();
});

describe("in a browser, without any port given", () => {
  it("each start in a browser has a new state of 43 random characters", async () => {
    const states = [await start(), await start()];
    for (const state of states) expect(state).toMatch(/^benji\.[\w-]{43}$/);
    expect(states[0]).not.toBe(states[1]);
    expect(left).toHaveLength(2);
  });

  it("a flow expires by the browser's clock", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: 1_700_000_000_000 });
    const state = await start();
    vi.setSystemTime(1_700_003_600_001);
    visit(returnUrl({ status: "success", state }, CALLBACK));
    expect(open().getResult()).toEqual({ status: "rejected", reason: "state_expired" });
  });

  const own = memoryStorage();
  it.each([
    ["sessionStorage by default", undefined, () => sessionStorage],
    ["sessionStorage with storage: session", "session", () => sessionStorage],
    ["localStorage with storage: local", "local", () => localStorage],
    ["the partner's own storage object", own, () => own],
  ] as const)("the record of a flow is stored in %s", async (_, storage, place) => {
    const state = await start(storage && { storage });
    expect(place().getItem(`benji-connect:1:${state}`)).not.toBeNull();
    expect(sessionStorage.length + localStorage.length + own.length).toBe(1);
    own.removeItem(`benji-connect:1:${state}`);
  });

  it("reading a return cleans the address bar in place and keeps the app's own history.state (T13)", async () => {
    const state = await start();
    visit(returnUrl({ status: "success", state }, `${CALLBACK}?a=1`), { idx: 3 });
    const entries = window.history.length;
    expect(open().getResult()).toEqual({ status: "success", replayed: false });
    expect(window.location.href).toBe(`${window.location.origin}${CALLBACK}?a=1`);
    expect(window.history.state).toEqual({ idx: 3, benjiConnect: state });
    expect(window.history.length).toBe(entries);
  });

  it("a newly loaded document finds the result through history.state (F23)", async () => {
    const state = await start();
    visit(returnUrl({ status: "success", state }, CALLBACK));
    open().getResult();
    localStorage.clear();
    expect((await openDocument()).getResult()).toEqual({ status: "success", replayed: true });
  });

  it.each([
    ["reload", CALLBACK, "success"],
    ["back_forward", CALLBACK, "success"],
    ["reload", "/elsewhere", "none"],
    ["navigate", CALLBACK, "none"],
    ["prerender", CALLBACK, "none"],
  ])(
    "after a router has replaced history.state, a navigation of type %s to %s has the status %s (F23)",
    async (type, path, status) => {
      const state = await start();
      visit(returnUrl({ status: "success", state }, CALLBACK));
      open().getResult();
      visit(CALLBACK, { idx: 1 });
      loadedBy(type, `${window.location.origin}${path}`);
      expect((await openDocument()).getResult().status).toBe(status);
    },
  );
});

describe("prefetch in a browser", () => {
  const links = () => [...document.querySelectorAll<HTMLLinkElement>("link")];
  const settled = () => new Promise((resolve) => setTimeout(resolve));
  afterEach(() => document.head.replaceChildren());

  it("two prefetches add one preconnect link to Benji's page", async () => {
    const other = Object.assign(document.createElement("link"), { rel: "preconnect" });
    other.href = "https://cdn.example/";
    document.head.append(other);
    for (const flow of [open(), open()]) flow.prefetch();
    await settled();
    expect(links().map(({ rel, href }) => [rel, new URL(href).origin])).toEqual([
      ["preconnect", "https://cdn.example"],
      ["preconnect", "https://connect.withbenji.com"],
    ]);
  });

  it("pagehide aborts a prefetch whose token is unused, and not one whose token a start has used", async () => {
    const signals: AbortSignal[] = [];
    const flow = open({
      fetchConnectToken: (_, { signal }) => (signals.push(signal), token({ state: "" })),
    });
    flow.prefetch();
    window.dispatchEvent(new Event("pagehide"));
    expect(signals[0]?.aborted).toBe(true);
    flow.prefetch();
    expect(await flow.connect()).toEqual({ status: "redirecting" });
    window.dispatchEvent(new Event("pagehide"));
    expect(signals[1]?.aborted).toBe(false);
    expect(signals).toHaveLength(2);
  });
});

describe("a start that has navigated while its page is still open", () => {
  const setVisibility = (state: DocumentVisibilityState) => {
    vi.spyOn(document, "visibilityState", "get").mockReturnValue(state);
    document.dispatchEvent(new Event("visibilitychange"));
  };

  const show = (persisted: boolean) =>
    window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted }));

  const leave = async () => {
    const flow = open();
    await flow.connect();
    return { flow, status: () => flow.getStatus().status };
  };

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    setVisibility("visible");
  });

  it.each([
    [true, "idle"],
    [false, "redirecting"],
  ])(
    "after the event pageshow with persisted: %s a flow that has navigated has the status %s (F19)",
    async (persisted, expected) => {
      const { status } = await leave();
      show(persisted);
      expect(status()).toBe(expected);
    },
  );

  it("a flow that has navigated is idle again after 15 s, not before (F39)", async () => {
    const { status } = await leave();
    setVisibility("visible");
    vi.advanceTimersByTime(14_999);
    expect(status()).toBe("redirecting");
    vi.advanceTimersByTime(1);
    expect(status()).toBe("idle");
  });

  it("a flow that has navigated is idle again when its hidden page is shown after 15 s (F39)", async () => {
    const { status } = await leave();
    setVisibility("hidden");
    vi.advanceTimersByTime(15_000);
    setVisibility("hidden");
    expect(status()).toBe("redirecting");
    setVisibility("visible");
    expect(status()).toBe("idle");
  });

  it.each([
    ["Back", () => show(true)],
    ["a wait of 15 s", () => vi.advanceTimersByTime(15_000)],
    [
      "a wait of 15 s in another tab",
      () => {
        setVisibility("hidden");
        vi.advanceTimersByTime(15_000);
        setVisibility("visible");
      },
    ],
    ["reset()", (reset: () => void) => reset()],
  ])("after %s has made a flow idle, no late event ends the next start", async (_, end) => {
    let answer = (_: unknown) => {};
    const wait = () => new Promise((resolve) => (answer = resolve));
    const fetchConnectToken = vi.fn<() => unknown>(() => token({ state: "" }));
    const flow = open({ fetchConnectToken, tokenTimeoutMs: 60_000 });
    await flow.connect();
    end(flow.reset);
    expect(flow.getStatus().status).toBe("idle");
    fetchConnectToken.mockImplementation(wait);
    const outcome = flow.connect();
    show(true);
    vi.advanceTimersByTime(15_000);
    setVisibility("visible");
    expect(flow.getStatus().status).toBe("connecting");
    answer(token({ state: "" }));
    expect(await outcome).toEqual({ status: "redirecting" });
    flow.reset();
    expect(vi.getTimerCount()).toBe(0);
  });
});
