import { useMemo, useSyncExternalStore } from "react";
import { sharedPorts } from "../core/browser.js";
import { newestPending } from "../core/records.js";
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

function subscribe(listener: () => void): () => void {
  window.addEventListener("storage", listener);
  window.addEventListener("pageshow", listener);
  return () => {
    window.removeEventListener("storage", listener);
    window.removeEventListener("pageshow", listener);
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
