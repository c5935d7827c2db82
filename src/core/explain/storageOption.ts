import { LAST } from "../records/records.js";
import { isObject, isThenable, kindOf } from "./describeValue.js";
import { say } from "./logMistake.js";

const METHODS = ["getItem", "setItem", "removeItem", "key"];
const WORDS: Readonly<Record<string, string>> = {
  sessionstorage: "session",
  localstorage: "local",
  session: "session",
  local: "local",
};
const EXPECTED = '"session", "local" or { getItem, setItem, removeItem, key, length }';

/** The storages that were tested: each is called only once to see whether it returns a promise. */
const asked = /* @__PURE__ */ new WeakSet();

export function explainStorage(storage: unknown): void {
  if (storage === undefined || storage === "session" || storage === "local") return;
  if (typeof storage === "string") {
    const meant = WORDS[storage.trim().toLowerCase()];
    const todo = meant
      ? `Did you mean storage="${meant}"?`
      : "There is no other word; hand in a storage of your own.";
    return say("storage", { expected: EXPECTED, came: "another word", todo });
  }
  if (!isObject(storage))
    return say("storage", {
      expected: EXPECTED,
      came: kindOf(storage),
      todo: "Leave it out for the session of this tab.",
    });
  const missing = METHODS.filter((name) => typeof storage[name] !== "function");
  if (typeof storage["length"] !== "number") missing.push("length");
  if (missing.length)
    return say("storage", {
      expected: EXPECTED,
      came: `an object without ${missing.join(", ")}`,
      todo: "Records are found again by key and length: add them. The storage must answer at once.",
    });
  if (asked.has(storage)) return;
  asked.add(storage);
  let answer: unknown;
  try {
    answer = (storage["getItem"] as (key: string) => unknown).call(storage, LAST);
  } catch {
    return; // The start reports a storage that throws.
  }
  if (isThenable(answer))
    say("storage", {
      expected: "a storage that answers at once",
      came: "one whose getItem answers a promise",
      todo:
        "The member may leave before it is written. Read what is asynchronous into memory first, " +
        "and hand in an object that answers from there.",
    });
}
