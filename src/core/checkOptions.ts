import { BenjiConnectError } from "../errors.js";

type Types = Readonly<Record<string, string>>;

/** The types that each option of a start may have. Every option may be absent. */
export const START_TYPES = {
  fetchConnectToken: "string function",
  hostedConnectUrl: "string",
  trustedHosts: "array",
  mode: "string number",
  amount: "number",
  userExternalId: "string",
  preview: "boolean",
  returnTo: "string",
  userKey: "string number null",
  lifetimeMs: "number",
  tokenTimeoutMs: "number",
  requestInit: "object function",
  dangerouslyAllowHttpInDevelopment: "boolean",
};

/** The types that each option for reading a return may have. */
export const READER_TYPES = {
  path: "string",
  match: "function",
  url: "string",
  userKey: "string number null",
  confirm: "string function",
  waitMs: "number",
  requestInit: "object function",
  replaceUrl: "function",
  dangerouslyAcceptReturnsWithoutState: "boolean",
};

/** Copies own properties only: an option must not come from a polluted prototype. */
export const ownOptions = <T extends object>(options: T): T => ({ __proto__: null, ...options });

/**
 * Checks the types, because JavaScript callers pass text for a list or a number. Returns a
 * copy of the own properties.
 *
 * @throws BenjiConnectError `invalid_request`, naming the option and its type.
 */
export function checkedOptions<T extends object>(options: T, types: Types): T {
  const own = ownOptions(options);
  for (const [name, expected] of Object.entries(types)) {
    const kind = kindOf(own[name as keyof T]);
    if (!expected.includes(kind))
      throw new BenjiConnectError("invalid_request", `${name}: ${kind}`);
  }
  return own;
}

function kindOf(value: unknown): string {
  if (value === undefined) return "";
  if (value === null) return "null";
  if (Number.isNaN(value)) return "NaN";
  return Array.isArray(value) ? "array" : typeof value;
}
