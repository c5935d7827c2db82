import { RETURN_STATUSES } from "../contract.js";
import { type ConnectModeName, modeName } from "./mode.js";
import type { ReadableClaim, RedirectIds } from "./parseRedirect.js";
import { isOurState } from "./state.js";

/** The part of the Web Storage interface that the library uses. */
export type RedirectStorage = Pick<
  Storage,
  "getItem" | "setItem" | "removeItem" | "key" | "length"
>;

/** What this browser remembers about one flow. No token is ever in it. */
export interface FlowRecord {
  /** ms since 1970 */
  startedAt: number;
  /** ms */
  lifetimeMs: number;
  mode?: ConnectModeName;
  returnTo?: string;
  appState?: unknown;
  userKey?: string;
  /** Written once, when the first believed return came. */
  outcome?: FlowOutcome;
  /** What the partner's server said of the outcome. Display data, never authority. */
  confirmation?: unknown;
}

export interface FlowOutcome extends RedirectIds {
  status: ReadableClaim["status"];
  /** ms since 1970 */
  settledAt: number;
}

const PREFIX = "benji-connect:1:";
const LAST = `${PREFIX}last`;
const MAX_PENDING = 20;
const DAY = 24 * 60 * 60 * 1_000;
export const MAX_RECORD_LENGTH = 4_096;
const MAX_CONFIRMATION_LENGTH = 1_024;
export const DEFAULT_LIFETIME_MS = DAY / 24;
export const LIFETIME_RANGE_MS = { min: 60_000, max: DAY };

/** Reads what is stored, or `undefined` where it is absent, of another format or garbage. */
export function readRecord(storage: RedirectStorage, state: string): FlowRecord | undefined {
  return isOurState(state) ? parseRecord(storage.getItem(PREFIX + state)) : undefined;
}

export const writeRecord = (storage: RedirectStorage, state: string, record: FlowRecord): void =>
  storage.setItem(PREFIX + state, JSON.stringify(record));

export const removeRecord = (storage: RedirectStorage, state: string): void =>
  storage.removeItem(PREFIX + state);

/** Writes how a flow ended. The first believed return decides; a later one changes nothing. */
export function settleRecord(
  storage: RedirectStorage,
  state: string,
  { state: _, ...answer }: ReadableClaim,
  settledAt: number,
): void {
  const record = readRecord(storage, state);
  if (record && !record.outcome)
    writeRecord(storage, state, { ...record, outcome: { ...answer, settledAt } });
}

/** Keeps what the partner's server said of a settled flow, where it fits in 1 kB. */
export function storeConfirmation(
  storage: RedirectStorage,
  state: string,
  confirmation: unknown,
): void {
  const record = readRecord(storage, state);
  if (record?.outcome && JSON.stringify(confirmation).length <= MAX_CONFIRMATION_LENGTH)
    writeRecord(storage, state, { ...record, confirmation });
}

/** The newest flow of this user that has not come back and still may. */
export function newestPending(
  storage: RedirectStorage,
  now: number,
  userKey: string | null,
): FlowRecord | undefined {
  return storedStates(storage)
    .flatMap((state) => readRecord(storage, state) ?? [])
    .filter((record) => !record.outcome && !isExpired(record, now))
    .filter((record) => (record.userKey ?? null) === userKey)
    .sort((a, b) => b.startedAt - a.startedAt)[0];
}

function parseRecord(text: string | null): FlowRecord | undefined {
  try {
    const record = JSON.parse(text ?? "") as FlowRecord;
    const { startedAt, lifetimeMs, mode, outcome } = record;
    const isMode = modeName(mode) === mode;
    const isLifetime = isTime(lifetimeMs) && lifetimeMs <= DAY;
    return isTime(startedAt) && isLifetime && isMode && isOutcome(outcome) ? record : undefined;
  } catch {
    return undefined;
  }
}

const isTime = (value: unknown) => Number.isFinite(value);

const isOutcome = (outcome: FlowOutcome | undefined) =>
  outcome === undefined || (RETURN_STATUSES.includes(outcome.status) && isTime(outcome.settledAt));

// A clock that was set back may make an age negative; a day of that is an accident, more is not.
const isWithin = (ageMs: number, limitMs: number) => ageMs <= limitMs && ageMs >= -DAY;

/** A flow that has not come back in time. */
export const isExpired = (record: FlowRecord, now: number): boolean =>
  !record.outcome && !isWithin(now - record.startedAt, record.lifetimeMs);

/** A settled flow whose outcome is too old to be shown again. */
export const isForgotten = ({ outcome }: FlowRecord, now: number): boolean =>
  !!outcome && !isWithin(now - outcome.settledAt, DAY);

/** Drops what is over or unreadable, and the oldest unfinished flows beyond 20 less `room`. Our own keys only. */
export function sweepRecords(storage: RedirectStorage, now: number, room = 0): void {
  const pending: { state: string; startedAt: number }[] = [];
  for (const state of storedStates(storage)) {
    const record = readRecord(storage, state);
    if (!record || isExpired(record, now) || isForgotten(record, now)) removeRecord(storage, state);
    else if (!record.outcome) pending.push({ state, startedAt: record.startedAt });
  }
  pending.sort((a, b) => b.startedAt - a.startedAt);
  for (const { state } of pending.slice(MAX_PENDING - room)) removeRecord(storage, state);
}

function storedStates(storage: RedirectStorage): string[] {
  const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "");
  return keys
    .filter((key) => key.startsWith(PREFIX) && key !== LAST)
    .map((key) => key.slice(PREFIX.length));
}

/** Remembers which flow ended on a path, for a reload after a router has replaced `history.state`. */
export const writeLast = (storage: RedirectStorage, pathname: string, state: string): void =>
  storage.setItem(LAST, JSON.stringify({ pathname, state }));

/** The state of the flow that ended on this path, if it was the last one. */
export function readLast(storage: RedirectStorage, pathname: string): string | undefined {
  try {
    const last = JSON.parse(storage.getItem(LAST) ?? "") as Record<string, unknown>;
    return last.pathname === pathname && typeof last.state === "string" ? last.state : undefined;
  } catch {
    return undefined;
  }
}
