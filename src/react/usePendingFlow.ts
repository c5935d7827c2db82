import { useMemo, useSyncExternalStore } from "react";
import { sharedPorts } from "../core/browser.js";
import { newestPending } from "../core/records/records.js";
import type { PendingFlow } from "./useBenjiConnect.js";
import type { UseBenjiConnectOptions } from "./useConnectStart.js";

type PendingOptions = Pick<UseBenjiConnectOptions, "storage" | "userKey">;

const NO_FLOW = "";
const noFlow = () => NO_FLOW;

/** Looks at the records again when another tab has written, and when Back restores the page. */
export function usePendingFlow(options: PendingOptions): PendingFlow | undefined {
  // As text: a snapshot has to be the same while nothing has changed.
  const text = useSyncExternalStore(subscribe, () => readPending(options), noFlow);
  return useMemo(() => (text ? (JSON.parse(text) as PendingFlow) : undefined), [text]);
}

const EVENTS = ["storage", "pageshow"];
const readers = new Set<() => void>();

const lookAgain = () => {
  for (const reader of readers) reader();
};

// One set of listeners a page: the browser looks through all of them for each that is taken away.
function subscribe(reader: () => void): () => void {
  if (readers.size === 0) for (const event of EVENTS) window.addEventListener(event, lookAgain);
  readers.add(reader);
  return () => {
    readers.delete(reader);
    if (readers.size === 0)
      for (const event of EVENTS) window.removeEventListener(event, lookAgain);
  };
}

function readPending({ storage, userKey }: PendingOptions): string {
  try {
    const ports = sharedPorts(storage);
    const record = newestPending(ports.storage(), ports.now(), userKey ?? null);
    if (!record) return NO_FLOW;
    const { startedAt, mode, appState } = record;
    return JSON.stringify({ startedAt, mode, appState });
  } catch {
    return NO_FLOW;
  }
}
