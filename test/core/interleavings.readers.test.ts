import fc from "fast-check";
import { expect, it } from "vitest";
import {
  createPage,
  createReturnReader,
  type Page,
  type ReaderOptions,
  type ReturnReader,
} from "../../src/core/returnReader.js";
import type { AnyRedirectResult } from "../../src/core/back/resultTypes.js";
import { seedRuns } from "./randomValues.js";
import { createTab, itemsOf } from "./createTab.js";

seedRuns("interleavings.readers");

// Components mount and unmount in any order while the app navigates. The checks share no code with
// src/core/returnReader.ts: they read addresses with URLSearchParams, and records as JSON.

const SHOP = "https://shop.example";
const ANSWERS = [
  { status: "success", benji_user_uuid: "u-1" },
  { status: "success", benji_user_uuid: "u-2" },
  { status: "error", benji_user_uuid: "u-1" },
];
const OURS = ["status", "state", "benji_user_uuid", "benji_user_id", "trigger_event_id"];
const CALLBACK = "/back";

type Tab = ReturnType<typeof createTab>;

interface Entry {
  url: string;
  historyState: unknown;
}

/** One component of the app that shows the result. */
interface Mounted {
  reader: ReturnReader;
  options: ReaderOptions;
  detach: (() => void) | undefined;
  /** The result that its user has seen, and the return of that result. */
  delivered?: { result: AnyRedirectResult; of: string | undefined } | undefined;
}

interface Browser {
  tab: Tab;
  page: Page;
  entries: Entry[];
  at: number;
  states: string[];
  readers: Mounted[];
  listeners: Set<() => void>;
  /** Answers that were shown as accepted, by state. */
  accepted: Map<string, Set<string>>;
  /** Calls of `confirm` that wait for the partner's server. */
  questions: { signal: AbortSignal; answer: (confirmation: unknown) => void }[];
}

async function createBrowser(): Promise<Browser> {
  const tab = createTab();
  const browser: Browser = {
    tab,
    page: createPage(),
    entries: [],
    at: -1,
    states: [],
    readers: [],
    listeners: new Set(),
    accepted: new Map(),
    questions: [],
  };
  for (const userKey of [null, null, "ann"]) {
    browser.states.push(await tab.start({ userKey }));
  }
  push(browser, `${SHOP}/`);
  return browser;
}

// --- what a browser does

const dump = ({ tab }: Browser) => JSON.stringify(itemsOf(tab.storage));

function goTo(browser: Browser, at: number): void {
  const entry = browser.entries[at];
  if (!entry) return;
  Object.assign(browser, { at });
  Object.assign(browser.tab, entry);
}

function push(browser: Browser, url: string): void {
  browser.entries.splice(browser.at + 1);
  browser.entries.push({ url, historyState: null });
  goTo(browser, browser.at + 1);
}

function portsOf(browser: Browser) {
  const { tab } = browser;
  const write = (url: string, historyState: unknown) => {
    const before = new URL(tab.url);
    const after = new URL(url);
    for (const name of OURS) if (carriesReturn(before)) before.searchParams.delete(name);
    expect([after.pathname, after.hash, [...after.searchParams]]).toEqual([
      before.pathname,
      before.hash,
      [...before.searchParams],
    ]);
    Object.assign(tab, { url, historyState });
    browser.entries[browser.at] = { url, historyState };
  };
  return {
    ...tab.ports,
    writeEntry: write,
    announceEntry: write,
    onEntryChange: (listener: () => void) => {
      browser.listeners.add(listener);
      return () => void browser.listeners.delete(listener);
    },
  };
}

const carriesReturn = (url: URL) =>
  url.searchParams.has("benji_user_uuid") ||
  (url.searchParams.get("state") ?? "").startsWith("benji.");

/** Identifies the return of the current entry, by its query or by the state in its `history.state`. */
function named({ tab }: Browser): string | undefined {
  const url = new URL(tab.url);
  if (carriesReturn(url)) return OURS.map((name) => url.searchParams.get(name)).join();
  const state = (tab.historyState as { benjiConnect?: string } | null)?.benjiConnect;
  const outcome = state ? outcomeOf(tab, state) : undefined;
  return outcome && [outcome.status, state, outcome.benjiUserUuid, null, null].join();
}

/** Reads the outcome of a flow from its stored record. */
function outcomeOf(tab: Tab, state: string): Record<string, unknown> | undefined {
  const record = JSON.parse(tab.storage.getItem(`benji-connect:1:${state}`) ?? "null") as {
    outcome?: { claim: Record<string, unknown> };
  } | null;
  return record?.outcome?.claim;
}

// --- what React does

