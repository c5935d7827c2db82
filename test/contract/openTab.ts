import { memoryStorage } from "react-benji-connect/testing";
import type { ConnectFlowOptions } from "../../src/core/index.js";

/** Simulates one browser tab: an address bar, a storage and a clock. */
export function openTab(address: string) {
  const tab = { address, historyState: null as unknown, now: 1_700_000_000_000, reloaded: false };
  const ports = {
    storage: memoryStorage(),
    now: () => tab.now,
    currentUrl: () => tab.address,
    navigate: (url) => {
      tab.address = url;
      tab.historyState = null;
    },
    writeEntry: (url, historyState) => {
      tab.address = url;
      tab.historyState = historyState;
    },
    historyState: () => tab.historyState,
    restoredPath: () => (tab.reloaded ? new URL(tab.address).pathname : undefined),
    onStillHere: () => {},
    onPageHide: () => {},
  } satisfies ConnectFlowOptions;
  return Object.assign(tab, { ports });
}
