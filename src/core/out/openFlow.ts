// Writes the record of a flow when it starts, under its state: what the return page needs of the start page (start
// time, lifetime, mode, returnTo, appState, userKey).

import { BenjiConnectError } from "../../errors.js";
import type { ConnectModeName } from "../mode.js";
import { type ConnectOptions, userKeyText } from "../options.js";
import type { LeavePorts } from "../ports.js";
import type { ConnectTokenRequest } from "./connectTokenTypes.js";
import {
  DEFAULT_LIFETIME_MS,
  evictOldest,
  type FlowRecord,
  LIFETIME_RANGE_MS,
  MAX_RECORD_LENGTH,
  refuseAsyncStorage,
  sweepRecords,
  writeRecord,
} from "../records/records.js";
import { sameOriginPath } from "../addresses/returnTo.js";

export function openFlow(
  ports: LeavePorts,
  options: ConnectOptions,
  { state, mode }: ConnectTokenRequest,
): void {
  const record = createRecord(ports, options, mode);
  try {
    const storage = ports.storage();
    refuseAsyncStorage(storage);
    sweepRecords(storage, record.startedAt);
    evictOldest(storage, record.startedAt);
    writeRecord(storage, state, record);
  } catch (cause) {
    if (cause instanceof BenjiConnectError) throw cause;
    throw new BenjiConnectError("storage_unavailable", "", { cause });
  }
}

function createRecord(
  ports: LeavePorts,
  { returnTo, appState, userKey, lifetimeMs = DEFAULT_LIFETIME_MS }: ConnectOptions,
  mode: ConnectModeName | undefined,
): FlowRecord {
  const path = returnTo === undefined ? undefined : sameOriginPath(returnTo, ports.currentUrl());
  if (returnTo !== undefined && !path) throw invalid("returnTo");
  if (!(lifetimeMs >= LIFETIME_RANGE_MS.min && lifetimeMs <= LIFETIME_RANGE_MS.max))
    throw invalid("lifetimeMs");
  const user = userKeyText(userKey);
  const record: FlowRecord = {
    startedAt: ports.now(),
    lifetimeMs,
    ...(mode && { mode }),
    ...(path && { returnTo: path }),
    appState,
    ...(user && { userKey: user }),
  };
  if (jsonLength(record) > MAX_RECORD_LENGTH) throw invalid("appState");
  return record;
}

function jsonLength(value: unknown): number {
  try {
    return JSON.stringify(value).length;
  } catch {
    return Infinity;
  }
}

const invalid = (option: string) => new BenjiConnectError("invalid_request", option);
