import { BenjiConnectError } from "../errors.js";
import type { ConnectOptions } from "./options.js";
import type { ReaderOptions } from "./returnReader.js";
import type { HostedConnectParams } from "./out/buildHostedConnectUrl.js";

type Types<Name extends PropertyKey> = Readonly<Record<Name, string>>;

/** What a start may be told, by the words of `kindOf`. */
export const START_TYPES: Types<Exclude<keyof (ConnectOptions & HostedConnectParams), "appState">> =
  {
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
    connectToken: "string",
    state: "string",
  };

/** What a reader may be told. */
export const READER_TYPES: Types<Exclude<keyof ReaderOptions, "onEvent">> = {
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

/** Own properties only: an option must not come from a polluted prototype. */
export const ownOptions = <T extends object>(options: T): T =>
  ({ __proto__: null, ...options }) as unknown as T;

/**
 * The options that are the caller's own, each of a type that can work. JavaScript callers hand in text
 * for a list, and text for a number.
 *
 * @throws BenjiConnectError `invalid_request`, naming the option and what came.
 */
export function checkedOptions<T extends object>(options: T, types: Types<string>): T {
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
  if (value === null || Number.isNaN(value)) return String(value);
  return Array.isArray(value) ? "array" : typeof value;
}
