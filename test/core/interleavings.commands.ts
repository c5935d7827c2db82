import { expect } from "vitest";
import { returnUrl } from "./createTab.js";
import {
  PREFIX,
  TOKEN,
  HOUR,
  DAY,
  SHOP,
  type Answer,
  type Result,
  type Model,
  type Waiting,
  type Real,
  type Command,
  rejected,
  judge,
  recall,
  sweep,
  checkStorage,
} from "./interleavings.model.js";

// The events: each command does the same in the tab and in the model, and compares the two.

const command = (
  name: string,
  run: (model: Model, real: Real) => Promise<void> | void,
): Command => ({
  check: () => true,
  toString: () => name,
  run: async (model, real) => {
    real.tab.now = model.now;
    await run(model, real);
    checkStorage(model, real);
  },
});

const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % list.length];

export const MODES = ["connect", "transfer", "redeem", 1, 3, 4, undefined] as const;

interface Start {
  mode: (typeof MODES)[number];
  lifetimeMs: number | undefined;
  returnTo: string | undefined;
  appState: unknown;
}

const MODE_NAMES = { 1: "connect", 3: "transfer", 4: "redeem" } as const;

/** Starts a flow. When this returns, the token is requested and not yet answered. */
function beginFlow(
  model: Model,
  real: Real,
  { mode, lifetimeMs, returnTo, appState }: Start,
): Waiting {
  let state = "";
  let answer = (_isOk: boolean) => {};
  const flow = real.tab.flow({
    ...real.options,
    ...{ mode, lifetimeMs, returnTo, appState, userKey: model.user },
    fetchConnectToken: (request) => {
      state = request.state;
      return new Promise((resolve, reject) => {
        answer = (isOk) =>
          isOk
            ? resolve({ token: TOKEN, connect_url: "https://connect.withbenji.com/x" })
            : reject(new Error("down"));
      });
    },
  });
  const outcome = flow.connect();
  expect(state).toMatch(/^benji\.[\w-]{43}$/);
  sweep(model, real, 19);
  const modeName = typeof mode === "number" ? MODE_NAMES[mode] : mode;
  model.started.push(state);
  model.flows.set(state, {
    startedAt: model.now,
    lifetimeMs: lifetimeMs ?? HOUR,
    user: model.user,
    carried: {
      ...(modeName && { mode: modeName }),
      ...(returnTo && { returnTo }),
      ...(appState !== undefined && { appState }),
    },
  });
  return { state, answer: (isOk) => answer(isOk), abort: () => flow.reset(), outcome };
}

async function endStart(
  model: Model,
  { state, ...flow }: Waiting,
  how: "ok" | "failed" | "aborted",
) {
  if (how === "aborted") flow.abort();
  else flow.answer(how === "ok");
  expect((await flow.outcome).status).toBe(how === "ok" ? "redirecting" : "failed");
  if (how === "ok") return;
  model.flows.delete(state);
  model.garbage.delete(PREFIX + state);
}

export const start = (options: Start, how: "ok" | "failed" | "aborted" | "later") =>
  command(`start ${JSON.stringify(options)}, token: ${how}`, async (model, real) => {
    const waiting = beginFlow(model, real, options);
    if (how === "later") real.waiting.push(waiting);
    else await endStart(model, waiting, how);
  });

export const startMany = (count: number, everyMs: number) =>
  command(`start ${count}, one every ${everyMs} ms`, async (model, real) => {
    for (let index = 0; index < count; index++) {
      real.tab.now = model.now += everyMs;
      const plain = { mode: undefined, lifetimeMs: DAY, returnTo: undefined, appState: index };
      await endStart(model, beginFlow(model, real, plain), "ok");
    }
  });

export const tokenArrives = (index: number, how: "ok" | "failed" | "aborted") =>
  command(`a token request that waits is ${how}`, async (model, real) => {
    const waiting = pick(real.waiting, index);
    if (!waiting) return;
    real.waiting = real.waiting.filter((other) => other !== waiting);
    await endStart(model, waiting, how);
  });

/** Loads an address as a new document on a new entry; compares the result with the model's. */
function visit(model: Model, real: Real, url: string, app: unknown, expected: Result) {
  const { tab } = real;
  const before = real.dump();
  Object.assign(tab, { url, historyState: app, restoredPath: undefined });
  const flow = tab.flow({ ...real.options, userKey: model.user });
  expect(flow.getResult()).toEqual(expected);
  if (expected.status === "none" || expected.status === "rejected") {
    expect(real.dump()).toBe(before);
    if (expected.status === "none") expect(tab.url).toBe(url);
  }
  real.entries.push({ url: tab.url, historyState: tab.historyState });
  return flow;
}

const canPoint = (app: unknown) => app === null || typeof app === "object";

/** Opens a return of a started flow, which may have finished or expired. */
export const comeBack = (index: number, answer: Answer, path: string, app: unknown) =>
  command(`return ${index}, ${JSON.stringify(answer[0])} on ${path}`, (model, real) => {
    const state = pick(model.started, index);
    if (!state) return;
    const expected = judge(model, state, answer);
    const url = returnUrl({ ...answer[0], state }, `${SHOP}${path}?own=1`);
    const flow = visit(model, real, url, app, expected);
    expect(real.tab.url).toBe(`${SHOP}${path}?own=1`);
    const isBelieved = expected.status !== "rejected";
    const pointer = canPoint(app) ? (isBelieved ? state : "") : undefined;
    const entry = { path, pointer };
    model.entries.push(entry);
    if (!isBelieved) return;
    const record = model.flows.get(state);
    if (record) record.settled ??= { answer, at: model.now };
    model.last = { path, state };
    sweep(model, real, 20);
    // The same page keeps its result; another document on the same entry finds it in storage.
    expect(flow.getResult()).toEqual(expected);
    const again = recall(model, entry, false);
    expect(again).toEqual(canPoint(app) ? { ...expected, replayed: true } : { status: "none" });
    const other = real.tab.flow({ ...real.options, userKey: model.user });
    expect(other.getResult()).toEqual(again);
  });

