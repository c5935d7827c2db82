import type fc from "fast-check";
import { expect } from "vitest";
import { numbersFrom, randomBytesFrom } from "./randomValues.js";
import { createTab, itemsOf, keysOf } from "./createTab.js";

// A second implementation of how flows start, finish and expire. It shares no code with src/core/records/.

export const PREFIX = "benji-connect:1:";
const LAST = `${PREFIX}last`;
export const TOKEN = "tok-secret";
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const SHOP = "https://shop.example";

/** Benji's possible answers: the parameters of the address and the fields of the result. */
export const ANSWERS = [
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
export type Answer = (typeof ANSWERS)[number];

export type Result = { status: string } & Record<string, unknown>;

interface Flow {
  startedAt: number;
  lifetimeMs: number;
  user: string | null;
  /** mode, appState and returnTo, as the result has them. */
  carried: object;
  settled?: { answer: Answer; at: number };
}

/** A history entry: its path, and the state its `history.state` points to. */
interface Entry {
  path: string;
  pointer: string | undefined;
}

export interface Model {
  now: number;
  user: string | null;
  /** Every state that was started, oldest first. */
  started: string[];
  flows: Map<string, Flow>;
  garbage: Set<string>;
  last: { path: string; state: string } | undefined;
  entries: Entry[];
}

/** A token request that Benji has not answered yet. */
export interface Waiting {
  state: string;
  answer: (isOk: boolean) => void;
  abort: () => void;
  outcome: Promise<{ status: string }>;
}

export type Real = ReturnType<typeof createBrowser>;
export type Command = fc.AsyncCommand<Model, Real>;

/** A tab whose storage records which keys the library wrote to. */
export function createBrowser(seed: number) {
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

// --- the rules

const isWithin = (age: number, limit: number) => age >= -DAY && age <= limit;
const isOver = (model: Model, { settled, startedAt, lifetimeMs }: Flow) =>
  settled ? !isWithin(model.now - settled.at, DAY) : !isWithin(model.now - startedAt, lifetimeMs);
const pendingOf = (model: Model) => [...model.flows].filter(([, flow]) => !flow.settled);
export const rejected = (reason: string) => ({ status: "rejected", reason });

/** The result of a return with this state and answer. */
export function judge(model: Model, state: string, answer: Answer): Result {
  const flow = model.flows.get(state);
  if (!flow || (flow.settled && isOver(model, flow))) return rejected("state_unknown");
  if (flow.settled && flow.settled.answer !== answer) return rejected("state_reused");
  if (isOver(model, flow)) return rejected("state_expired");
  if ((flow.user || null) !== (model.user || null)) return rejected("user_changed");
  const [{ status }, ids] = answer;
  return { status, ...ids, ...flow.carried, replayed: !!flow.settled };
}

/** The result without a return in the address: of the flow that finished on this entry, or none. */
export function recall(model: Model, entry: Entry, isRestored: boolean): Result {
  const last = isRestored && model.last?.path === entry.path ? model.last.state : undefined;
  const state = entry.pointer ?? last ?? "";
  const flow = model.flows.get(state);
  if (!flow?.settled || isOver(model, flow)) return { status: "none" };
  return judge(model, state, flow.settled.answer);
}

/** Removes expired flows, then the oldest unfinished ones beyond `limit`. */
export function sweep(model: Model, real: Real, limit: number): void {
  model.garbage.clear();
  for (const [state, flow] of model.flows) if (isOver(model, flow)) model.flows.delete(state);
  const pending = pendingOf(model);
  // Of two flows started in the same millisecond either may be removed: storage shows which.
  const gone = pending.filter(([state]) => real.raw.getItem(PREFIX + state) === null);
  hold(
    gone.length === Math.max(0, pending.length - limit),
    "exactly the flows beyond the limit are removed",
  );
  for (const [state] of gone) model.flows.delete(state);
  const newestGone = Math.max(...gone.map(([, flow]) => flow.startedAt));
  const kept = pending.filter(([state]) => model.flows.has(state));
  hold(
    kept.every(([, flow]) => flow.startedAt >= newestGone),
    "the oldest flows are removed",
  );
}

/** Checks what must be true of the storage after every command. */
export function checkStorage(model: Model, real: Real): void {
  const { raw, written, foreign, tab } = real;
  const own = keysOf(raw).filter((key) => key.startsWith(PREFIX) && key !== LAST);
  const known = own.filter(
    (key) => model.garbage.has(key) || model.flows.has(key.slice(PREFIX.length)),
  );
  hold(own.length === known.length, "no expired record of ours is left");
  hold(own.length === model.flows.size + model.garbage.size, "no unexpired record is lost");
  hold(
    [...written].every((key) => key.startsWith(PREFIX)),
    "no foreign key is written",
  );
  hold(
    [...foreign].every(([key, value]) => raw.getItem(key) === value),
    "no foreign value changes",
  );
  hold(
    raw.length <= own.length + foreign.size + 1,
    "only the keys of flows and the last flow are written",
  );
  hold(pendingOf(model).length <= 20, "at most 20 flows are unfinished");
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

/** Fails like `expect`, but is fast enough for some hundred thousand calls. */
function hold(isTrue: boolean, fact: string): void {
  if (!isTrue) expect.fail(`no longer true: ${fact}`);
}

export const createModel = (now: number): Model => ({
  now,
  user: null,
  started: [],
  flows: new Map(),
  garbage: new Set(),
  last: undefined,
  entries: [],
});
