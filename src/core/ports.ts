import type { RedirectStorage } from "./records.js";

/** Everything the engine needs from the world around it. `browserPorts` is the real one. */
export interface FlowPorts {
  /** May throw where the browser denies storage. */
  storage(): RedirectStorage;
  /** ms since 1970 */
  now(): number;
  randomBytes(length: number): Uint8Array;
  /** The absolute address of the page. */
  currentUrl(): string;
  /** Leaves the page. */
  navigate(url: string): void;
  /** Puts a cleaned address into the address bar without leaving the page. */
  replaceUrl(url: string, historyState: unknown): void;
  /** `history.state` of the present entry. */
  historyState(): unknown;
  /** The path this document was loaded at, if by reload, Back or Forward. */
  restoredPath(): string | undefined;
  /**
   * Calls back once when the member is on this page although it was left: restored by Back, or
   * still visible after 15 s. Returns how to stop waiting.
   */
  onStillHere(callback: () => void): () => void;
}

/** Where records are kept: per tab, for all tabs of the origin, or in a place of your own. */
export type StorageChoice = "session" | "local" | RedirectStorage;