function render(browser: Browser, { reader, options }: Mounted): AnyRedirectResult {
  const before = [dump(browser), browser.tab.url];
  const result = reader.getResult(options);
  expect([dump(browser), browser.tab.url], "a render writes nothing").toEqual(before);
  return result;
}

function commit(browser: Browser, mounted: Mounted): void {
  const entry = isAtCallback(browser, mounted) ? named(browser) : undefined;
  const result = render(browser, mounted);
  mounted.reader.settle();
  mounted.detach ??= mounted.reader.subscribe(() => {});
  mounted.reader.deliver(mounted.options);
  note(browser, mounted, result, entry);
}

/** Checks that a component keeps its shown result until the entry has another return. */
function note(
  browser: Browser,
  mounted: Mounted,
  result: AnyRedirectResult,
  entry: string | undefined,
): void {
  const { delivered } = mounted;
  const isOther = entry !== undefined && entry !== delivered?.of;
  if (delivered && !isOther) expect(result, "a delivered result stays").toEqual(delivered.result);
  if (isOther) mounted.delivered = undefined;
  if (!["success", "error", "rejected"].includes(result.status)) return;
  if (!mounted.delivered) mounted.delivered = { result, of: entry };
  checkBelieved(browser, result);
}

const isAtCallback = ({ tab }: Browser, { options }: Mounted) =>
  !options.path || new URL(tab.url).pathname === options.path;

function checkBelieved(browser: Browser, result: AnyRedirectResult): void {
  if (result.status !== "success" && result.status !== "error") return;
  const settled = browser.states.filter((state) => {
    const outcome = outcomeOf(browser.tab, state);
    return outcome?.status === result.status && outcome.benjiUserUuid === result.benjiUserUuid;
  });
  expect(settled.length, "what was shown is settled").toBeGreaterThan(0);
}

/** Reads every attached reader again, as React does when it is notified of a change. */
async function settleDown(browser: Browser): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await Promise.resolve();
  browser.questions = browser.questions.filter(({ signal }) => !signal.aborted);
  for (const mounted of browser.readers) if (mounted.detach) commit(browser, mounted);
  for (const state of browser.states) {
    const outcome = outcomeOf(browser.tab, state);
    if (!outcome) continue;
    const answers = browser.accepted.get(state) ?? new Set();
    answers.add(JSON.stringify(outcome));
    browser.accepted.set(state, answers);
    expect(answers.size, "one state has one answer").toBe(1);
  }
  expect(isClean(browser), "no reader leaves a return in the address that it has read").toBe(true);
}

const isClean = (browser: Browser) =>
  !carriesReturn(new URL(browser.tab.url)) ||
  !browser.readers.some((mounted) => {
    const isUserLoading = "userKey" in mounted.options && mounted.options.userKey === undefined;
    return mounted.detach && !isUserLoading && isAtCallback(browser, mounted);
  });

// --- what may happen

type Step = (browser: Browser) => void | Promise<void>;
const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % list.length];
const step = (name: string, run: Step): Step =>
  Object.assign(run, { toString: () => name, [fc.toStringMethod]: () => name });

const optionsFor = (
  browser: Browser,
  { path, confirms, userKey, routes }: Record<string, unknown>,
): ReaderOptions => ({
  ...(path ? { path: CALLBACK } : {}),
  ...(userKey === "none" ? {} : { userKey: userKey as string | null }),
  ...(routes ? { replaceUrl: (url: string) => routeTo(browser, url) } : {}),
  ...(confirms
    ? {
        confirm: (_claim: unknown, { signal }: { signal: AbortSignal }) =>
          new Promise((answer) => browser.questions.push({ signal, answer })),
      }
    : {}),
});

/** A router replaces the entry, without our pointer in `history.state`. */
function routeTo(browser: Browser, url: string): void {
  Object.assign(browser.tab, { url: SHOP + url, historyState: { key: "router" } });
  browser.entries[browser.at] = { url: SHOP + url, historyState: { key: "router" } };
}

const anyReader = fc.record({
  path: fc.boolean(),
  confirms: fc.boolean(),
  routes: fc.boolean(),
  userKey: fc.constantFrom<unknown[]>("none", "none", "none", null, "ann", undefined),
});

const mount = (
  how: "once" | "strictly" | "thrown away" | "hidden",
  wish: Record<string, unknown>,
) =>
  step(`mount ${how} ${JSON.stringify(wish)}`, (browser) => {
    const options = optionsFor(browser, wish);
    const reader = createReturnReader(browser.page, () => portsOf(browser));
    const mounted: Mounted = { reader, options, detach: undefined };
    if (how === "thrown away") return void render(browser, mounted);
    if (how === "strictly") render(browser, { ...mounted });
    commit(browser, mounted);
    if (how === "strictly") {
      mounted.detach?.();
      mounted.detach = undefined;
      commit(browser, mounted);
    }
    browser.readers.push(mounted);
    if (how === "hidden") detach(mounted);
  });

