/** Keeps the first text of each flow. With several servers, one that all of them share. */
export interface ClaimStore {
  /**
   * Keeps `value` where nothing is kept under `key`, and answers what was kept before, in one step:
   * two claims may come at once. `lifetimeMs` after which the text may be forgotten.
   */
  putIfAbsent: (key: string, value: string, lifetimeMs: number) => KeptBefore | Promise<KeptBefore>;
}

/** Nothing: `value` was the first. */
type KeptBefore = string | null | undefined;

const MAX_ENTRIES = 10_000;

/** In the memory of this process; the oldest entry goes when there are too many. */
export function createClaimMemory(now: () => number = Date.now): ClaimStore {
  const entries = new Map<string, { value: string; until: number }>();
  return {
    putIfAbsent: (key, value, lifetimeMs) => {
      const before = entries.get(key);
      if (before && before.until > now()) return before.value;
      entries.delete(key); // so that it counts as the newest
      entries.set(key, { value, until: now() + lifetimeMs });
      const [oldest] = entries.keys();
      if (entries.size > MAX_ENTRIES && oldest !== undefined) entries.delete(oldest);
      return undefined;
    },
  };
}
