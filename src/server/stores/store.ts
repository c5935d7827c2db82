/**
 * Where the server keeps what several requests must agree on: first claims, webhooks that were seen,
 * and what webhooks taught. Each method is atomic: two servers may call it at the same time.
 * A value may be forgotten once its `lifetimeMs` has passed, and not before.
 */
export interface BenjiStore {
  /** Stores `value` where nothing is stored under `key`; answers what was stored before, if anything. */
  putIfAbsent: (key: string, value: string, lifetimeMs: number) => Stored | Promise<Stored>;
  get: (key: string) => Stored | Promise<Stored>;
  /** Stores `value`, replacing what was stored before. */
  put: (key: string, value: string, lifetimeMs: number) => unknown;
  delete: (key: string) => unknown;
}

/** `null` or `undefined`: nothing is stored. */
export type Stored = string | null | undefined;
