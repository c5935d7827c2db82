// What every store must do: a sentence and a test function each. test/server/stores.test.ts runs them with
// local stores, run.mjs with real servers.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

const MINUTE = 60_000;
/** Long enough for a busy machine to write and read before the value expires. */
const SHORT = 1_000;

const nothing = (stored) => assert.ok(stored === null || stored === undefined, String(stored));

/** Resolves when the value of the key has expired. */
async function expired(store, key) {
  for (;;) {
    const stored = await store.get(key);
    if (stored === null || stored === undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export const storeFacts = {
  "the store returns nothing for an unknown key": async (store) => {
    nothing(await store.get(randomUUID()));
  },
  "the store returns the latest value that was put": async (store) => {
    const key = randomUUID();
    await store.put(key, "one", MINUTE);
    assert.equal(await store.get(key), "one");
    await store.put(key, "two", MINUTE);
    assert.equal(await store.get(key), "two");
  },
  "putIfAbsent stores a value for a new key and returns nothing": async (store) => {
    const key = randomUUID();
    nothing(await store.putIfAbsent(key, "first", MINUTE));
    assert.equal(await store.get(key), "first");
  },
  "putIfAbsent keeps and returns the existing value, also when it is equal": async (store) => {
    const key = randomUUID();
    await store.put(key, "first", MINUTE);
    assert.equal(await store.putIfAbsent(key, "second", MINUTE), "first");
    assert.equal(await store.putIfAbsent(key, "first", MINUTE), "first");
    assert.equal(await store.get(key), "first");
  },
  "delete removes a value, and accepts an unknown key": async (store) => {
    const key = randomUUID();
    await store.delete(key);
    await store.put(key, "here", MINUTE);
    await store.delete(key);
    nothing(await store.get(key));
    nothing(await store.putIfAbsent(key, "again", MINUTE));
    assert.equal(await store.get(key), "again");
  },
  "a value expires after its lifetime, and then another can be put": async (store) => {
    const [put, absent] = [randomUUID(), randomUUID()];
    await store.put(put, "short", SHORT);
    await store.putIfAbsent(absent, "short", SHORT);
    assert.equal(await store.get(put), "short");
    await expired(store, put);
    await expired(store, absent);
    nothing(await store.putIfAbsent(put, "next", MINUTE));
    nothing(await store.putIfAbsent(absent, "next", MINUTE));
    assert.equal(await store.get(absent), "next");
  },
  "putting a value again sets its new lifetime": async (store) => {
    const [key, other] = [randomUUID(), randomUUID()];
    await store.put(key, "short", SHORT);
    await store.put(other, "short", SHORT);
    await store.put(key, "long", MINUTE);
    await expired(store, other);
    assert.equal(await store.get(key), "long");
  },
  "putIfAbsent does not extend the lifetime of an existing value": async (store) => {
    const key = randomUUID();
    await store.putIfAbsent(key, "short", SHORT);
    await store.putIfAbsent(key, "late", MINUTE);
    await expired(store, key);
  },
  "the store keeps any text unchanged": async (store) => {
    for (const text of ["", "'; drop table benji_store; --", '?$1 %s \\ "', "ä 🎉 \u202e", "0"]) {
      const key = `benji:claim:${text}:${randomUUID()}`;
      nothing(await store.putIfAbsent(key, text, MINUTE));
      assert.equal(await store.putIfAbsent(key, "other", MINUTE), text);
      assert.equal(await store.get(key), text);
    }
  },
  "a lifetime may have a fraction": async (store) => {
    const key = randomUUID();
    await store.put(key, "value", MINUTE + 0.5);
    assert.equal(await store.get(key), "value");
  },
  "of many concurrent putIfAbsent calls one succeeds, and the others return its value": async (
    store,
  ) => {
    for (let round = 0; round < 20; round++) {
      const key = randomUUID();
      const values = Array.from({ length: 10 }, (_, n) => `claim ${n}`);
      const answers = await Promise.all(
        values.map((value) => store.putIfAbsent(key, value, MINUTE)),
      );
      const won = await store.get(key);
      const firsts = values.filter((_, n) => answers[n] === null || answers[n] === undefined);
      assert.deepEqual(firsts, [won]);
      const others = answers.filter((answer) => answer !== null && answer !== undefined);
      assert.deepEqual(new Set(others), new Set([won]));
    }
  },
};