type Forgery = (state: string) => [reason: string, query: string];
export const FORGERIES: Record<string, Forgery> = {
  "without a state": () => ["state_missing", "status=success&benji_user_uuid=m"],
  "with an empty state": () => ["state_missing", "status=error&benji_user_uuid=m&state="],
  "with the key of a neighbour": () => [
    "state_unknown",
    "status=success&benji_user_id=6&state=last",
  ],
  "with two answers": (state) => ["params_ambiguous", `state=${state}&status=success&status=error`],
  "with two users": (state) => [
    "params_ambiguous",
    `state=${state}&status=success&benji_user_uuid=a&benji_user_uuid=b`,
  ],
  "with two states": (state) => ["params_ambiguous", `state=${state}&status=error&state=benji.x`],
  "with no known status": (state) => ["status_unknown", `state=${state}&status=SUCCESS`],
  "with a long id": (state) => [
    "params_too_long",
    `state=${state}&status=success&benji_user_id=${"9".repeat(513)}`,
  ],
};

export const forge = (index: number, name: string) =>
  command(`a forged return ${name}`, (model, real) => {
    const [reason, query] = FORGERIES[name]?.(pick(model.started, index) ?? "benji.nobody") ?? [];
    visit(model, real, `${SHOP}/back?${query}`, null, rejected(reason ?? ""));
    model.entries.push({ path: "/back", pointer: "" });
  });

export const forgeState = (state: string, change: (state: string) => string, index: number) =>
  command("a return with almost a state", (model, real) => {
    const forged = change(pick(model.started, index) ?? state);
    const query = `status=success&benji_user_id=7&state=${encodeURIComponent(forged)}`;
    const reason = forged ? "state_unknown" : "state_missing";
    visit(model, real, `${SHOP}/back?${query}`, null, rejected(reason));
    model.entries.push({ path: "/back", pointer: "" });
  });

export const walkTo = (path: string, query: string) =>
  command(`walk to ${path}${query}`, (model, real) => {
    visit(model, real, SHOP + path + query, null, { status: "none" });
    model.entries.push({ path, pointer: undefined });
  });

/** Reload, Back or Forward: loads a history entry as a new document, with its old `history.state`. */
export const loadAgain = (index: number) =>
  command(`load entry ${index} again`, (model, real) => {
    const { tab } = real;
    const [entry, shown] = [pick(model.entries, index), pick(real.entries, index)];
    if (!entry || !shown) return;
    const before = real.dump();
    Object.assign(tab, shown, { restoredPath: entry.path });
    const flow = tab.flow({ ...real.options, userKey: model.user });
    expect(flow.getResult()).toEqual(recall(model, entry, true));
    expect(real.dump()).toBe(before);
    expect([tab.url, tab.historyState]).toEqual([shown.url, shown.historyState]);
  });

export const routerForgets = (index: number) =>
  command(`a router replaces history.state of entry ${index}`, (model, real) => {
    const [entry, shown] = [pick(model.entries, index), pick(real.entries, index)];
    if (!entry || !shown) return;
    shown.historyState = { idx: index };
    entry.pointer = undefined;
  });

export const moveClock = (byMs: number) =>
  command(`the clock moves by ${byMs} ms`, (model) => void (model.now += byMs));

/** Moves the clock to a limit of a flow's lifetime, or 1 ms beside it, to find off-by-one errors. */
export const moveClockToEdge = (index: number, edge: "end" | "dayBefore", byMs: number) =>
  command(`the clock moves to the ${edge} of flow ${index}, ${byMs} ms`, (model) => {
    const flow = model.flows.get(pick(model.started, index) ?? "");
    if (!flow) return;
    const from = flow.settled?.at ?? flow.startedAt;
    const limit = flow.settled ? DAY : flow.lifetimeMs;
    model.now = from + (edge === "end" ? limit : -DAY) + byMs;
  });

export const signIn = (user: string | null) =>
  command(`sign in ${JSON.stringify(user)}`, (model) => void (model.user = user));

export const GARBAGE = [
  ...["", "{", "null", "[]", "7", '"x"', "NaN", '{"startedAt":null,"lifetimeMs":null}'],
  '{"startedAt":"1","lifetimeMs":60000}',
  '{"startedAt":1e999,"lifetimeMs":1e999}',
  '{"startedAt":1,"lifetimeMs":60000,"mode":2}',
  '{"startedAt":1700000000000,"lifetimeMs":60000,"outcome":{"settledAt":1}}',
  '{"startedAt":1700000000000,"lifetimeMs":60000,"outcome":{"claim":{"status":"ok"},"settledAt":1}}',
  '{"startedAt":1700000000000,"lifetimeMs":60000,"outcome":{"claim":{"status":"success"}}}',
];

export const plantGarbage = (index: number, where: string, text: string) =>
  command(`garbage ${text} under ${where || `flow ${index}`}`, (model, real) => {
    const suffix = where || (pick(model.started, index) ?? "benji.nobody");
    real.raw.setItem(PREFIX + suffix, text);
    if (suffix === "last") return void (model.last = undefined);
    model.flows.delete(suffix);
    model.garbage.add(PREFIX + suffix);
  });

export const plantForeign = (key: string, value: string) =>
  command(`the app stores ${key}`, (_, real) => {
    real.raw.setItem(key, value);
    real.foreign.set(key, value);
  });
