// Implements the ports (see ports.ts) with the browser; no other file of core/ may use `window`.
// Importing this file calls no function of the browser. There are two sets of ports, so that the bundle
// of a page that only reads a return does not contain the start.

import type { FlowPorts, LeavePorts, ReturnPorts, SharedPorts, StorageChoice } from "./ports.js";

const STILL_HERE_AFTER_MS = 15_000;

export const sharedPorts = (storage: StorageChoice = "session"): SharedPorts => ({
  storage: () => openStorage(storage),
  now: () => Date.now(),
  currentUrl: () => globalThis.location?.href ?? "",
  postJson: (url, body, init) => {
    const headers = new Headers(init.headers);
    headers.set("content-type", "application/json");
    return fetch(url, { ...init, method: "POST", headers, body: JSON.stringify(body) });
  },
  later,
});

export const leavePorts = (storage?: StorageChoice): LeavePorts => ({
  ...sharedPorts(storage),
  randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  navigate: (url) => location.assign(url),
  onStillHere,
  onPageHide: (callback, signal) => listen("pagehide", callback, { signal }),
  preconnect,
});

export const returnPorts = (storage?: StorageChoice): ReturnPorts => ({
  ...sharedPorts(storage),
  // Bypasses a router's wrapper of `replaceState`, which would update React during a commit.
  writeEntry: (url, historyState) =>
    History.prototype.replaceState.call(history, historyState, "", url),
  announceEntry: (url, historyState) => {
    if (globalThis.history?.replaceState !== globalThis.History?.prototype.replaceState)
      history.replaceState(historyState, "", url);
  },
  historyState: () => globalThis.history?.state as unknown,
  restoredPath,
  isPrerendering: () =>
    !!(globalThis.document as { prerendering?: boolean } | undefined)?.prerendering,
  onEntryChange,
});

export const browserPorts = (storage?: StorageChoice): FlowPorts => ({
  ...leavePorts(storage),
  ...returnPorts(storage),
});

/** Does nothing in Node and React Native, which have no window events. */
function listen(
  event: string,
  callback: (event: Event) => unknown,
  options: AddEventListenerOptions,
): void {
  globalThis.addEventListener?.(event, callback, options);
}

function openStorage(choice: StorageChoice) {
  if (choice === "local") return localStorage;
  return choice === "session" ? sessionStorage : choice;
}

function onEntryChange(callback: () => void): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  // `prerenderingchange` is fired at the document: a capture listener of the window receives it too.
  for (const event of ["popstate", "prerenderingchange"])
    listen(event, callback, { capture: true, signal });
  return () => listening.abort();
}

function restoredPath(): string | undefined {
  // jsdom has no navigation entries.
  const entries = performance.getEntriesByType?.("navigation") ?? [];
  const [entry] = entries as PerformanceNavigationTiming[];
  return entry && /^(reload|back_forward)$/.test(entry.type)
    ? new URL(entry.name).pathname
    : undefined;
}

function preconnect(origin: string): void {
  if (!globalThis.document) return;
  if (document.querySelector(`link[rel=preconnect][href^="${origin}"]`)) return;
  const link = document.createElement("link");
  link.rel = "preconnect";
  link.href = origin;
  document.head.append(link);
}

function later(callback: () => void, ms: number, signal: AbortSignal): void {
  const page = globalThis.document as Document | undefined;
  const look = () => page?.visibilityState === "hidden" || callback();
  const timer = setTimeout(() => {
    if (look() === true) page?.addEventListener("visibilitychange", look, { signal });
  }, ms);
  signal.addEventListener("abort", () => clearTimeout(timer));
}

function onStillHere(callback: () => void, signal: AbortSignal): void {
  later(callback, STILL_HERE_AFTER_MS, signal);
  listen("pageshow", (event) => (event as PageTransitionEvent).persisted && callback(), { signal });
}
