/** Keeps one short text per flow. With several servers, one that all of them share. */
export interface ClaimStore {
  get: (key: string) => Answer | Promise<Answer>;
  /** `lifetimeMs` after which the text may be forgotten. */
  set: (key: string, value: string, lifetimeMs: number) => unknown;
}

type Answer = string | null | undefined;

const MAX_ENTRIES = 10_000;

/** In the memory of this process; the oldest entry goes when there are too many. */
export function createClaimMemory(now: () => number = Date.now): ClaimStore {
  const entries = new Map<string, { value: string; until: number }>();
  return {
    get: (key) => {
      const entry = entries.get(key);
      return entry && entry.until > now() ? entry.value : undefined;
    },
    set: (key, value, lifetimeMs) => {
      entries.delete(key); // so that it counts as the newest
      entries.set(key, { value, until: now() + lifetimeMs });
      const [oldest] = entries.keys();
      if (entries.size > MAX_ENTRIES && oldest !== undefined) entries.delete(oldest);
    },
  };
}
