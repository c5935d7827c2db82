import { invalidRequest } from "../client/apiError.js";
import { ownField } from "../jsonObject.js";
import { got, ownOptions } from "../options.js";
import type { BenjiStore } from "./store.js";

/** The part of a `Pool` or `Client` of `pg` that is used. */
export interface PostgresClient {
  query: (sql: string, values: (string | number)[]) => Promise<{ rows: unknown[] }>;
}

/**
 * The part that is used of a `DatabaseSync` of `node:sqlite`, or of a `Database` of `better-sqlite3`.
 */
export interface SqliteDatabase {
  prepare: (sql: string) => {
    // These are methods, not function properties: TypeScript compares the parameters of methods
    // bivariantly, and the type of better-sqlite3 needs that.
    all(...values: (string | number)[]): unknown[];
    run(...values: (string | number)[]): unknown;
  };
}

/** Options of {@link createSqlStore}. */
export interface SqlStoreOptions {
  /** Default `benji_store`. Letters, digits and `_`, optionally after a schema and a dot. */
  table?: string | undefined;
}

const TABLE = /^(?:[a-z_]\w*\.)?[a-z_]\w*$/i;
const HOUR_MS = 60 * 60 * 1_000;
/**
 * Another round is needed only where the entry expires, or another server deletes it, between two
 * statements.
 */
const MAX_ROUNDS = 10;

/**
 * A store in Postgres or SQLite, for several servers, through your own client: `pg`, `node:sqlite` or
 * `better-sqlite3`. A write also deletes expired entries, at most once an hour.
 *
 * The table must exist:
 * `create table benji_store (key text primary key, value text not null, expires_at bigint not null)`.
 * Entries expire by the servers' clocks, not the database's.
 *
 * @throws BenjiApiError `invalid_request`, at construction, for an unknown client or a malformed table
 * name
 * @example
 * ```ts
 * import { createSqlStore } from "react-benji-connect/server";
 *
 * declare const pool: {
 *   query: (sql: string, values: (string | number)[]) => Promise<{ rows: unknown[] }>;
 * }; // new Pool() of pg
 *
 * export const store = createSqlStore(pool);
 * ```
 */
export function createSqlStore(
  database: PostgresClient | SqliteDatabase,
  options: SqlStoreOptions = {},
): BenjiStore {
  const { table = "benji_store" } = ownOptions(options);
  if (typeof table !== "string" || !TABLE.test(table))
    throw invalidRequest(`Expected table as a plain name such as benji_store; ${got(table)}.`);
  const query = toQuery(database);
  const insert = `insert into ${table} as kept (key, value, expires_at) values (?, ?, ?)
    on conflict (key) do update set value = excluded.value, expires_at = excluded.expires_at`;
  let sweptAt = 0;

  const read = async (key: string) => {
    const sql = `select value from ${table} where key = ? and expires_at > ?`;
    const [row] = await query(sql, [key, Date.now()]);
    return ownField(row, "value") as string | undefined;
  };

  const sweep = async () => {
    if (Date.now() - sweptAt < HOUR_MS) return;
    sweptAt = Date.now();
    await query(`delete from ${table} where expires_at <= ?`, [sweptAt]);
  };

  return {
    get: read,
    put: async (key, value, lifetimeMs) => {
      await sweep();
      await query(insert, [key, value, expiry(lifetimeMs)]);
    },
    putIfAbsent: async (key, value, lifetimeMs) => {
      await sweep();
      for (let round = 0; round < MAX_ROUNDS; round++) {
        // One statement decides who is first. It returns a row where there was no entry, or only an
        // expired one.
        const sql = `${insert} where kept.expires_at <= ? returning key`;
        const stored = await query(sql, [key, value, expiry(lifetimeMs), Date.now()]);
        if (stored.length > 0) return undefined;
        const before = await read(key);
        if (before !== undefined) return before;
      }
      throw new Error("Expected the store's entry to be there or not; it came and went.");
    },
    delete: (key) => query(`delete from ${table} where key = ?`, [key]),
  };
}

const expiry = (lifetimeMs: number) => Math.ceil(Date.now() + lifetimeMs);

type Query = (sql: string, values: (string | number)[]) => Promise<unknown[]>;

/** @throws BenjiApiError `invalid_request` */
function toQuery(given: PostgresClient | SqliteDatabase): Query {
  const database = Object(given ?? {}) as PostgresClient | SqliteDatabase; // `in` needs an object
  if ("prepare" in database && typeof database.prepare === "function") {
    return async (sql, values) => {
      const statement = await Promise.resolve(database.prepare(sql));
      // In better-sqlite3 `all` throws for a statement that returns no rows.
      if (/^select|returning/.test(sql)) return statement.all(...values);
      statement.run(...values);
      return [];
    };
  }
  if ("query" in database && typeof database.query === "function") {
    return async (sql, values) => {
      let count = 0;
      return (
        await database.query(
          sql.replace(/\?/g, () => `$${++count}`),
          values,
        )
      ).rows;
    };
  }
  throw invalidRequest(
    "Expected a Pool or Client of pg, a DatabaseSync of node:sqlite or a Database of better-sqlite3; " +
      `${got(given)}.`,
  );
}
