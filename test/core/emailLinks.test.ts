// Returns of links in e-mails: they have no state, because no flow was started.
import { describe, expect, it, vi } from "vitest";
import type { ConnectFlowOptions } from "../../src/core/createConnectFlow.js";
import { CALLBACK, createTab, keysOf, returnUrl } from "./createTab.js";

const LINK = returnUrl({ status: "success", benji_user_uuid: "uuid-1" });
const CLAIM = { status: "success", benjiUserUuid: "uuid-1" };
const ACCEPTING = { dangerouslyAcceptReturnsWithoutState: true };

/** Waits until the result is not pending. Returns that result and all statuses. */
async function settled(tab: ReturnType<typeof createTab>, options: ConnectFlowOptions) {
  const flow = tab.flow({ ...ACCEPTING, ...options });
  const statuses = [flow.getResult().status];
  const stop = flow.subscribe(() => statuses.push(flow.getResult().status));
  await vi.waitFor(() => expect(flow.getResult().status).not.toBe("pending"));
  stop();
  return { result: flow.getResult(), statuses };
}

describe("a return of a link in an e-mail, with confirm", () => {
  it("a return without a state is a success with begunElsewhere once the confirm route has confirmed the return", async () => {
    const tab = createTab();
    tab.url = LINK;
    const confirm = vi.fn(() => ({ points: 5 }));
    const { result, statuses } = await settled(tab, { confirm });
    expect(statuses[0]).toBe("pending");
    expect(result).toEqual({
      ...CLAIM,
      begunElsewhere: true,
      replayed: false,
      confirmation: { points: 5 },
    });
    expect(confirm.mock.calls).toEqual([[CLAIM, expect.objectContaining({ attempt: 1 })]]);
    expect(tab.url).toBe(CALLBACK);
  });

  it.each([
    ["a reload", (tab: ReturnType<typeof createTab>) => (tab.restoredPath = "/benji/callback")],
    [
      "a reload after a router has written history.state",
      (tab: ReturnType<typeof createTab>) => {
        tab.restoredPath = "/benji/callback";
        tab.historyState = { router: 1 };
      },
    ],
  ])(
    "after a return without a state, %s calls the confirm route again and shows the same result",
    async (_, reload) => {
      const tab = createTab();
      tab.url = LINK;
      const confirm = vi.fn(() => true);
      const first = await settled(tab, { confirm });
      reload(tab);
      const { result } = await settled(tab, { confirm });
      expect(result).toEqual({ ...first.result, replayed: true });
      expect(confirm).toHaveBeenCalledTimes(2);
    },
  );

  it("after a return without a state, a reload by another member is rejected, as no confirmation is stored (T14)", async () => {
    const tab = createTab();
    tab.url = LINK;
    await settled(tab, { confirm: () => true, userKey: "ada" });
    expect(JSON.stringify(keysOf(tab.storage).map((key) => tab.storage.getItem(key)))).not.toMatch(
      /confirmation/,
    );
    tab.restoredPath = "/benji/callback";
    const { result } = await settled(tab, { confirm: () => false, userKey: "bob" });
    expect(result).toEqual({ status: "rejected", reason: "not_confirmed" });
  });

  it.each([
    ["answers no", () => false, { status: "rejected", reason: "not_confirmed" }],
    [
      "answers 403 state_not_bound, as for a transaction",
      () => Response.json({ error: "state_not_bound" }, { status: 403 }),
      { status: "rejected", reason: "state_not_bound" },
    ],
    [
      "fails",
      () => Promise.reject(new Error("offline")),
      { status: "unconfirmed", error: { code: "confirm_failed" } },
    ],
  ])(
    "a return without a state is no success if the confirm route %s",
    async (_, confirm, expected) => {
      const tab = createTab();
      tab.url = LINK;
      expect((await settled(tab, { confirm })).result).toMatchObject(expected);
    },
  );

  it("the confirm route is not called for a return without a state that has the status error", async () => {
    const tab = createTab();
    tab.url = returnUrl({ status: "error", benji_user_uuid: "uuid-1" });
    const confirm = vi.fn(() => true);
    const { result } = await settled(tab, { confirm });
    expect(result).toMatchObject({ status: "unverified", claim: { status: "error" } });
    expect(confirm).not.toHaveBeenCalled();
  });

  it("without dangerouslyAcceptReturnsWithoutState a return without a state is rejected (T1)", async () => {
    const tab = createTab();
    const confirm = vi.fn(() => true);
    expect(tab.open(LINK, { confirm })).toEqual({ status: "rejected", reason: "state_missing" });
    expect(confirm).not.toHaveBeenCalled();
  });

  it("without dangerouslyAcceptReturnsWithoutState a return without a state kept in history.state is rejected (T1)", () => {
    const tab = createTab();
    tab.url = CALLBACK;
    tab.historyState = { benjiConnect: JSON.stringify(CLAIM) };
    expect(tab.flow().getResult()).toEqual({ status: "rejected", reason: "state_missing" });
  });

  it.each(["{", "5", "null", '"success"', '{"status":"ok"}', "{}"])(
    "the result has the status none if history.state has the unreadable pointer %s",
    (pointer) => {
      const tab = createTab();
      tab.url = CALLBACK;
      tab.historyState = { benjiConnect: pointer };
      expect(tab.flow(ACCEPTING).getResult()).toEqual({ status: "none" });
    },
  );
});
