import { useMemo, useSyncExternalStore } from "react";
import { sharedPorts } from "../core/browser.js";
import { findUnfinished, type UnfinishedFlow } from "../core/records/unfinished.js";
import type { UseBenjiConnectOptions } from "./useConnectStart.js";

const NO_FLOW = "";
const noFlow = () => NO_FLOW;

/** Finds the unfinished flow. Looks again when another tab has written, or Back restores the page. */
export function useUnfinishedFlow({
  storage,
  userKey,
}: Pick<UseBenjiConnectOptions, "storage" | "userKey">): UnfinishedFlow | undefined {
  // useSyncExternalStore compares by identity: equal JSON is the same snapshot, a new object is not.
  const read = () => JSON.stringify(findUnfinished(sharedPorts(storage), userKey)) ?? NO_FLOW;
  const text = useSyncExternalStore(subscribe, read, noFlow);
  return useMemo(() => (text ? (JSON.parse(text) as UnfinishedFlow) : undefined), [text]);
}

const EVENTS = ["storage", "pageshow"];
const readers = new Set<() => void>();

const lookAgain = () => {
  for (const reader of readers) reader();
};

// All hooks share one listener per event: browsers are slow to remove one of many listeners.
function subscribe(reader: () => void): () => void {
  if (readers.size === 0) for (const event of EVENTS) window.addEventListener(event, lookAgain);
  readers.add(reader);
  return () => {
    readers.delete(reader);
    if (readers.size === 0)
      for (const event of EVENTS) window.removeEventListener(event, lookAgain);
  };
}
