import fc from "fast-check";
import { expect, it } from "vitest";
import { numbersFrom, nearMissOf, randomBytesFrom, seedRuns } from "./chance.js";
import { createTab, itemsOf, keysOf, returnUrl } from "./createTab.js";

seedRuns("interleavings");

// A second witness of design.md, "State": it shares no line with src/core/records.ts.

const PREFIX = "benji-connect:1:";
const LAST = `${PREFIX}last`;
const TOKEN = "tok-secret";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SHOP = "https://shop.example";

/** What Benji may answer, as the address says it and as the result says it. */
const ANSWERS = [
  [{ status: "success", benji_user_uuid: "u-1" }, { benjiUserUuid: "u-1" }],
  [{ status: "error", benji_user_uuid: "u-1" }, { benjiUserUuid: "u-1" }],
  [{ status: "success", benji_user_uuid: "u-2" }, { benjiUserUuid: "u-2" }],
  [{ status: "success", benji_user_id: "42" }, { benjiUserId: "42" }],
  [
    { status: "success", benji_user_uuid: "u-1", trigger_event_id: "e-1" },
    { benjiUserUuid: "u-1", triggerEventId: "e-1" },
  ],
  [{ status: "error" }, {}],
] as const;
type Answer = (typeof ANSWERS)[number];

type Result = { status: string } & Record<string, unknown>;

interface Flow {
  startedAt: number;
  lifetimeMs: number;
  user: string | null;
  /** mode, appState and returnTo, as the result hands them back. */
  carried: object;
  settled?: { answer: Answer; at: number };
}

/** A history entry: its path, and the state its `history.state` points to. */
interface Entry {
  path: string;
  pointer: string | undefined;
}

interface Model {
  now: number;
  user: string | null;
  /** Every state there ever was, oldest first. */
  started: string[];
  flows: Map<string, Flow>;
  garbage: Set<string>;
  last: { path: string; state: string } | undefined;
  entries: Entry[];
}

/** A token request that Benji has not answered yet. */
interface Waiting {
  state: string;
  answer: (isOk: boolean) => void;
  callOff: () => void;
  outcome: Promise<{ status: string }>;
}

type Real = ReturnType<typeof createBrowser>;
type Command = fc.AsyncCommand<Model, Real>;

/** A tab whose storage tells which keys the library wrote to. */
function createBrowser(seed: number) {
  const tab = createTab();
  const raw = tab.storage;
  const written = new Set<string>();
  const storage = {
    getItem: (key: string) => raw.getItem(key),
    key: (index: number) => raw.key(index),
    get length() {
      return raw.length;
    },
    setItem: (key: string, value: string) => {
      written.add(key);
      raw.setItem(key, value);
    },
    removeItem: (key: string) => {
      written.add(key);
      raw.removeItem(key);
    },
  };
  const randomBytes = randomBytesFrom(numbersFrom(seed));
  const foreign = new Map<string, string>();
  return {
    tab,
    raw,
    written,
    foreign,
    options: { storage, randomBytes },
    entries: [] as { url: string; historyState: unknown }[],
    waiting: [] as Waiting[],
    dump: () => JSON.stringify(itemsOf(raw).sort()),
  };
}

// --- what design.md says

const isWithin = (age: number, limit: number) => age >= -DAY && age <= limit;
const isOver = (model: Model, { settled, startedAt, lifetimeMs }: Flow) =>
  settled ? !isWithin(model.now - settled.at, DAY) : !isWithin(model.now - startedAt, lifetimeMs);
const pendingOf = (model: Model) => [...model.flows].filter(([, flow]) => !flow.settled);
const rejected = (reason: string) => ({ status: "rejected", reason });

/** What a return with this state and answer comes to. */
function judge(model: Model, state: string, answer: Answer): Result {
  const flow = model.flows.get(state);
  if (!flow || (flow.settled && isOver(model, flow))) return rejected("state_unknown");
  if (flow.settled && flow.settled.answer !== answer) return rejected("state_reused");
  if (isOver(model, flow)) return rejected("state_expired");
  if ((flow.user || null) !== (model.user || null)) return rejected("user_changed");
  const [{ status }, ids] = answer;
  return { status, ...ids, ...flow.carried, replayed: !!flow.settled };
}

