import { describe, expect, it } from "vitest";
import { type BenjiStore, createMemoryStore, createSqlStore } from "../../src/server/index.js";
import { claimKey, transactionKey, webhookKey } from "../../src/server/stores/storeKeys.js";
import { storeFacts } from "../stores/contract.mjs";

const MINUTE = 60_000;

interface Sqlite {
  DatabaseSync: new (path: string) => Parameters<typeof createSqlStore>[0] & {
    exec: (sql: string) => void;
  };
}

/** `undefined` before Node 22. */
const sqlite = (process as { getBuiltinModule?: (id: string) => unknown }).getBuiltinModule?.(
  "node:sqlite",
) as Sqlite | undefined;

function createSqliteStore({ DatabaseSync }: Sqlite): BenjiStore {
  const database = new DatabaseSync(":memory:");
  database.exec(
    "create table benji_store (key text primary key, value text not null, expires_at bigint not null)",
  );
  return createSqlStore(database);
}

describe("the memory store", () => {
  it.each(Object.entries(storeFacts))("with createMemoryStore: %s", (_, holds) =>
    holds(createMemoryStore()),
  );

  it("the memory store keeps at most 10 000 entries, and removes the expired ones first", () => {
    let time = 0;
    const store = createMemoryStore({ now: () => time });
    for (let n = 0; n < 5_000; n++) void store.put(webhookKey(String(n), "old"), "seen", MINUTE);
    time = MINUTE;
    for (let n = 0; n < 10_000; n++) void store.put(transactionKey(String(n)), "t", MINUTE);
    expect(store.get(transactionKey("0"))).toBe("t");
    expect(store.get(webhookKey("4999", "old"))).toBeUndefined();
    void store.put(transactionKey("one more"), "t", MINUTE);
    expect(store.get(transactionKey("0"))).toBeUndefined();
    expect(store.get(transactionKey("1"))).toBe("t");
  });

  it("the memory store keeps at most 100 returns of one member, and removes no data of others", () => {
    const store = createMemoryStore();
    void store.put(transactionKey("ada's"), "t", MINUTE);
    void store.put(claimKey("flow", "ada"), "claim", MINUTE);
    for (let n = 0; n < 50_000; n++)
      void store.putIfAbsent(claimKey(String(n), "mallory"), "junk", MINUTE);
    expect(store.get(transactionKey("ada's"))).toBe("t");
    expect(store.get(claimKey("flow", "ada"))).toBe("claim");
    expect(store.get(claimKey("49899", "mallory"))).toBeUndefined();
    expect(store.get(claimKey("49900", "mallory"))).toBe("junk");
  });

  it("the memory store removes the returns of many members before the data of webhooks", () => {
    const store = createMemoryStore();
    void store.put(transactionKey("ada's"), "t", MINUTE);
    for (let n = 0; n < 20_000; n++)
      void store.putIfAbsent(claimKey("flow", `member-${n}`), "junk", MINUTE);
    expect(store.get(transactionKey("ada's"))).toBe("t");
    expect(store.get(claimKey("flow", "member-19999"))).toBe("junk");
    expect(store.get(claimKey("flow", "member-0"))).toBeUndefined();
  });
});

describe.skipIf(!sqlite)("the SQL store with node:sqlite", () => {
  it.each(Object.entries(storeFacts))("with createSqlStore: %s", (_, holds) =>
    holds(createSqliteStore(sqlite as Sqlite)),
  );
});

describe("createSqlStore", () => {
  it.each([{}, { query: undefined }, { prepare: "sql" }])(
    "createSqlStore throws with the client %o",
    (client) => {
      expect(() => createSqlStore(client as never)).toThrow(/Pool or Client of pg/);
    },
  );

  it.each(["", "a b", "a;drop table x", '"a"', "a.b.c", "1a"])(
    "createSqlStore throws with the table name %j",
    (table) => {
      expect(() =>
        createSqlStore({ query: () => Promise.resolve({ rows: [] }) }, { table }),
      ).toThrow(/table/);
    },
  );
});
