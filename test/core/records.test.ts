import { describe, expect, it } from "vitest";
import { newestUnfinished } from "../../src/core/records/records.js";
import { CALLBACK, createTab, openReturned, itemsOf, keysOf, returnUrl } from "./createTab.js";

const SUCCESS = { status: "success", benji_user_uuid: "uuid-1" };
const UNKNOWN = { status: "rejected", reason: "state_unknown" };

const keyOf = (state: string) => `benji-connect:1:${state}`;

describe("the record of a flow", () => {
  it("the record of a flow has only the options that the start was given", async () => {
    const tab = createTab();
    const state = await tab.start({ userKey: null, appState: undefined });
    const record = JSON.parse(tab.storage.getItem(keyOf(state)) ?? "") as object;
    expect(record).toStrictEqual({ startedAt: tab.now, lifetimeMs: 3_600_000 });
    const result = tab.open(returnUrl({ ...SUCCESS, state }));
    expect(result).toStrictEqual({ status: "success", benjiUserUuid: "uuid-1", replayed: false });
  });

  it("a record of up to 4,096 characters is accepted", async () => {
    const tab = createTab();
    const { length } = tab.storage.getItem(keyOf(await tab.start({ appState: "" }))) ?? "";
    const state = await tab.start({ appState: "x".repeat(4_096 - length) });
    expect(tab.storage.getItem(keyOf(state))).toHaveLength(4_096);
    await expect(tab.start({ appState: "x".repeat(4_097 - length) })).rejects.toMatchObject({
      code: "invalid_request",
    });
  });

  it.each([
    ["startedAt", `"1"`],
    ["startedAt", "1e999"],
    ["lifetimeMs", "null"],
    ["lifetimeMs", `"3600000"`],
    ["mode", "2"],
    ["mode", `"__proto__"`],
    ["outcome", "7"],
    ["outcome", `{"settledAt":1700000000000}`],
    ["outcome", `{"claim":{"status":"ok"},"settledAt":1700000000000}`],
    ["outcome", `{"claim":{"status":"success"},"settledAt":"1700000000000"}`],
    ["outcome", `{"claim":{"status":"success"}}`],
  ])(
    "a return is rejected as state_unknown if its record has the field %s with the value %s (F36)",
    async (field, text) => {
      const tab = createTab();
      const state = await tab.start({ mode: "connect" });
      const { [field]: _, ...kept } = JSON.parse(tab.storage.getItem(keyOf(state)) ?? "") as Record<
        string,
        unknown
      >;
      tab.storage.setItem(keyOf(state), `${JSON.stringify(kept).slice(0, -1)},"${field}":${text}}`);
      expect(tab.open(returnUrl({ ...SUCCESS, state }))).toEqual(UNKNOWN);
    },
  );

  it.each([
    '{"startedAt":{"toString":""},"lifetimeMs":3600000}',
    '{"startedAt":1,"lifetimeMs":{"toString":""}}',
    '{"outcome":{"settledAt":{"valueOf":1,"toString":1}}}',
    '{"startedAt":1,"lifetimeMs":3600000,"outcome":[]}',
  ])("the next start removes a record whose times are not numbers: %s (F36)", async (record) => {
    const tab = createTab();
    tab.storage.setItem("benji-connect:1:benji.damaged", record);
    expect(await tab.flow().connect()).toEqual({ status: "redirecting" });
    expect(keysOf(tab.storage)).not.toContain("benji-connect:1:benji.damaged");
  });

  it("the record of a flow that has returned does not count among the 20 unfinished ones", async () => {
    const tab = createTab();
    const settled = await tab.start();
    tab.open(returnUrl({ ...SUCCESS, state: settled }));
    const states: string[] = [];
    for (let count = 0; count < 20; count++) {
      tab.now++;
      states.push(await tab.start());
    }
    const expected = ["last", settled, ...states].map(keyOf);
    expect(keysOf(tab.storage).sort()).toEqual(expected.sort());
  });
});

