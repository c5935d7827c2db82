import { expect, it } from "vitest";
import { engineName } from "./engines/launch.js";
import type { Visitor } from "./engines/visitor.js";
import {
  finishProbe,
  leaveProbe,
  openProbe,
  openStart,
  probeUrl,
  readUnfinished,
  readProbe,
  returnOf,
  setUpProbe,
  stateOf,
} from "./probe/openProbe.js";
import {
  comeBack,
  hasBackCache,
  leave,
  type Mode,
  newVisitor,
  readResult,
} from "./shopAndBenji.js";

openProbe();

it("a return of one user is rejected for another user, and still succeeds for the first user (T7)", async () => {
  const page = await newVisitor();
  setUpProbe({ storage: "local", userKey: "ann" });
  const back = probeUrl(returnOf(stateOf(await leaveProbe(page))));

  setUpProbe({ storage: "local", userKey: "bob" });
  const other = await page.newTab();
  await openStart(other);
  expect(await readUnfinished(other)).toBe("");
  expect(await finishProbe(page)).toEqual({ status: "rejected", reason: "user_changed" });

  setUpProbe({ storage: "local", userKey: "ann" });
  await other.open(back);
  expect(await readProbe(other)).toMatchObject({ status: "success", benjiUserUuid: "u-1" });
});

it.each([
  ["signed out", { userKey: null }],
  ["signed in under another name", { userKey: "Ann" }],
])("a return of a user's flow is rejected if the visitor is then %s (T7)", async (_, visitor) => {
  const page = await newVisitor();
  setUpProbe({ userKey: "ann" });
  await leaveProbe(page);
  setUpProbe(visitor);
  expect(await finishProbe(page)).toEqual({ status: "rejected", reason: "user_changed" });
});

it("a tab opened by the callback page shows the same result, and rejects a changed return (F17)", async () => {
  const page = await newVisitor();
  setUpProbe();
  const state = stateOf(await leaveProbe(page));
  await page.open(probeUrl(returnOf(state)));
  const first = await readProbe(page);
  expect(first).toMatchObject({ status: "success", benjiUserUuid: "u-1", replayed: false });

  const copy = await openFrom(page, probeUrl(returnOf(state)));
  expect(await readProbe(copy)).toEqual({ ...first, replayed: true });
  const altered = await openFrom(page, probeUrl(returnOf(state, "benji_user_uuid=u-2")));
  expect(await readProbe(altered)).toEqual({ status: "rejected", reason: "state_reused" });
});

// docs/SECURITY.md says this of sessionStorage, which a duplicated tab has once more.
it("a tab that was duplicated between start and return does not know that the flow has ended in the first tab (T4)", async () => {
  const page = await newVisitor();
  setUpProbe();
  const state = stateOf(await leaveProbe(page));
  await openStart(page);
  const copy = await openFrom(page, probeUrl(returnOf(state)));
  expect(await readProbe(copy)).toMatchObject({ status: "success", benjiUserUuid: "u-1" });
  await page.open(probeUrl(returnOf(state, "benji_user_uuid=u-2")));
  expect(await readProbe(page)).toMatchObject({ status: "success", benjiUserUuid: "u-2" });
});

/** Opens a window by window.open, which copies sessionStorage into the window. */
async function openFrom(page: Visitor, url: string): Promise<Visitor> {
  await page.run((target) => {
    const button = document.createElement("button");
    button.textContent = "Open";
    button.onclick = () => {
      button.remove();
      window.open(target);
    };
    document.body.prepend(button);
  }, url);
  return page.tabOpenedBy(() => page.click({ button: "Open" }));
}

// What docs/SECURITY.md says of Chromium: its Back cache restores a page together with the sessionStorage that
// the page was left with, so the page does not know which flows have ended since. localStorage has one copy.
it.runIf(engineName === "chromium")(
  "in Chromium the page that Back restores has its old sessionStorage, where an ended flow is unfinished (T4)",
  async ({ skip }) => {
    skip(!hasBackCache(), "a headless shell has no Back cache");
    const { page, state } = await goBackToStart("session");
    expect(await readUnfinished(page)).toContain("startedAt");
    await page.open(probeUrl(returnOf(state, "benji_user_uuid=u-2")));
    expect(await readProbe(page)).toMatchObject({ status: "success", benjiUserUuid: "u-2" });
  },
);

it.runIf(engineName !== "chromium")(
  "after Back to the start page an accepted return with another uuid is rejected (T4)",
  () => refusesAnotherAnswerAfterBack("session"),
);

it("with storage local an accepted return with another uuid is rejected after Back to the start page (T4)", () =>
  refusesAnotherAnswerAfterBack("local"));

async function refusesAnotherAnswerAfterBack(storage: "session" | "local"): Promise<void> {
  const { page, state } = await goBackToStart(storage);
  await page.open(probeUrl(returnOf(state, "benji_user_uuid=u-2")));
  expect(await readProbe(page)).toEqual({ status: "rejected", reason: "state_reused" });
}

/** Starts a flow, returns with a success, and goes Back over both pages to the start page. */
async function goBackToStart(storage: "session" | "local") {
  const page = await newVisitor();
  setUpProbe({ storage });
  const state = stateOf(await leaveProbe(page));
  await page.open(probeUrl(returnOf(state)));
  expect(await readProbe(page)).toMatchObject({ status: "success" });
  await page.run(() => void setTimeout(() => history.go(-2)));
  await page.waitForAddress((url) => url.pathname === "/probe/start");
  return { page, state };
}

const MODES: Mode[] = ["connect", "transfer", "redeem"];

it("three flows in three tabs each get their own result (F18)", async () => {
  const first = await newVisitor();
  const tabs = [first, await first.newTab(), await first.newTab()];
  for (const [index, mode] of MODES.entries()) await leave(tabs[index]!, mode);
  for (const index of [1, 2, 0]) {
    await comeBack(tabs[index]!);
    const own = { status: "success", mode: MODES[index], replayed: "false" };
    expect(await readResult(tabs[index]!)).toMatchObject(own);
  }
});

it.each(["session", "local"] as const)(
  "three flows in one tab each get their own result, with storage %s (F18)",
  async (storage) => {
    const page = await newVisitor();
    const hosted: string[] = [];
    for (const mode of MODES) {
      setUpProbe({ storage, mode });
      hosted.push(await leaveProbe(page));
    }
    for (const index of [1, 2, 0]) {
      await page.open(hosted[index]!);
      const own = { status: "success", mode: MODES[index], replayed: false };
      expect(await finishProbe(page)).toMatchObject(own);
    }
  },
);

it("with storage local a flow can finish in another tab, and `unfinished` becomes empty in the first tab (F41)", async () => {
  const page = await newVisitor();
  setUpProbe({ storage: "local", mode: "transfer" });
  const hosted = await leaveProbe(page);
  await openStart(page);
  expect(await readUnfinished(page)).toContain('"mode":"transfer"');
  await page.run(() => void Object.assign(window, { isSameDocument: true }));

  const other = await page.newTab();
  await other.open(hosted);
  expect(await finishProbe(other)).toMatchObject({ status: "success", mode: "transfer" });

  await expect.poll(() => readUnfinished(page)).toBe("");
  expect(await page.run(() => "isSameDocument" in window)).toBe(true);
});

it("with storage session a return in another tab is rejected as state_unknown (F24)", async () => {
  const page = await newVisitor();
  setUpProbe();
  const hosted = await leaveProbe(page);
  const other = await page.newTab();
  await other.open(hosted);
  expect(await finishProbe(other)).toEqual({ status: "rejected", reason: "state_unknown" });
});
