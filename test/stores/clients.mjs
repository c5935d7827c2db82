// Opens each client as its manual says, and wraps it in a store of the built package.
import { createRedisStore, createSqlStore } from "../../dist/server/index.js";

export const TABLE =
  "create table if not exists benji_store (key text primary key, value text not null, expires_at bigint not null)";

/** By a client's name: opens a store at the address, and returns it with a close function. */
export const CLIENTS = {
  ioredis: async (port) => {
    const { Redis } = await import("ioredis");
    const redis = new Redis(Number(port), "127.0.0.1");
    return { store: createRedisStore(redis), close: () => redis.quit() };
  },
  redis: (port) => withNodeRedis("redis", port),
  "redis-4": (port) => withNodeRedis("redis-4", port),
  pg: async (port) => {
    const { default: pg } = await import("pg");
    const how = { host: "127.0.0.1", port: Number(port), user: "postgres", database: "postgres" };
    const pool = new pg.Pool(how);
    return { store: createSqlStore(pool), close: () => pool.end() };
  },
  pglite: async () => {
    const { PGlite } = await import("@electric-sql/pglite");
    const database = new PGlite();
    await database.exec(TABLE);
    return { store: createSqlStore(database), close: () => database.close() };
  },
  "node:sqlite": async (file) => {
    const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(file, { timeout: 10_000 }); // waits while another process writes
    database.exec("pragma journal_mode = wal");
    database.exec(TABLE);
    return { store: createSqlStore(database), close: () => database.close() };
  },
};

async function withNodeRedis(name, port) {
  const { createClient } = await import(name);
  const redis = await createClient({ url: `redis://127.0.0.1:${port}` }).connect();
  return { store: createRedisStore(redis), close: () => redis.quit() };
}
