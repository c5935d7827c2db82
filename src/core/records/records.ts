/**
 * Stores one record per flow (one way to Benji and back), under the flow's random `state`.
 * To settle a return is to store its outcome in the record: the flow is then used.
 * After the browser's Back button, `findReturn` in journey.ts reads the outcome again.
 */
import { BenjiConnectError } from "../../errors.js";
import { type ConnectModeName, modeName } from "../mode.js";
import { isStatus, type ReadableClaim } from "../back/parseRedirect.js";
import { isOurState } from "./state.js";

/** The part of the Web Storage interface that the library uses. */
export interface RedirectStorage {
  // Declared here: a server's TypeScript has no DOM types, such as `Storage`.
  readonly length: number;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
  key(index: number): string | null;
}

/** What this browser stores about one flow. It never contains a token. */
export interface FlowRecord {
  /** ms since 1970 */
  startedAt: number;
  /** ms */
  lifetimeMs: number;
  mode?: ConnectModeName;
  returnTo?: string;
  appState?: unknown;
  userKey?: string;
  /** Written once, by the first believed return. */
  outcome?: FlowOutcome;
  /** What the partner's server answered to `confirm`. For display only, never a proof. */
  confirmation?: unknown;
}

interface FlowOutcome {
  claim: ReadableClaim;
  /** ms since 1970 */
  settledAt: number;
}

/** Prefix of a record's key; the state of its flow follows. */
export const RECORD_PREFIX = "benji-connect:1:";
/** The key of the item that names the flow that ended last. */
export const LAST = `${RECORD_PREFIX}last`;
const MAX_UNFINISHED = 20;
export const DAY = 24 * 60 * 60 * 1_000;
export const MAX_RECORD_LENGTH = 4_096;
const MAX_CONFIRMATION_LENGTH = 1_024;
export const DEFAULT_LIFETIME_MS = DAY / 24;
export const LIFETIME_RANGE_MS = { min: 60_000, max: DAY };

/** Reads a record; `undefined` if it is absent, of another format or garbage. */
export function readRecord(storage: RedirectStorage, state: string): FlowRecord | undefined {
  const record = isOurState(state) && parseItem<FlowRecord>(storage.getItem(RECORD_PREFIX + state));
  return record && isReadable(record) ? record : undefined;
}

export const writeRecord = (storage: RedirectStorage, state: string, record: FlowRecord): void =>
  storage.setItem(RECORD_PREFIX + state, JSON.stringify(record));

export const removeRecord = (storage: RedirectStorage, state: string): void =>
  storage.removeItem(RECORD_PREFIX + state);

/** Writes how a flow ended. The first believed return decides; a later one changes nothing. */
export function settleRecord(
  storage: RedirectStorage,
  state: string,
  claim: ReadableClaim,
  settledAt: number,
): void {
  const record = readRecord(storage, state);
  if (record && !record.outcome)
    writeRecord(storage, state, { ...record, outcome: { claim, settledAt } });
}

/** Stores the answer of the partner's server about a settled flow, if the answer fits in 1 kB. */
export function storeConfirmation(
  storage: RedirectStorage,
  state: string,
  confirmation: unknown,
): void {
  const record = readRecord(storage, state);
  if (record?.outcome && JSON.stringify(confirmation).length <= MAX_CONFIRMATION_LENGTH)
    writeRecord(storage, state, { ...record, confirmation });
}

/** Returns the newest flow of this user that has no return and has not expired. */
export const newestUnfinished = (
  storage: RedirectStorage,
  now: number,
  user: string,
): FlowRecord | undefined =>
  unfinishedRecords(storage, now).find(
    (record) => isReadable(record) && (record.userKey ?? "") === user,
  );

/** Parses an item without checking its shape; `undefined` for invalid JSON. */
function parseItem<T>(text: string | null): T | undefined {
  try {
    return JSON.parse(text ?? "") as T;
  } catch {
    return undefined;
  }
}

const isReadable = ({ startedAt, lifetimeMs, mode, outcome }: FlowRecord) =>
  isTime(startedAt) &&
  isTime(lifetimeMs) &&
  lifetimeMs <= DAY &&
  modeName(mode) === mode &&
  (outcome === undefined || (isStatus(outcome?.claim?.status) && isTime(outcome.settledAt)));

const isTime = (value: unknown) => Number.isFinite(value);

/**
 * Whether a flow has expired: no return within its lifetime, or an outcome older than a day. A
 * clock that was set back makes the age negative; up to a day of that is tolerated.
 */
export function isOver({ startedAt, lifetimeMs, outcome }: FlowRecord, now: number): boolean {
  const since = outcome ? outcome.settledAt : startedAt;
  const lastsMs = outcome ? DAY : lifetimeMs;
  // An object in place of a number could throw in the subtraction.
  if (!isTime(since) || !isTime(lastsMs)) return true;
  return now - since > lastsMs || since - now > DAY;
}

/**
 * Throws if the storage returns promises. Called before anything is written.
 *
 * @throws BenjiConnectError `invalid_request`
 */
export function refuseAsyncStorage(storage: RedirectStorage): void {
  const answer: unknown = storage.getItem(LAST);
  if (typeof answer === "object" && answer)
    throw new BenjiConnectError("invalid_request", "storage: object");
}

/** Removes expired flows. Checks only the times: a newer library version may change the other fields. */
export function sweepRecords(storage: RedirectStorage, now: number): void {
  for (const record of storedRecords(storage))
    if (isOver(record, now)) removeRecord(storage, record.state);
}

/** Makes room for one more flow by removing the oldest unfinished ones. */
export function evictOldest(storage: RedirectStorage, now: number): void {
  for (const { state } of unfinishedRecords(storage, now).slice(MAX_UNFINISHED - 1))
    removeRecord(storage, state);
}

/** Sorted: newest first. */
const unfinishedRecords = (storage: RedirectStorage, now: number) =>
  storedRecords(storage)
    .filter((record) => !record.outcome && !isOver(record, now))
    .sort((a, b) => b.startedAt - a.startedAt);

/** Reads only our own keys. Garbage has no times, so it counts as expired. */
const storedRecords = (storage: RedirectStorage) =>
  Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "")
    .filter((key) => key.startsWith(RECORD_PREFIX) && key !== LAST)
    .map((key) => {
      const state = key.slice(RECORD_PREFIX.length);
      return { ...parseItem<FlowRecord>(storage.getItem(key)), state } as FlowRecord & {
        state: string;
      };
    });

/** Remembers which flow ended on a path, for a reload after a router has replaced `history.state`. */
export const writeLast = (storage: RedirectStorage, pathname: string, state: string): void =>
  storage.setItem(LAST, JSON.stringify({ pathname, state }));

/** Returns the state of the flow that ended last, if it ended on this path. */
export function readLast(storage: RedirectStorage, pathname: string): string | undefined {
  const last = parseItem<Record<string, unknown>>(storage.getItem(LAST));
  return last?.pathname === pathname && typeof last.state === "string" ? last.state : undefined;
}