/** What a page without a return shows: the flow that ended on this entry, or none. */
function recall(model: Model, entry: Entry, isRestored: boolean): Result {
  const last = isRestored && model.last?.path === entry.path ? model.last.state : undefined;
  const state = entry.pointer ?? last ?? "";
  const flow = model.flows.get(state);
  if (!flow?.settled || isOver(model, flow)) return { status: "none" };
  return judge(model, state, flow.settled.answer);
}

/** Drops what is over, then the oldest unfinished flows beyond `limit`. */
function sweep(model: Model, real: Real, limit: number): void {
  model.garbage.clear();
  for (const [state, flow] of model.flows) if (isOver(model, flow)) model.flows.delete(state);
  const pending = pendingOf(model);
  // Of two that started in the same millisecond either may go, so storage is asked which one went.
  const gone = pending.filter(([state]) => real.raw.getItem(PREFIX + state) === null);
  hold(gone.length === Math.max(0, pending.length - limit), "as many go as are too many");
  for (const [state] of gone) model.flows.delete(state);
  const newestGone = Math.max(...gone.map(([, flow]) => flow.startedAt));
  const kept = pending.filter(([state]) => model.flows.has(state));
  hold(
    kept.every(([, flow]) => flow.startedAt >= newestGone),
    "the oldest go",
  );
}

/** Holds after whatever has happened. */
function checkStorage(model: Model, real: Real): void {
  const { raw, written, foreign, tab } = real;
  const own = keysOf(raw).filter((key) => key.startsWith(PREFIX) && key !== LAST);
  const known = own.filter(
    (key) => model.garbage.has(key) || model.flows.has(key.slice(PREFIX.length)),
  );
  hold(own.length === known.length, "nothing of ours is left that is over");
  hold(own.length === model.flows.size + model.garbage.size, "nothing is lost that may still come");
  hold(
    [...written].every((key) => key.startsWith(PREFIX)),
    "no foreign key is touched",
  );
  hold(
    [...foreign].every(([key, value]) => raw.getItem(key) === value),
    "no foreign value changes",
  );
  hold(raw.length <= own.length + foreign.size + 1, "no key is made but the flows' and the last");
  hold(pendingOf(model).length <= 20, "at most 20 are unfinished");
  hold(
    [...model.flows].every(([state, flow]) => isStored(raw.getItem(PREFIX + state) ?? "", flow)),
    "each record says when its flow started and whether it is settled",
  );
  const seen = real.dump() + JSON.stringify(tab.historyState) + tab.url;
  hold(!seen.includes(TOKEN), "no token is ever stored or shown");
}

function isStored(text: string, flow: Flow): boolean {
  const { startedAt, outcome } = JSON.parse(text) as { startedAt: unknown; outcome: unknown };
  return text.length <= 4_096 && startedAt === flow.startedAt && !!outcome === !!flow.settled;
}

/** As `expect`, for what is asked some hundred thousand times. */
function hold(isTrue: boolean, fact: string): void {
  if (!isTrue) expect.fail(`no longer true: ${fact}`);
}

// --- what may happen

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

const MODES = ["connect", "transfer", "redeem", 1, 3, 4, undefined] as const;

interface Start {
  mode: (typeof MODES)[number];
  lifetimeMs: number | undefined;
  returnTo: string | undefined;
  appState: unknown;
}

const WORDS = { 1: "connect", 3: "transfer", 4: "redeem" } as const;

/** Everything between the press and the token request has happened when this returns. */
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
  const word = typeof mode === "number" ? WORDS[mode] : mode;
  model.started.push(state);
  model.flows.set(state, {
    startedAt: model.now,
    lifetimeMs: lifetimeMs ?? HOUR,
    user: model.user,
    carried: {
      ...(word && { mode: word }),
      ...(returnTo && { returnTo }),
      ...(appState !== undefined && { appState }),
    },
  });
  return { state, answer: (isOk) => answer(isOk), callOff: () => flow.reset(), outcome };
}

async function endStart(model: Model, { state, ...flow }: Waiting, how: "ok" | "failed" | "off") {
  if (how === "off") flow.callOff();
  else flow.answer(how === "ok");
  expect((await flow.outcome).status).toBe(how === "ok" ? "redirecting" : "failed");
  if (how === "ok") return;
  model.flows.delete(state);
  model.garbage.delete(PREFIX + state);
}

const start = (options: Start, how: "ok" | "failed" | "off" | "later") =>
  command(`start ${JSON.stringify(options)}, token: ${how}`, async (model, real) => {
    const waiting = beginFlow(model, real, options);
    if (how === "later") real.waiting.push(waiting);
    else await endStart(model, waiting, how);
  });

