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

// The functions below are for the development messages of explain/. They are not ports, because a
// production bundle must not contain them. On a server, they find no address and no cookie.

/** Avoids `console.error`, which some test setups and error reporters treat as a crash. */
export const show = (text: string): void => console.warn(text);

export const isPage = (): boolean => typeof document === "object" && typeof location === "object";

export const pageUrl = (): string => (isPage() ? location.href : "");

/** The address that this page was loaded with, even if it has changed since. */
export const loadedUrl = (): string =>
  isPage() ? (performance.getEntriesByType?.("navigation")[0]?.name ?? "") : "";

/** Reads a built-in storage; `null` also where the browser denies access. */
export function builtInItem(choice: "session" | "local", key: string): string | null {
  try {
    return (choice === "local" ? localStorage : sessionStorage).getItem(key);
  } catch {
    return null;
  }
}

export const inMs = (callback: () => void, ms: number): void => void setTimeout(callback, ms);

export const nowMs = (): number => Date.now();

const COOKIE = "benji-connect-dev";

/** Writes a session cookie for the shortest parent domain that the browser allows. */
export function writeCookie(value: string): void {
  if (!isPage()) return;
  const text = `${COOKIE}=${encodeURIComponent(value)}; path=/; SameSite=Lax`;
  const labels = location.hostname.split(".");
  const isName = labels.length > 1 && !/^[\d.]+$/.test(location.hostname);
  // Browsers refuse a public suffix, such as "co.uk".
  for (let count = 2; isName && count <= labels.length; count++) {
    document.cookie = `${text}; domain=${labels.slice(-count).join(".")}`;
    if (readCookie() === value) return;
  }
  document.cookie = text;
}

export function readCookie(): string | undefined {
  if (!isPage()) return undefined;
  const pair = document.cookie.split("; ").find((one) => one.startsWith(`${COOKIE}=`));
  return pair && decodeURIComponent(pair.slice(COOKIE.length + 1));
}
