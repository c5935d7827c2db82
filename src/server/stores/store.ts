/**
 * Keeps what several requests must agree on: the first claim about each return, handled webhooks, and
 * what webhooks reported. Each method is atomic: two servers may call it at the same time. A value may
 * be deleted after its `lifetimeMs`, and not before.
 */
export interface BenjiStore {
  /**
   * Stores `value` where nothing is stored under `key`; returns what was stored before, if anything.
   */
  putIfAbsent: (key: string, value: string, lifetimeMs: number) => Stored | Promise<Stored>;
  get: (key: string) => Stored | Promise<Stored>;
  /** Stores `value`, replacing what was stored before. */
  put: (key: string, value: string, lifetimeMs: number) => unknown;
  delete: (key: string) => unknown;
}

/** `null` or `undefined`: nothing is stored. */
export type Stored = string | null | undefined;
