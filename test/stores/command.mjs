// A child process of run.mjs: `node command.mjs facts|race CLIENT ADDRESS [NAME]`. Prints JSON.
import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { CLIENTS } from "./clients.mjs";
import { storeFacts } from "./contract.mjs";

const [, , task, client, address, name] = process.argv;
const KEYS = 300;
const PACE_MS = 4;
const MINUTE = 60_000;

const tasks = {
  async facts(store) {
    const failed = [];
    for (const [fact, holds] of Object.entries(storeFacts)) {
      await holds(store).catch((error) => failed.push(`${fact}: ${error.message}`));
    }
    return { count: Object.keys(storeFacts).length, failed };
  },

  /** Writes the same keys as another process, as soon as both are ready. */
  async race(store) {
    console.log("ready");
    const [startAt] = await once(process.stdin, "data");
    process.stdin.destroy();
    const won = [];
    for (let n = 0; n < KEYS; n++) {
      // Both processes wait for the same time before each key: otherwise the faster one wins all keys.
      while (Date.now() < Number(startAt) + n * PACE_MS) await setImmediate();
      const before = await store.putIfAbsent(`race:${client}:${n}`, name, MINUTE);
      if (before === null || before === undefined) won.push(n);
    }
    return { count: KEYS, won };
  },
};

const { store, close } = await CLIENTS[client](address);
console.log(JSON.stringify(await tasks[task](store)));
await close();