describe("what is left after a return", () => {
  it("a rejected return leaves an empty pointer in history.state (T1)", () => {
    const tab = createTab();
    tab.open(returnUrl({ ...SUCCESS, state: "benji.forged" }));
    expect(tab.historyState).toEqual({ benjiConnect: "" });
  });

  it("the address is cleaned even if the storage is denied (F1, T13)", () => {
    const tab = createTab();
    tab.storage.getItem = () => {
      throw new DOMException("denied", "SecurityError");
    };
    tab.open(returnUrl({ ...SUCCESS, state: "benji.x" }));
    expect(tab.url).toBe(CALLBACK);
    expect(tab.reload()).toEqual({ status: "none" });
  });

  it("a reload has the status none if the storage is denied after the return (F1)", async () => {
    const { tab } = await openReturned(SUCCESS);
    tab.storage.getItem = () => {
      throw new DOMException("denied", "SecurityError");
    };
    expect(tab.reload()).toEqual({ status: "none" });
  });

  it("a reload writes nothing to the storage (F23)", async () => {
    const { tab, replay } = await openReturned(SUCCESS);
    await tab.start();
    tab.storage.removeItem(keyOf("last"));
    tab.now += 3_600_001;
    const before = itemsOf(tab.storage);
    expect(tab.reload()).toEqual(replay);
    expect(itemsOf(tab.storage)).toEqual(before);
  });

  it.each([[7], [null], [["benji.x"]]])(
    "a reload ignores a pointer of %j in history.state, and shows the result of the last flow (F23)",
    async (pointer) => {
      const { tab, replay } = await openReturned(SUCCESS);
      tab.historyState = { benjiConnect: pointer };
      expect(tab.reload()).toEqual(replay);
    },
  );

  it.each(["{", "null", "7", `{"pathname":"/benji/callback","state":7}`])(
    "a reload has the status none if the stored entry about the last flow is the unreadable text %s (F36)",
    async (text) => {
      const { tab } = await openReturned(SUCCESS);
      tab.historyState = null;
      tab.storage.setItem(keyOf("last"), text);
      expect(tab.reload()).toEqual({ status: "none" });
    },
  );
});

describe("a state", () => {
  it.each([0, 62, 63, 251, 255])(
    "a state made of random bytes that are all %d has only characters that are safe in an address",
    async (byte) => {
      const tab = createTab();
      const randomBytes = (length: number) => new Uint8Array(length).fill(byte);
      expect(await tab.start({ randomBytes })).toMatch(/^benji\.[\w-]{43}$/);
    },
  );
});

describe("the newest unfinished flow", () => {
  /** The `appState` of the flow that this browser would offer to continue. */
  const offered = (tab: ReturnType<typeof createTab>, userKey: string | null = null) =>
    newestUnfinished(tab.storage, tab.now, userKey ?? "")?.appState;

  it("newestUnfinished returns the newest flow, in whatever order the storage lists it", async () => {
    const tab = createTab();
    for (const minutes of [10, 30, 20]) {
      tab.now = 1_700_000_000_000 + minutes * 60_000;
      await tab.start({ appState: minutes });
    }
    expect(offered(tab)).toBe(30);
  });

  it("newestUnfinished returns nothing if no flow was started", () => {
    expect(offered(createTab())).toBeUndefined();
  });

  it("newestUnfinished does not return a flow whose return was accepted", async () => {
    const tab = createTab();
    const state = await tab.start({ appState: "back" });
    tab.open(returnUrl({ status: "success", state }));
    expect(offered(tab)).toBeUndefined();
  });

  it("newestUnfinished returns a flow until its lifetime of one hour is over", async () => {
    const tab = createTab();
    await tab.start({ appState: "waiting" });
    tab.now += 3_600_000;
    expect(offered(tab)).toBe("waiting");
    tab.now += 1;
    expect(offered(tab)).toBeUndefined();
  });

  it("newestUnfinished returns a flow to the user who started it and to no other (T7)", async () => {
    const tab = createTab();
    await tab.start({ appState: "nobody's" });
    await tab.start({ appState: "Ann's", userKey: "ann" });
    expect(offered(tab)).toBe("nobody's");
    expect(offered(tab, "ann")).toBe("Ann's");
    expect(offered(tab, "bob")).toBeUndefined();
  });

  it("newestUnfinished skips an unreadable record (F36)", async () => {
    const tab = createTab();
    tab.storage.setItem("benji-connect:1:benji.garbage", "{");
    await tab.start({ appState: "waiting" });
    tab.storage.setItem("benji-connect:1:benji.garbage", "{");
    expect(offered(tab)).toBe("waiting");
  });
});
