import type { BenjiStore } from "../stores/store.js";

const MAX_ENTRIES = 10_000;

/** In the memory of this process; the oldest entry goes when there are too many. */
export function createSeenMemory(now: () => number): BenjiStore {
  const entries = new Map<string, { value: string; until: number }>();
  const get = (key: string) => {
    const entry = entries.get(key);
    return entry && entry.until > now() ? entry.value : undefined;
  };
  const put = (key: string, value: string, lifetimeMs: number) => {
    entries.delete(key); // so that it counts as the newest
    entries.set(key, { value, until: now() + lifetimeMs });
    const [oldest] = entries.keys();
    if (entries.size > MAX_ENTRIES && oldest !== undefined) entries.delete(oldest);
  };
  return {
    get,
    put,
    putIfAbsent: (key, value, lifetimeMs) => {
      const before = get(key);
      if (before === undefined) put(key, value, lifetimeMs);
      return before;
    },
    delete: (key) => entries.delete(key),
  };
}
