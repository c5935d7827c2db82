import { isResponse } from "../../core/isResponse.js";
import { Refusal } from "./refusal.js";

/**
 * What `isConfirmed` may return: yes (`true`, or a plain object that is sent to the page), no
 * (`false`), or that it is not known yet (`"not_yet"`: the page asks again). Any other value is an
 * error.
 */
export type ConfirmAnswer = boolean | "not_yet" | Readonly<Record<string, unknown>>;

/**
 * Makes the response from what `isConfirmed` returned.
 *
 * @throws Refusal `not_confirmed` for `false`
 * @throws TypeError for any other value
 */
export function toResponse(answer: unknown, attempt: number): Response {
  if (answer === false) throw new Refusal("not_confirmed");
  if (answer === "not_yet") return notYet(attempt);
  if (answer === true) return Response.json(true);
  if (!isPlainObject(answer)) throw new TypeError(`${EXPECTED} It answered ${describe(answer)}.`);
  const text = JSON.stringify(answer) as string | undefined;
  // A `toJSON` method can turn the object into any JSON, such as `false`.
  if (!text?.startsWith("{")) throw new TypeError(`${EXPECTED} JSON makes something else of it.`);
  return new Response(text, { headers: { "content-type": "application/json" } });
}

const EXPECTED =
  'Expected isConfirmed to answer true or a plain object (yes), false (no) or "not_yet".';

const MAX_PAUSE_S = 5;

/** The pause grows by one second per attempt, up to five: about six attempts in 20 seconds. */
const notYet = (attempt: number) =>
  Response.json(
    { status: "not_yet" },
    { status: 202, headers: { "retry-after": String(Math.min(attempt, MAX_PAUSE_S)) } },
  );

/**
 * Whether a value is a plain object: of any realm or without a prototype, but no instance of a class.
 */
function isPlainObject(value: unknown): value is object {
  if (Object.prototype.toString.call(value) !== "[object Object]") return false;
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === null) return true;
  // Each realm has its own `Object.prototype`, and only such a prototype owns this method.
  return Object.hasOwn(prototype, "isPrototypeOf") && !isResponse(value);
}

function describe(value: unknown): string {
  if (value === undefined) return "nothing: is a return missing?";
  if (value === null) return 'null: answer false, or "not_yet", where there is no row';
  if (Array.isArray(value)) return "a list: is it the rows of a query? Answer one of them, spread";
  if (value instanceof Error) return "an Error: throw it";
  if (isResponse(value)) return "a Response: the route makes it";
  if (typeof value === "object") return "an instance of a class: spread it, { ...row }";
  return `another ${typeof value}`;
}
