import { describe, expect, it, vi } from "vitest";
import { createPage, createReturnReader, type ReaderOptions } from "../../src/core/returnReader.js";
import { CALLBACK, createTab, returnUrl } from "./createTab.js";

const IDS = { status: "success", benji_user_uuid: "u-1" };
const never = () => new Promise<never>(() => {});
const microtasks = () => new Promise((resolve) => setTimeout(resolve));

/** A tab that has come back from Benji, and a function that creates readers of its page. */
async function arrive() {
  const tab = createTab();
  const state = await tab.start({ returnTo: "/checkout", mode: "transfer" });
  const url = returnUrl({ ...IDS, state });
  tab.url = url;
  const page = createPage();
  const createReader = () => createReturnReader<ReaderOptions>(page, () => tab.ports);
  /** The app navigates to another address, whose entry has its own `history.state`. */
  const go = (to: string, historyState: unknown = null) => {
    tab.url = to;
    tab.historyState = historyState;
  };
  return { tab, url, page, createReader, go };
}

describe("how long a return is shown", () => {
  it("a component that is shown again after it was hidden does not show the return of an earlier page", async () => {
    const { createReader, go } = await arrive();
    const reader = createReader();
    reader.deliver({});
    reader.subscribe(() => {})();
    await microtasks();
    // React renders a hidden tree, too.
    expect(reader.getResult({})).toMatchObject({ status: "success" });
    go("https://shop.example/other");
    reader.subscribe(() => {});
    expect(reader.getResult({})).toEqual({ status: "none" });
  });

  it("a return that no component shows any more is read anew when its address is opened again", async () => {
    const { createReader, tab, url, go } = await arrive();
    const another = returnUrl({ ...IDS, state: await tab.start() });
    const reader = createReader();
    reader.subscribe(() => {});
    expect(reader.getResult({})).toMatchObject({ replayed: false });
    reader.settle();
    go(another);
    expect(reader.getResult({})).toMatchObject({ status: "success", replayed: false });
    reader.settle();
    go(url);
    expect(reader.getResult({})).toMatchObject({ status: "success", replayed: true });
  });

  it("a component that was never mounted moves from one return to another without an error", async () => {
    const { createReader, tab, go } = await arrive();
    const reader = createReader();
    reader.getResult({});
    go(returnUrl({ ...IDS, state: await tab.start() }));
    expect(reader.getResult({})).toMatchObject({ status: "success" });
  });

  it("a return that only a discarded render has read ends when the app shows another page", async () => {
    const { createReader, url, go } = await arrive();
    createReader().getResult({});
    await microtasks();
    go("https://shop.example/other");
    const reader = createReader();
    expect(reader.getResult({})).toEqual({ status: "none" });
    go(url);
    expect(reader.getResult({})).toMatchObject({ status: "success", replayed: true });
  });

  it("a router that restores the parameters of a discarded render does not turn the return into a replay", async () => {
    const { createReader, url, go } = await arrive();
    createReader().getResult({});
    await microtasks();
    go(url);
    expect(createReader().getResult({})).toMatchObject({ status: "success", replayed: false });
  });
});

// If history.state is not an object, it cannot hold the pointer: the return is found by its address.
describe("a return that history.state cannot name", () => {
  it("a second component finds the return at the clean address", async () => {
    const { tab, createReader } = await arrive();
    tab.historyState = 7;
    createReader().getResult({});
    await microtasks();
    expect(tab.url).toBe(CALLBACK);
    expect(createReader().getResult({})).toMatchObject({ status: "success", replayed: false });
  });

  it("a second component finds the return after the router has removed the parameters itself", async () => {
    const { createReader, go } = await arrive();
    const first = createReader();
    first.getResult({});
    go(CALLBACK, 7);
    first.settle();
    expect(createReader().getResult({})).toMatchObject({ status: "success", replayed: false });
  });

  it("a second component finds the return after a locale redirect has moved it to another path", async () => {
    const { tab, url, createReader, go } = await arrive();
    tab.historyState = 7;
    const first = createReader();
    first.getResult({});
    first.settle();
    go(url.replace("/benji/", "/en/benji/"), 7);
    first.settle();
    expect(tab.url).toBe(CALLBACK.replace("/benji/", "/en/benji/"));
    expect(createReader().getResult({})).toMatchObject({ status: "success", replayed: false });
  });
});

it("a page that reads a thousand returns remembers only the newest of them", async () => {
  const { tab, url, page, createReader, go } = await arrive();
  const reader = createReader();
  for (let index = 0; index < 1_000; index++) {
    go(returnUrl({ ...IDS, state: `benji.${index}` }));
    reader.getResult({});
  }
  expect(page.visits.length).toBeLessThan(30);
  go(url);
  expect(reader.getResult({})).toMatchObject({ status: "success", replayed: false });
  expect(tab.storage.length).toBe(1);
});

