import type { RedirectStorage } from "./records/records.js";

/** What both ways need from the environment of the engine. */
export interface SharedPorts {
  /** May throw where the browser denies storage. */
  storage(): RedirectStorage;
  /** ms since 1970 */
  now(): number;
  /** The absolute address of the page. */
  currentUrl(): string;
  /** POSTs JSON to a route of the partner's. */
  postJson(
    url: string,
    body: object,
    init: Pick<RequestInit, "credentials" | "headers"> & { signal: AbortSignal },
  ): Promise<Response>;
  /** Calls back after `ms`, once the page is visible. Until the signal is aborted. */
  later(callback: () => void, ms: number, signal: AbortSignal): void;
}

/** What going out needs. */
export interface LeavePorts extends SharedPorts {
  randomBytes(length: number): Uint8Array;
  /** Leaves the page. */
  navigate(url: string): void;
  /**
   * Calls back when the member is on this page although it was left: restored by Back, or still
   * visible after 15 s. Until the signal is aborted.
   */
  onStillHere(callback: () => void, signal: AbortSignal): void;
  /** Calls back when the page is left or put aside. Until the signal is aborted. */
  onPageHide(callback: () => void, signal: AbortSignal): void;
  /** Opens the connection to an origin that will be needed soon. */
  preconnect(origin: string): void;
}

/** What coming back needs. */
export interface ReturnPorts extends SharedPorts {
  /** Replaces address and `history.state` of the present entry. Routers are not notified. */
  writeEntry(url: string, historyState: unknown): void;
  /** The same, where a router listens to `history.replaceState`; otherwise nothing. */
  announceEntry(url: string, historyState: unknown): void;
  /** `history.state` of the present entry. */
  historyState(): unknown;
  /** The path this document was loaded at, if by reload, Back or Forward. */
  restoredPath(): string | undefined;
  /** The page is rendered ahead of a visit that may never come. */
  isPrerendering(): boolean;
  /** Calls back when the page has moved to another entry, or is visited after prerendering; answers how to stop. */
  onEntryChange(callback: () => void): () => void;
}

/** Everything the engine needs. `browserPorts` is the real browser. */
export type FlowPorts = LeavePorts & ReturnPorts;

/** Where records are kept: per tab, for all tabs of the origin, or in a place of your own. */
export type StorageChoice = "session" | "local" | RedirectStorage;
