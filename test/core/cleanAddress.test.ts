import { describe, expect, it, vi } from "vitest";
import { CALLBACK, createTab, openReturned, keysOf, returnUrl } from "./createTab.js";

const SUCCESS = { status: "success", benji_user_uuid: "uuid-1", trigger_event_id: "event-1" };
const NONE = { status: "none" };
const HOUR = 3_600_000;

describe("the address bar", () => {
  it("the address bar loses Benji's five parameters and keeps everything else (T13, F32)", async () => {
    const tab = createTab();
    const state = await tab.start();
    tab.open(`${returnUrl({ ...SUCCESS, state }, `${CALLBACK}?a=%20&gclid=1`)}&benji_more=1#top`);
    expect(tab.replaced).toEqual([`${CALLBACK}?a=%20&gclid=1&benji_more=1#top`]);
  });

  it("the address bar is also cleaned after a rejected return (T13)", () => {
    const tab = createTab();
    tab.open(returnUrl({ ...SUCCESS, state: "benji.forged" }));
    expect(tab.url).toBe(CALLBACK);
  });

  it("the app's own keys in history.state are kept beside our pointer", async () => {
    const tab = createTab();
    const state = await tab.start();
    tab.url = returnUrl({ ...SUCCESS, state });
    tab.historyState = { idx: 3, key: "k" };
    tab.flow().getResult();
    await Promise.resolve();
    expect(tab.historyState).toEqual({ idx: 3, key: "k", benjiConnect: state });
    expect(tab.replaced).toHaveLength(1);
  });

  it.each([[{ __NA: true }], [{ _N: true }]])(
    "Next.js's mark %j stays in history.state at first, and is missing in the entry announced next (F29)",
    async (mark) => {
      const tab = createTab();
      const state = await tab.start();
      tab.url = returnUrl({ ...SUCCESS, state });
      tab.historyState = { tree: "t", ...mark };
      tab.flow().getResult();
      expect(tab.replaced).toEqual([CALLBACK]);
      expect(tab.historyState).toEqual({ tree: "t", ...mark, benjiConnect: state });
      await Promise.resolve();
      expect(tab.announced).toEqual([[CALLBACK, { tree: "t", benjiConnect: state }]]);
    },
  );

  it("a reload does not change the history entry of Next.js that was cleaned before (F29)", async () => {
    const tab = createTab();
    const state = await tab.start();
    tab.open(returnUrl({ ...SUCCESS, state }));
    await Promise.resolve();
    tab.historyState = { __NA: true, benjiConnect: state };
    tab.replaced.length = 0;
    expect(tab.reload()).toMatchObject({ status: "success", replayed: true });
    await Promise.resolve();
    expect([tab.replaced, tab.historyState]).toEqual([[], { __NA: true, benjiConnect: state }]);
  });

  /** Returns to a page with this `history.state`. Gives the state of the flow, and `history.state` after it. */
  async function returnTo(historyState: unknown) {
    const tab = createTab();
    const state = await tab.start();
    tab.url = returnUrl({ ...SUCCESS, state });
    tab.historyState = historyState;
    tab.flow().getResult();
    return { state, after: tab.historyState };
  }

  it.each([[null], [undefined]])(
    "if history.state is %j, a return replaces it by an object with the pointer",
    async (own) => {
      const { state, after } = await returnTo(own);
      expect(after).toEqual({ benjiConnect: state });
    },
  );

  it.each(["text", 7, [1], new Date(0)])("a history.state that is %j is not changed", async (own) =>
    expect((await returnTo(own)).after).toBe(own),
  );

  it.each([[null], [{ __NA: true }]])(
    "the result is a success if writing to history throws, with the history.state %j (F37)",
    async (historyState) => {
      const unhandled = vi.fn();
      process.on("unhandledRejection", unhandled);
      const tab = createTab();
      tab.url = returnUrl({ ...SUCCESS, state: await tab.start() });
      tab.historyState = historyState;
      const writeEntry = () => {
        throw new Error("too many calls");
      };
      expect(tab.flow({ writeEntry, announceEntry: writeEntry }).getResult()).toMatchObject({
        status: "success",
      });
      await new Promise(setImmediate);
      process.off("unhandledRejection", unhandled);
      expect(unhandled).not.toHaveBeenCalled();
    },
  );
});

describe("after the address was cleaned", () => {
  it("a reload finds the result through the pointer in history.state (F23)", async () => {
    const { tab, replay } = await openReturned(SUCCESS);
    expect(tab.reload()).toEqual(replay);
  });

  it("a reload finds the result even if a router has replaced history.state (F23)", async () => {
    const { tab, replay } = await openReturned(SUCCESS);
    tab.historyState = { idx: 1 };
    expect(tab.reload()).toEqual(replay);
  });

  it("unknown parameters of Benji stay in the address, and the reload still shows the result (F32)", async () => {
    const tab = createTab();
    const state = await tab.start();
    const first = tab.open(returnUrl({ ...SUCCESS, state, benji_new: "1" }));
    expect(first).toMatchObject({ status: "success" });
    expect(tab.url).toBe(`${CALLBACK}?benji_new=1`);
    expect(tab.reload()).toEqual({ ...first, replayed: true });
  });

  it("a visit to the callback page within the app has the status none", async () => {
    const { tab } = await openReturned(SUCCESS);
    expect(tab.open(CALLBACK)).toEqual(NONE);
  });

  it("a reload of another page has the status none", async () => {
    const { tab } = await openReturned(SUCCESS);
    tab.url = "https://shop.example/cart";
    tab.historyState = null;
    expect(tab.reload()).toEqual(NONE);
  });

  it("a reload after a rejected return does not show an older success (T1)", async () => {
    const { tab } = await openReturned(SUCCESS);
    tab.open(returnUrl({ ...SUCCESS, state: "benji.forged" }));
    expect(tab.reload()).toEqual(NONE);
  });

  it("a reload outside of the option `path` has the status none", async () => {
    const { tab } = await openReturned(SUCCESS);
    expect(tab.reload({ path: "/elsewhere" })).toEqual(NONE);
  });

  it("a reload has the status none if the flow finished more than 24 hours ago", async () => {
    const { tab } = await openReturned(SUCCESS);
    tab.now += 24 * HOUR + 1;
    expect(tab.reload()).toEqual(NONE);
  });

  it.each([{ benjiConnect: "benji.other" }, { benjiConnect: 7 }])(
    "a reload has the status none if history.state is %j, which points to no flow",
    async (historyState) => {
      const { tab } = await openReturned(SUCCESS);
      tab.storage.removeItem("benji-connect:1:last");
      tab.historyState = historyState;
      expect(tab.reload()).toEqual(NONE);
    },
  );

  it("a reload with a pointer to an unfinished flow has the status none", async () => {
    const tab = createTab();
    const state = await tab.start();
    tab.url = CALLBACK;
    tab.historyState = { benjiConnect: state };
    expect(tab.reload()).toEqual(NONE);
  });

  it("an accepted return removes expired records, and a forged return does not", async () => {
    const tab = createTab();
    const old = await tab.start();
    tab.now += HOUR / 2;
    const state = await tab.start();
    tab.now += HOUR / 2 + 1;
    tab.open(returnUrl({ ...SUCCESS, state: "benji.forged" }));
    expect(keysOf(tab.storage)).toContain(`benji-connect:1:${old}`);
    tab.open(returnUrl({ ...SUCCESS, state }));
    expect(keysOf(tab.storage)).not.toContain(`benji-connect:1:${old}`);
  });
});