describe("the router's replaceUrl", () => {
  it("while the router replaces the address a second component finds the return", async () => {
    const { createReader, go } = await arrive();
    const seen: string[] = [];
    const replaceUrl = async () => {
      go(CALLBACK, { router: 1 });
      seen.push(createReader().getResult({}).status);
      await microtasks();
    };
    createReader().deliver({ replaceUrl });
    expect(seen).toEqual(["success"]);
  });

  it("after the router has replaced the address another entry with that address shows no return", async () => {
    const { tab, createReader, go } = await arrive();
    createReader().deliver({ replaceUrl: () => go(CALLBACK, { router: 1 }) });
    await microtasks();
    expect(tab.historyState).toMatchObject({
      router: 1,
      benjiConnect: expect.any(String) as string,
    });
    go(CALLBACK);
    expect(createReader().getResult({})).toEqual({ status: "none" });
  });

  it("replaceUrl is not called for a return that a reload has found in history.state", async () => {
    const { tab, createReader } = await arrive();
    createReader().deliver({});
    await microtasks();
    const replaceUrl = vi.fn();
    const reloaded = createReturnReader<ReaderOptions>(createPage(), () => tab.ports);
    reloaded.deliver({ replaceUrl });
    expect(reloaded.getResult({})).toMatchObject({ status: "success", replayed: true });
    expect(replaceUrl).not.toHaveBeenCalled();
  });
});

describe("storage", () => {
  it("a second getResult() reads no storage, and a second settle() writes none", async () => {
    const { tab, createReader } = await arrive();
    const reader = createReader();
    reader.getResult({});
    const reads = vi.spyOn(tab.storage, "getItem");
    reader.getResult({});
    expect(reads).not.toHaveBeenCalled();
    reader.settle();
    const writes = vi.spyOn(tab.storage, "setItem");
    reader.settle();
    expect(writes).not.toHaveBeenCalled();
  });
});

describe("confirm", () => {
  it("a confirmed success keeps mode and returnTo, and has no begunElsewhere", async () => {
    const { createReader } = await arrive();
    const [reader, options] = [createReader(), { confirm: () => ({ points: 1 }) }];
    reader.deliver(options);
    await microtasks();
    expect(reader.getResult(options)).toEqual({
      status: "success",
      benjiUserUuid: "u-1",
      mode: "transfer",
      returnTo: "/checkout",
      replayed: false,
      confirmation: { points: 1 },
    });
  });

  it("a return without a state that history.state has kept is a replay after its confirmation", async () => {
    const { tab, createReader, go } = await arrive();
    go(CALLBACK, { benjiConnect: JSON.stringify({ status: "success", benjiUserUuid: "u-1" }) });
    expect(tab.url).toBe(CALLBACK);
    const options = { dangerouslyAcceptReturnsWithoutState: true, confirm: () => true };
    const reader = createReader();
    reader.deliver(options);
    await microtasks();
    expect(reader.getResult(options)).toMatchObject({ begunElsewhere: true, replayed: true });
  });

  it("a component keeps the success that it has shown while another component waits for confirm", async () => {
    const { createReader } = await arrive();
    const reader = createReader();
    reader.deliver({});
    reader.deliver({ confirm: never });
    expect(reader.getResult({ confirm: never })).toEqual({ status: "pending" });
    expect(reader.getResult({})).toMatchObject({ status: "success" });
  });

  it("two components call confirm once for a return, even if only one of them accepts returns without a state", async () => {
    const { createReader } = await arrive();
    const confirm = vi.fn(never);
    createReader().deliver({ confirm });
    createReader().deliver({ confirm, dangerouslyAcceptReturnsWithoutState: true });
    expect(confirm).toHaveBeenCalledTimes(1);
  });

  it("a discarded render of a component with confirm does not keep another component pending", async () => {
    const { createReader } = await arrive();
    createReader().getResult({ confirm: never });
    const shown = createReader();
    shown.deliver({});
    expect(shown.getResult({})).toEqual({ status: "pending" });
    await microtasks();
    expect(shown.getResult({})).toMatchObject({ status: "success" });
  });

  it("a mounted component that waits for confirm keeps another component pending", async () => {
    const { createReader } = await arrive();
    const asking = createReader();
    const shown = createReader();
    asking.getResult({ confirm: never });
    shown.deliver({});
    asking.deliver({ confirm: never });
    await microtasks();
    expect(shown.getResult({})).toEqual({ status: "pending" });
  });
});

it("a hydrating component shows the return after the microtask that follows its first delivery", async () => {
  const { createReader } = await arrive();
  const reader = createReader();
  expect(reader.getServerResult()).toEqual({ status: "pending" });
  reader.deliver({});
  expect(reader.getResult({})).toEqual({ status: "pending" });
  await microtasks();
  expect(reader.getResult({})).toMatchObject({ status: "success" });
});
