import type { RedirectStorage } from "./records/records.js";

/** Ports are the browser's functions that core/ calls. Both ways, out and back, use these. */
export interface SharedPorts {
  /** May throw where the browser denies storage. */
  storage(): RedirectStorage;
  /** ms since 1970 */
  now(): number;
  /** The absolute address of the page. */
  currentUrl(): string;
  /** POSTs JSON to a route of the partner. */
  postJson(
    url: string,
    body: object,
    init: Pick<RequestInit, "credentials" | "headers"> & { signal: AbortSignal },
  ): Promise<Response>;
  /** Calls the callback after `ms`, or later when a hidden page is shown. Never after an abort. */
  later(callback: () => void, ms: number, signal: AbortSignal): void;
}

/** The ports of the way out, from this page to Benji. */
export interface LeavePorts extends SharedPorts {
  randomBytes(length: number): Uint8Array;
  /** Leaves the page. */
  navigate(url: string): void;
  /**
   * Calls the callback when the member is still on this page after `navigate`: Back has restored
   * the page, or it is visible after 15 s. Never after an abort.
   */
  onStillHere(callback: () => void, signal: AbortSignal): void;
  /** Calls the callback at `pagehide`; never after an abort. */
  onPageHide(callback: () => void, signal: AbortSignal): void;
  /** Opens the connection to an origin that will be needed soon. */
  preconnect(origin: string): void;
}

/** The ports of the way back, from Benji to this page. */
export interface ReturnPorts extends SharedPorts {
  /** Replaces address and `history.state` of the present history entry. Routers are not notified. */
  writeEntry(url: string, historyState: unknown): void;
  /** Like `writeEntry`, but calls a router's wrapper of `history.replaceState`. No effect without one. */
  announceEntry(url: string, historyState: unknown): void;
  /** `history.state` of the present entry. */
  historyState(): unknown;
  /** The path of this document if a reload, Back or Forward has loaded it. */
  restoredPath(): string | undefined;
  /** Whether the browser prerenders the page, before the member opens it. */
  isPrerendering(): boolean;
  /**
   * Calls the callback when the page shows another history entry, or becomes active after
   * prerendering. Returns the unsubscribe function.
   */
  onEntryChange(callback: () => void): () => void;
}

/** All ports. `browserPorts` implements them with the real browser. */
export type FlowPorts = LeavePorts & ReturnPorts;

/** Where records are kept: per tab, for all tabs of the origin, or in an object of your own. */
export type StorageChoice = "session" | "local" | RedirectStorage;
