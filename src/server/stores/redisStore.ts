import type { BenjiStore, Stored } from "./store.js";

/** What is used of an `ioredis` client. */
export interface IoredisClient {
  call: (command: string, ...args: string[]) => Promise<unknown>;
}

/** What is used of a `redis` client, version 4 or newer. It must be connected. */
export interface NodeRedisClient {
  sendCommand: (args: string[]) => Promise<unknown>;
}

// One step on the server, on every version that has scripts. `SET … NX GET` would need Redis 7.
const PUT_IF_ABSENT = `
  local before = redis.call('GET', KEYS[1])
  if not before then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
  return before`;

/**
 * A store in Redis or Valkey, for several servers, through your own client: `ioredis`, or `redis` from
 * version 4 on. Forgets by itself what has expired.
 *
 * Every read must see every write: one primary, no reads from replicas. Redis must not evict entries
 * early either (`maxmemory-policy noeviction`).
 *
 * @example
 * ```ts
 * import { createRedisStore } from "react-benji-connect/server";
 *
 * declare const redis: { sendCommand: (args: string[]) => Promise<unknown> }; // your client
 *
 * export const store = createRedisStore(redis);
 * ```
 */
export function createRedisStore(client: IoredisClient | NodeRedisClient): BenjiStore {
  // ioredis has a sendCommand as well, which takes something else.
  const run = async (...args: [string, ...string[]]) =>
    (await ("call" in client ? client.call(...args) : client.sendCommand(args))) as Stored;
  return {
    get: (key) => run("GET", key),
    put: (key, value, lifetimeMs) => run("SET", key, value, "PX", toMs(lifetimeMs)),
    putIfAbsent: (key, value, lifetimeMs) =>
      run("EVAL", PUT_IF_ABSENT, "1", key, value, toMs(lifetimeMs)),
    delete: (key) => run("DEL", key),
  };
}

const toMs = (lifetimeMs: number) => String(Math.ceil(lifetimeMs));
