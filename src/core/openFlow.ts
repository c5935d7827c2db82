import { BenjiConnectError } from "../errors.js";
import type { ConnectModeName } from "./mode.js";
import type { ConnectOptions } from "./options.js";
import type { LeavePorts } from "./ports.js";
import {
  DEFAULT_LIFETIME_MS,
  type FlowRecord,
  LIFETIME_RANGE_MS,
  MAX_RECORD_LENGTH,
  removeRecord,
  sweepRecords,
  writeRecord,
} from "./records.js";
import { sameOriginPath } from "./returnTo.js";
import { createState } from "./state.js";

/** A flow that has begun: its state, and how to forget it where the start fails. */
export interface OpenFlow {
  state: string;
  discard(): void;
}

/** Stores the record of a new flow under its state. */
export function openFlow(
  ports: LeavePorts,
  options: ConnectOptions,
  mode: ConnectModeName | undefined,
  prefetchedState?: string,
): OpenFlow {
  const record = createRecord(ports, options, mode);
  const state = prefetchedState ?? createState((length) => ports.randomBytes(length));
  try {
    const storage = ports.storage();
    sweepRecords(storage, record.startedAt, 1);
    writeRecord(storage, state, record);
    return { state, discard: () => removeRecord(storage, state) };
  } catch (cause) {
    throw new BenjiConnectError(
      "storage_unavailable",
      "Expected to store this flow's state, but the browser refused. Allow site data or free some.",
      { cause },
    );
  }
}

function createRecord(
  ports: LeavePorts,
  { returnTo, appState, userKey, lifetimeMs = DEFAULT_LIFETIME_MS }: ConnectOptions,
  mode: ConnectModeName | undefined,
): FlowRecord {
  const path = returnTo === undefined ? undefined : sameOriginPath(returnTo, ports.currentUrl());
  if (returnTo !== undefined && !path) throw invalid("returnTo", "an address of this origin");
  if (!(lifetimeMs >= LIFETIME_RANGE_MS.min && lifetimeMs <= LIFETIME_RANGE_MS.max))
    throw invalid("lifetimeMs", "60,000 to 86,400,000");
  const record: FlowRecord = {
    startedAt: ports.now(),
    lifetimeMs,
    ...(mode && { mode }),
    ...(path && { returnTo: path }),
    appState,
    ...(typeof userKey === "string" && { userKey }),
  };
  if (jsonLength(record) > MAX_RECORD_LENGTH)
    throw invalid(
      "appState",
      `JSON that fits, with its record, in ${MAX_RECORD_LENGTH} characters`,
    );
  return record;
}

function jsonLength(value: unknown): number {
  try {
    return JSON.stringify(value).length;
  } catch {
    return Infinity;
  }
}

const invalid = (option: string, expected: string) =>
  new BenjiConnectError("invalid_request", `Expected ${option} to be ${expected}.`);
