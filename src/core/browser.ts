import type { FlowPorts, LeavePorts, ReturnPorts, SharedPorts, StorageChoice } from "./ports.js";

const STILL_HERE_AFTER_MS = 15_000;

// The browser behind the ports: the only file of core/ that may use `window`; react/ may use the document.
// Nothing is touched until called.
// In two halves, so that a page that only reads the return does not carry the start.

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
  // The browser's own function: a router's would update React in the middle of a commit.
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

/** There is no window in Node or React Native, and no events there. */
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
  // Captured: what is dispatched at the document comes by the window first.
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

// Used by the explanations for development. No ports, because production must not carry any of it. On a server
// all of it is silent.

/** Not `console.error`: some test setups and error reporters take that for a crash. */
export const show = (text: string): void => console.warn(text);

export const isPage = (): boolean => typeof document === "object" && typeof location === "object";

export const pageUrl = (): string => (isPage() ? location.href : "");

/** The address that this page was loaded with, whatever it shows by now. */
export const loadedUrl = (): string =>
  isPage() ? (performance.getEntriesByType?.("navigation")[0]?.name ?? "") : "";

/** An item of one of the two built-in storages; `null` also where the browser denies it. */
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

/** A cookie of the browser session, for every host under the same domain that the browser allows. */
export function writeCookie(value: string): void {
  if (!isPage()) return;
  const text = `${COOKIE}=${encodeURIComponent(value)}; path=/; SameSite=Lax`;
  const labels = location.hostname.split(".");
  const isName = labels.length > 1 && !/^[\d.]+$/.test(location.hostname);
  // From the shortest on: browsers refuse a domain under which anybody can register, such as "com".
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
