import { invalidRequest } from "./client/apiError.js";
import { isJsonObject } from "./jsonObject.js";

// Checks of options, shared by all functions of the server. `parseTimeout` in deadline.ts checks
// timeouts.

/** Makes the error of the function that received the options. */
type Invalid = (message: string) => Error;

/**
 * Copies the own options of an object. Inherited ones do not count: a polluted `Object.prototype` could
 * set another host or allow other origins.
 *
 * @throws BenjiApiError `invalid_request`, or what `invalid` makes
 */
export function ownOptions<T extends object>(
  options: T,
  name = "the options",
  invalid: Invalid = invalidRequest,
): T {
  if (!isJsonObject(options)) throw invalid(`Expected ${name} as an object; ${got(options)}.`);
  return Object.assign(Object.create(null), options) as T;
}

const KINDS = { function: "a function", boolean: "true or false" };

/**
 * Checks the types of options that may be left out.
 *
 * @throws BenjiApiError `invalid_request`, or what `invalid` makes
 */
export function checkKinds<T extends object>(
  options: T,
  kinds: { readonly [Name in keyof T]?: keyof typeof KINDS },
  invalid: Invalid = invalidRequest,
): void {
  for (const [name, kind] of Object.entries(kinds) as [keyof T & string, keyof typeof KINDS][]) {
    const value = options[name];
    if (value === undefined || typeof value === kind) continue;
    throw invalid(`Expected ${name} as ${KINDS[kind]}, or left out; ${got(value)}.`);
  }
}

/**
 * Checks that a store or a client has its methods; an instance may inherit them from its class.
 *
 * @throws BenjiApiError `invalid_request`, or what `invalid` makes
 */
export function checkMethods(
  value: unknown,
  name: string,
  methods: readonly string[],
  invalid: Invalid = invalidRequest,
): void {
  const object = Object(value ?? {}) as Record<string, unknown>;
  if (methods.every((method) => typeof object[method] === "function")) return;
  throw invalid(`Expected ${name} with ${methods.join(", ")} as functions; ${got(value)}.`);
}

/** Ends an error message with the type of a value, never the value itself, which may be a secret. */
export const got = (value: unknown): string => `got ${describeType(value)}`;

function describeType(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return value.trim() === "" ? "empty text" : "text";
  if (Number.isNaN(value)) return "NaN";
  if (typeof value !== "object") return `a ${typeof value}`;
  return typeof (value as { then?: unknown }).then === "function" ? "a promise" : "an object";
}
