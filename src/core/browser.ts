import type { FlowPorts, StorageChoice } from "./ports.js";

const STILL_HERE_AFTER_MS = 15_000;

/** The real world. The only file of the engine that may say `window`; it touches nothing until called. */
export const browserPorts = (storage: StorageChoice = "session"): FlowPorts => ({
  storage: () => openStorage(storage),
  now: () => Date.now(),
  randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  currentUrl: () => window.location.href,
  navigate: (url) => window.location.assign(url),
  replaceUrl: (url, historyState) => window.history.replaceState(historyState, "", url),
  historyState: () => window.history.state as unknown,
  restoredPath,
  onStillHere,
});

function openStorage(choice: StorageChoice) {
  if (choice === "local") return window.localStorage;
  return choice === "session" ? window.sessionStorage : choice;
}

function restoredPath(): string | undefined {
  const [entry] = performance.getEntriesByType("navigation");
  const { type, name } = (entry ?? {}) as Partial<PerformanceNavigationTiming>;
  return name && (type === "reload" || type === "back_forward")
    ? new URL(name).pathname
    : undefined;
}

function onStillHere(callback: () => void): () => void {
  const stop = () => {
    clearTimeout(timer);
    window.removeEventListener("pageshow", onPageShow);
    document.removeEventListener("visibilitychange", onVisible);
  };
  const finish = () => {
    stop();
    callback();
  };
  const onPageShow = (event: PageTransitionEvent) => event.persisted && finish();
  const onVisible = () => document.visibilityState === "visible" && finish();
  const timer = setTimeout(() => {
    document.addEventListener("visibilitychange", onVisible);
    onVisible();
  }, STILL_HERE_AFTER_MS);
  window.addEventListener("pageshow", onPageShow);
  return stop;
}