function detach(mounted: Mounted): void {
  mounted.detach?.();
  mounted.detach = undefined;
  mounted.delivered = undefined;
}

const change = (how: "unmount" | "hide" | "show" | "render", index: number) =>
  step(`${how} reader ${index}`, (browser) => {
    const mounted = pick(browser.readers, index);
    if (!mounted) return;
    if (how === "hide" || how === "unmount") detach(mounted);
    if (how === "unmount") browser.readers = browser.readers.filter((other) => other !== mounted);
    if (how === "show" || (how === "render" && mounted.detach)) commit(browser, mounted);
  });

const signIn = (index: number, userKey: string | null) =>
  step(`reader ${index} gets the userKey ${userKey}`, (browser) => {
    const mounted = pick(browser.readers, index);
    if (!mounted || mounted.options.userKey === userKey) return;
    mounted.options = { ...mounted.options, userKey };
    mounted.delivered = undefined;
    if (mounted.detach) commit(browser, mounted);
  });

const returnOf = (browser: Browser, state: number, answer: number, query: string, hash: string) =>
  `${SHOP}${CALLBACK}?${query}${new URLSearchParams({
    ...(pick(ANSWERS, answer) ?? {}),
    state: pick(browser.states, state) ?? "",
  })}${hash}`;

/** Loads a new document: the readers and the page's memory are gone. */
function load(browser: Browser): void {
  for (const mounted of browser.readers) detach(mounted);
  Object.assign(browser, { readers: [], page: createPage(), questions: [] });
}

const arrive = (state: number, answer: number, query: string, hash: string, isNewPage: boolean) =>
  step(
    `return ${state} with answer ${answer}${isNewPage ? "" : " in the same page"}`,
    (browser) => {
      if (isNewPage) load(browser);
      push(browser, returnOf(browser, state, answer, query, hash));
      for (const listener of browser.listeners) listener();
    },
  );

const walk = (path: string) =>
  step(`walk to ${path}`, (browser) => {
    push(browser, SHOP + path);
    for (const listener of browser.listeners) listener();
  });

const traverse = (by: number) =>
  step(`go ${by}`, (browser) => {
    goTo(browser, browser.at + by);
    for (const listener of browser.listeners) listener();
  });

const reload = step("reload", (browser) => {
  load(browser);
  browser.tab.restoredPath = new URL(browser.tab.url).pathname;
});

const confirmAll = (answer: unknown) =>
  step(`the server says ${JSON.stringify(answer)}`, (browser) => {
    for (const question of browser.questions.splice(0)) question.answer(answer);
  });

const small = fc.nat(3);
const anyReturn = fc
  .tuple(
    ...([small, fc.nat(2), fc.constantFrom("", "own=1&"), fc.constantFrom("", "#x")] as const),
    fc.constantFrom(true, true, false),
  )
  .map((args) => arrive(...args));
const anyMount = fc
  .tuple(fc.constantFrom("once", "once", "strictly", "thrown away", "hidden"), anyReader)
  .map(([how, wish]) => mount(how as "once", wish));
const anyStep = fc.oneof(
  anyReturn,
  anyMount,
  anyMount,
  fc
    .tuple(fc.constantFrom("unmount", "hide", "show", "render"), small)
    .map(([how, index]) => change(how as "hide", index)),
  fc.tuple(small, fc.constantFrom("ann", "bob", null)).map((args) => signIn(...args)),
  fc.constantFrom("/", "/checkout?status=paid", CALLBACK, "/other#top").map(walk),
  fc.constantFrom(-2, -1, -1, 1, 2).map(traverse),
  fc.constant(reload),
  fc.constantFrom<unknown[]>(false, { ok: true }, null).map(confirmAll),
);
/** Steps before React reads again: a page may navigate in the commit of its first render. */
const anyTask = fc.array(anyStep, { minLength: 1, maxLength: 3 });

it("in any order of mounts and navigations a result once shown stays and its address is clean (T2, T3, T4, F1)", async () => {
  const shown = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyTask, { minLength: 1, maxLength: 14, size: "max" }),
      async (tasks) => {
        const browser = await createBrowser();
        for (const task of tasks) {
          for (const run of task) await run(browser);
          await settleDown(browser);
          for (const { delivered } of browser.readers) {
            const status = delivered?.result.status ?? "none";
            shown.set(status, (shown.get(status) ?? 0) + 1);
          }
        }
        load(browser);
      },
    ),
    { numRuns: 700 },
  );
  for (const status of ["success", "error", "rejected", "none"])
    expect(shown.get(status), status).toBeGreaterThan(100);
});
