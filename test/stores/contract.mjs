// What every store must do, as sentences with a function each. Run by test/server/stores.test.ts and,
// against the real servers, by run.mjs.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

const MINUTE = 60_000;
/** Long enough for a busy machine to write and read before it ends. */
const SHORT = 1_000;

const nothing = (stored) => assert.ok(stored === null || stored === undefined, String(stored));

/** Resolves when nothing is stored under the key any more. */
async function expired(store, key) {
  for (;;) {
    const stored = await store.get(key);
    if (stored === null || stored === undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export const storeFacts = {
  "knows nothing of a key that nobody has written": async (store) => {
    nothing(await store.get(randomUUID()));
  },
  "gives back what was put, the latest": async (store) => {
    const key = randomUUID();
    await store.put(key, "one", MINUTE);
    assert.equal(await store.get(key), "one");
    await store.put(key, "two", MINUTE);
    assert.equal(await store.get(key), "two");
  },
  "puts where nothing is, and answers nothing": async (store) => {
    const key = randomUUID();
    nothing(await store.putIfAbsent(key, "first", MINUTE));
    assert.equal(await store.get(key), "first");
  },
  "keeps what is there, and answers it, the same value too": async (store) => {
    const key = randomUUID();
    await store.put(key, "first", MINUTE);
    assert.equal(await store.putIfAbsent(key, "second", MINUTE), "first");
    assert.equal(await store.putIfAbsent(key, "first", MINUTE), "first");
    assert.equal(await store.get(key), "first");
  },
  "forgets what is deleted, and takes it kindly where there is nothing": async (store) => {
    const key = randomUUID();
    await store.delete(key);
    await store.put(key, "here", MINUTE);
    await store.delete(key);
    nothing(await store.get(key));
    nothing(await store.putIfAbsent(key, "again", MINUTE));
    assert.equal(await store.get(key), "again");
  },
  "forgets after the lifetime, and then takes another value": async (store) => {
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
  "gives a value that is put anew its new lifetime": async (store) => {
    const [key, other] = [randomUUID(), randomUUID()];
    await store.put(key, "short", SHORT);
    await store.put(other, "short", SHORT);
    await store.put(key, "long", MINUTE);
    await expired(store, other);
    assert.equal(await store.get(key), "long");
  },
  "lets no later try prolong what is there": async (store) => {
    const key = randomUUID();
    await store.putIfAbsent(key, "short", SHORT);
    await store.putIfAbsent(key, "late", MINUTE);
    await expired(store, key);
  },
  "keeps any text as it is": async (store) => {
    for (const text of ["", "'; drop table benji_store; --", '?$1 %s \\ "', "ä 🎉 \u202e", "0"]) {
      const key = `benji:claim:${text}:${randomUUID()}`;
      nothing(await store.putIfAbsent(key, text, MINUTE));
      assert.equal(await store.putIfAbsent(key, "other", MINUTE), text);
      assert.equal(await store.get(key), text);
    }
  },
  "takes a lifetime with a fraction": async (store) => {
    const key = randomUUID();
    await store.put(key, "value", MINUTE + 0.5);
    assert.equal(await store.get(key), "value");
  },
  "has one winner of many that come at once, and tells the others whose it is": async (store) => {
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
