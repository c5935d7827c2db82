import type { ConnectModeName } from "../mode.js";
import { type UserKey, userKeyText } from "../options.js";
import type { SharedPorts } from "../ports.js";
import { newestUnfinished } from "./records.js";

/** The newest flow of this user that has no return yet and has not expired. */
export interface UnfinishedFlow {
  /** ms since 1970 */
  startedAt: number;
  mode?: ConnectModeName | undefined;
  /** The `appState` of the start. */
  appState?: unknown;
}

/** Returns the newest unfinished flow; `undefined` also if the storage cannot be read. */
export function findUnfinished(
  ports: SharedPorts,
  userKey: UserKey | undefined,
): UnfinishedFlow | undefined {
  try {
    const record = newestUnfinished(ports.storage(), ports.now(), userKeyText(userKey));
    if (!record) return undefined;
    const { startedAt, mode, appState } = record;
    return { startedAt, mode, appState };
  } catch {
    return undefined;
  }
}
