import { expect, it } from "vitest";
import { newestUnfinished } from "../../src/core/records/records.js";
import { createTab, returnUrl } from "./createTab.js";

const HOUR = 3_600_000;

/** Which flow this browser would offer to go on with, by its `appState`. */
const offered = (tab: ReturnType<typeof createTab>, userKey: string | null = null) =>
  newestUnfinished(tab.storage, tab.now, userKey ?? "")?.appState;

it("offers the newest flow, wherever storage lists it", async () => {
  const tab = createTab();
  for (const minutes of [10, 30, 20]) {
    tab.now = 1_700_000_000_000 + minutes * 60_000;
    await tab.start({ appState: minutes });
  }
  expect(offered(tab)).toBe(30);
});

it("offers nothing where nothing is under way", () => {
  expect(offered(createTab())).toBeUndefined();
});

it("offers no flow that has come back", async () => {
  const tab = createTab();
  const state = await tab.start({ appState: "back" });
  tab.open(returnUrl({ status: "success", state }));
  expect(offered(tab)).toBeUndefined();
});

it("offers a flow as long as its return is believed", async () => {
  const tab = createTab();
  await tab.start({ appState: "waiting" });
  tab.now += HOUR;
  expect(offered(tab)).toBe("waiting");
  tab.now += 1;
  expect(offered(tab)).toBeUndefined();
});

it("offers a flow to the user who started it and to nobody else (T7)", async () => {
  const tab = createTab();
  await tab.start({ appState: "nobody's" });
  await tab.start({ appState: "Ann's", userKey: "ann" });
  expect(offered(tab)).toBe("nobody's");
  expect(offered(tab, "ann")).toBe("Ann's");
  expect(offered(tab, "bob")).toBeUndefined();
});

it("passes over what it cannot read (F36)", async () => {
  const tab = createTab();
  tab.storage.setItem("benji-connect:1:benji.garbage", "{");
  await tab.start({ appState: "waiting" });
  tab.storage.setItem("benji-connect:1:benji.garbage", "{");
  expect(offered(tab)).toBe("waiting");
});
