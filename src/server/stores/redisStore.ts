import { invalidRequest } from "../client/apiError.js";
import { got } from "../options.js";
import type { BenjiStore, Stored } from "./store.js";

/** The part of an `ioredis` client that is used. */
export interface IoredisClient {
  call: (command: string, ...args: string[]) => Promise<unknown>;
}

/** The part of a `redis` client, version 4 or newer, that is used. It must be connected. */
export interface NodeRedisClient {
  sendCommand: (args: string[]) => Promise<unknown>;
}

// A script runs as one atomic step. `SET … NX GET` would do so too, but needs Redis 7.
const PUT_IF_ABSENT = `
  local before = redis.call('GET', KEYS[1])
  if not before then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
  return before`;

/**
 * A store in Redis or Valkey, for several servers, through your own client: `ioredis`, or `redis` from
 * version 4 on. Redis itself removes expired entries.
 *
 * Every read must see every write: one primary, no reads from replicas. Redis must not evict entries
 * early either (`maxmemory-policy noeviction`).
 *
 * @throws BenjiApiError `invalid_request`, at construction, for an unknown client
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
  const run = toRun(client);
  return {
    get: (key) => run("GET", key),
    put: (key, value, lifetimeMs) => run("SET", key, value, "PX", toMs(lifetimeMs)),
    putIfAbsent: (key, value, lifetimeMs) =>
      run("EVAL", PUT_IF_ABSENT, "1", key, value, toMs(lifetimeMs)),
    delete: (key) => run("DEL", key),
  };
}

const toMs = (lifetimeMs: number) => String(Math.ceil(lifetimeMs));

/** Returns a function that sends one command through the partner's client. */
function toRun(client: IoredisClient | NodeRedisClient) {
  const { call, sendCommand } = (client ?? {}) as Partial<IoredisClient & NodeRedisClient>;
  // ioredis also has a `sendCommand`, with other parameters, so `call` comes first.
  if (typeof call === "function")
    return async (...args: [string, ...string[]]) => (await call.apply(client, args)) as Stored;
  if (typeof sendCommand === "function")
    return async (...args: string[]) => (await sendCommand.call(client, args)) as Stored;
  throw invalidRequest(
    `Expected the client of ioredis, or of redis from version 4 on; ${got(client)}.`,
  );
}