const startMany = (count: number, everyMs: number) =>
  command(`start ${count}, one every ${everyMs} ms`, async (model, real) => {
    for (let index = 0; index < count; index++) {
      real.tab.now = model.now += everyMs;
      const plain = { mode: undefined, lifetimeMs: DAY, returnTo: undefined, appState: index };
      await endStart(model, beginFlow(model, real, plain), "ok");
    }
  });

const tokenArrives = (index: number, how: "ok" | "failed" | "off") =>
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

/** A return with a state that was given out once, whatever has become of its flow. */
const comeBack = (index: number, answer: Answer, path: string, app: unknown) =>
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
const FORGERIES: Record<string, Forgery> = {
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

const forge = (index: number, name: string) =>
  command(`a forged return ${name}`, (model, real) => {
    const [reason, query] = FORGERIES[name]?.(pick(model.started, index) ?? "benji.nobody") ?? [];
    visit(model, real, `${SHOP}/back?${query}`, null, rejected(reason ?? ""));
    model.entries.push({ path: "/back", pointer: "" });
  });

const forgeState = (state: string, change: (state: string) => string, index: number) =>
  command("a return with almost a state", (model, real) => {
    const forged = change(pick(model.started, index) ?? state);
    const query = `status=success&benji_user_id=7&state=${encodeURIComponent(forged)}`;
    const reason = forged ? "state_unknown" : "state_missing";
    visit(model, real, `${SHOP}/back?${query}`, null, rejected(reason));
    model.entries.push({ path: "/back", pointer: "" });
  });

const walkTo = (path: string, query: string) =>
  command(`walk to ${path}${query}`, (model, real) => {
    visit(model, real, SHOP + path + query, null, { status: "none" });
    model.entries.push({ path, pointer: undefined });
  });

/** Reload, Back or Forward: an entry is loaded anew, with the `history.state` it had. */
const loadAgain = (index: number) =>
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

const routerForgets = (index: number) =>
  command(`a router replaces history.state of entry ${index}`, (model, real) => {
    const [entry, shown] = [pick(model.entries, index), pick(real.entries, index)];
    if (!entry || !shown) return;
    shown.historyState = { idx: index };
    entry.pointer = undefined;
  });

const moveClock = (byMs: number) =>
  command(`the clock moves by ${byMs} ms`, (model) => void (model.now += byMs));

/** To where a life ends or begins, and one millisecond to each side: off-by-one lives there. */
const moveClockToEdge = (index: number, edge: "end" | "dayBefore", byMs: number) =>
  command(`the clock moves to the ${edge} of flow ${index}, ${byMs} ms`, (model) => {
    const flow = model.flows.get(pick(model.started, index) ?? "");
    if (!flow) return;
    const from = flow.settled?.at ?? flow.startedAt;
    const limit = flow.settled ? DAY : flow.lifetimeMs;
    model.now = from + (edge === "end" ? limit : -DAY) + byMs;
  });

const signIn = (user: string | null) =>
  command(`sign in ${JSON.stringify(user)}`, (model) => void (model.user = user));

const GARBAGE = [
  ...["", "{", "null", "[]", "7", '"x"', "NaN", '{"startedAt":null,"lifetimeMs":null}'],
  '{"startedAt":"1","lifetimeMs":60000}',
  '{"startedAt":1e999,"lifetimeMs":1e999}',
  '{"startedAt":1,"lifetimeMs":60000,"mode":2}',
  '{"startedAt":1700000000000,"lifetimeMs":60000,"outcome":{"settledAt":1}}',
  '{"startedAt":1700000000000,"lifetimeMs":60000,"outcome":{"claim":{"status":"ok"},"settledAt":1}}',
  '{"startedAt":1700000000000,"lifetimeMs":60000,"outcome":{"claim":{"status":"success"}}}',
];

const plantGarbage = (index: number, where: string, text: string) =>
  command(`garbage ${text} under ${where || `flow ${index}`}`, (model, real) => {
    const suffix = where || (pick(model.started, index) ?? "benji.nobody");
    real.raw.setItem(PREFIX + suffix, text);
    if (suffix === "last") return void (model.last = undefined);
    model.flows.delete(suffix);
    model.garbage.add(PREFIX + suffix);
  });

const plantForeign = (key: string, value: string) =>
  command(`the app stores ${key}`, (_, real) => {
    real.raw.setItem(key, value);
    real.foreign.set(key, value);
  });

// --- how often

const index = fc.nat(60);
const recent = fc.nat(3);
const path = fc.constantFrom("/back", "/other/back");
const answer = fc.oneof(fc.constant(ANSWERS[0]), fc.constantFrom(...ANSWERS));
const app = fc.constantFrom<unknown[]>(null, null, { idx: 1 }, "text", 7);
const anyStart = fc.record({
  mode: fc.constantFrom(...MODES),
  lifetimeMs: fc.constantFrom(undefined, MINUTE, HOUR, DAY),
  returnTo: fc.constantFrom(undefined, "/checkout?a=1#b"),
  appState: fc.oneof(fc.constant(undefined), fc.nat()),
});
const foreignKey = fc.constantFrom(
  ...["benji-connect:2:benji.x", "benji-connect:1", "benji-connect", "benji.x", "last", "cart"],
  ...["xbenji-connect:1:benji.x", "BENJI-CONNECT:1:benji.x", "", "__proto__"],
);
const almost = fc
  .tuple(fc.constant(`benji.${"A".repeat(43)}`), fc.nat(1_000), index)
  .map(([state, seed, at]) => {
    const change = (real: string) => fc.sample(nearMissOf(real), { seed, numRuns: 1 })[0] ?? "";
    return forgeState(state, change, at);
  });

const commands = fc.commands(
  [
    fc
      .tuple(anyStart, fc.constantFrom("ok", "ok", "ok", "failed", "off", "later"))
      .map((args) => start(...args)),
    fc.tuple(anyStart, fc.constantFrom("ok", "later")).map((args) => start(...args)),
    fc
      .tuple(fc.integer({ min: 1, max: 22 }), fc.constantFrom(0, 1, 1, -1, MINUTE))
      .map((args) => startMany(...args)),
    fc.tuple(index, fc.constantFrom("ok", "failed", "off")).map((args) => tokenArrives(...args)),
    fc.tuple(index, answer, path, app).map((args) => comeBack(...args)),
    fc.tuple(recent, answer, path, app).map((args) => comeBack(...args)),
    fc.tuple(recent, answer, path, app).map((args) => comeBack(...args)),
    fc.tuple(index, fc.constantFrom(...Object.keys(FORGERIES))).map((args) => forge(...args)),
    almost,
    fc
      .tuple(path, fc.constantFrom("", "?code=c&state=theirs", "?status=paid", "?status=success"))
      .map((args) => walkTo(...args)),
    index.map(loadAgain),
    recent.map(loadAgain),
    index.map(routerForgets),
    fc
      .oneof(
        fc.integer({ min: -2 * DAY, max: 2 * DAY }),
        fc.constantFrom(1, MINUTE, HOUR, DAY, -1, -MINUTE, -HOUR, -DAY, 7 * DAY, -7 * DAY),
      )
      .map(moveClock),
    fc
      .tuple(recent, fc.constantFrom("end", "dayBefore"), fc.constantFrom(-1, 0, 1))
      .map((args) => moveClockToEdge(...args)),
    fc.constantFrom("ann", "bob", "", null).map(signIn),
    fc
      .tuple(
        index,
        fc.constantFrom("", "", "last", "x", "benji.planted", "0"),
        fc.constantFrom(...GARBAGE),
      )
      .map((args) => plantGarbage(...args)),
    fc.tuple(foreignKey, fc.constantFrom("", "{}", "theirs")).map((args) => plantForeign(...args)),
  ],
  { maxCommands: 40, size: "max" },
);

it("whatever happens in whatever order, only a flow that was started, is not over and is of this user is believed, once (T3, T4, T7, F17, F18, F22, F23, F31, F36)", async () => {
  await fc.assert(
    fc.asyncProperty(commands, fc.integer(), async (planned, seed) => {
      const real = createBrowser(seed);
      try {
        await fc.asyncModelRun(() => ({ model: createModel(real.tab.now), real }), planned);
      } finally {
        for (const { callOff } of real.waiting) callOff();
      }
    }),
    { numRuns: 1_000 },
  );
});

const createModel = (now: number): Model => ({
  now,
  user: null,
  started: [],
  flows: new Map(),
  garbage: new Set(),
  last: undefined,
  entries: [],
});
