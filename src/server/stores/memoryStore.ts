import { checkKinds, ownOptions } from "../options.js";
import { ownerOf } from "./storeKeys.js";
import type { BenjiStore } from "./store.js";

const MAX_ENTRIES = 10_000;
/** No member begins so many flows (visits to Benji) within an hour. */
const MAX_CLAIMS_OF_ONE = 100;

/** Options of {@link createMemoryStore}. */
export interface MemoryStoreOptions {
  /** Milliseconds since 1970. Default `Date.now`. */
  now?: (() => number) | undefined;
}

interface Entry {
  value: string;
  until: number;
}

/**
 * A store in the memory of this process: the default. It is empty after a restart, and no other
 * server sees it.
 *
 * It holds 10 000 entries at most. At most 100 of them are one member's claims about returns: the next
 * one replaces that member's oldest. A full store removes expired entries; without any, one member's
 * oldest claim; without claims, the oldest entry.
 *
 * @example
 * ```ts
 * import { createMemoryStore } from "react-benji-connect/server";
 *
 * export const store = createMemoryStore();
 * ```
 */
export function createMemoryStore(given: MemoryStoreOptions = {}): BenjiStore {
  const options = ownOptions(given);
  checkKinds(options, { now: "function" });
  const { now = Date.now } = options;
  const entries = new Map<string, Entry>();
  /** The keys of each member's claims, from the oldest to the newest. */
  const claims = new Map<string, Set<string>>();

  const remove = (key: string) => {
    const owner = ownerOf(key);
    const keys = owner === undefined ? undefined : claims.get(owner);
    keys?.delete(key);
    if (owner !== undefined && keys?.size === 0) claims.delete(owner);
    return entries.delete(key);
  };

  const get = (key: string) => {
    const entry = entries.get(key);
    if (entry && entry.until <= now()) remove(key);
    return entries.get(key)?.value;
  };

  /** No entry expires before this time, so `put` need not search all entries each time. */
  let nothingExpiresBefore = Infinity;
  const dropExpired = () => {
    if (now() < nothingExpiresBefore) return;
    nothingExpiresBefore = Infinity;
    for (const [key, { until }] of entries) {
      if (until <= now()) remove(key);
      else nothingExpiresBefore = Math.min(nothingExpiresBefore, until);
    }
  };

  const makeRoom = (owner: string | undefined) => {
    const own = (owner !== undefined && claims.get(owner)) || new Set<string>();
    const [oldestOwn] = own;
    if (own.size >= MAX_CLAIMS_OF_ONE && oldestOwn !== undefined) remove(oldestOwn);
    if (entries.size < MAX_ENTRIES) return;
    dropExpired();
    if (entries.size < MAX_ENTRIES) return;
    const [oldestClaim] = claims.values().next().value ?? [];
    const [oldest] = entries.keys();
    const victim = oldestClaim ?? oldest;
    if (victim !== undefined) remove(victim);
  };

  const put = (key: string, value: string, lifetimeMs: number) => {
    remove(key); // so that the entry counts as the newest
    const owner = ownerOf(key);
    makeRoom(owner);
    const until = now() + lifetimeMs;
    nothingExpiresBefore = Math.min(nothingExpiresBefore, until);
    entries.set(key, { value, until });
    if (owner !== undefined) claims.set(owner, (claims.get(owner) ?? new Set()).add(key));
  };

  return {
    get,
    put,
    putIfAbsent: (key, value, lifetimeMs) => {
      const before = get(key);
      if (before === undefined) put(key, value, lifetimeMs);
      return before;
    },
    delete: remove,
  };
}
