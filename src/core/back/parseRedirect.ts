import { BENJI_NAME_PREFIX, RETURN, RETURN_STATUSES } from "../../contract.js";
import { segmentsOf } from "../addresses/path.js";
import { ESCAPED_AMPERSAND, omitDamagedParams } from "../addresses/query.js";
import { ownOptions } from "../checkOptions.js";
import { isOurState } from "../records/state.js";
import { toUrl } from "../addresses/url.js";

/** What a return says about the member. It is unsigned: a claim, not a proof. */
export interface RedirectIds {
  /** Preferred stable user identifier. */
  benjiUserUuid?: string;
  /** Digits, as text: an identifier is not a quantity. Sent where the UUID is not available. */
  benjiUserId?: string;
  /** The transaction event, where one applies. */
  triggerEventId?: string;
}

/** What a readable return says, before it is verified. */
export interface ReadableClaim extends RedirectIds {
  status: "success" | "error";
  state?: string;
}

/** A return whose parameters are ambiguous or invalid. */
export interface UnreadableClaim {
  status: "unreadable";
  reason: "params_ambiguous" | "params_too_long" | "status_unknown";
}

/** What an address says. `verifyRedirect` decides whether to believe it. */
export type RedirectClaim = ReadableClaim | UnreadableClaim;

/** Where to look for a return. */
export interface ParseRedirectOptions {
  /**
   * Only this path is the callback, e.g. `"/benji/callback"`. Matches as routers do: letter case, a
   * trailing slash and percent-encoding make no difference.
   */
  path?: string | undefined;
  /** Returns whether an address is the callback. */
  match?: ((url: URL) => boolean) | undefined;
  /**
   * Also accepts returns without a flow, such as a link in an e-mail. They are `unverified`:
   * anybody can write one. Default `false`.
   */
  dangerouslyAcceptReturnsWithoutState?: boolean | undefined;
}

const MAX_VALUE_LENGTH = 512;

export const OUR_NAMES = Object.values(RETURN);

/**
 * Reads the return from Benji in an address. Never throws on an address; ignores the hash.
 *
 * @returns the claim, or `undefined` if the address is no return. A return has an id of Benji or a state
 * of this library. Without these, it needs a known `status` and one of: another `benji_` parameter,
 * `path`, `match`, `dangerouslyAcceptReturnsWithoutState`.
 * @see docs/contract.md, "Coming back"
 * @example
 * ```ts
 * import { parseRedirect } from "react-benji-connect/core";
 *
 * const claim = parseRedirect(location.href, { path: "/benji/callback" });
 * if (claim?.status === "success") console.log("claims to be a success");
 * ```
 */
export function parseRedirect(
  url: string | URL,
  given: ParseRedirectOptions = {},
): RedirectClaim | undefined {
  const options = ownOptions(given);
  const parsed = toUrl(String(url), "http://relative.invalid");
  if (!parsed || !isCallback(parsed, options)) return undefined;
  if (!namesBenji(parsed.searchParams, options)) return undefined;
  const claim = readClaim(parsed.searchParams);
  // A damaged link hides one of Benji's parameters inside another one.
  const query = parsed.search.slice(1);
  const isDamaged = omitDamagedParams(query, OUR_NAMES) !== query;
  return isDamaged && "state" in claim ? unreadable("params_ambiguous") : claim;
}

/** Ignores an option of a wrong type, which `judgeReturn` reports. */
export const isCallback = (url: URL, { path, match }: ParseRedirectOptions): boolean =>
  (!path || typeof path !== "string" || segmentsOf(path) === segmentsOf(url.pathname)) &&
  (typeof match !== "function" || match(url));

// Other providers use `status`, `state` and `code` too: only these checks tell Benji's returns apart.
function namesBenji(params: URLSearchParams, options: ParseRedirectOptions): boolean {
  // An HTML editor may have escaped "&state=" as "&amp;state=".
  for (const before of ["", ESCAPED_AMPERSAND]) {
    if ([RETURN.benjiUserUuid, RETURN.benjiUserId].some((name) => params.has(before + name)))
      return true;
    if (params.getAll(before + RETURN.state).some(isOurState)) return true;
  }
  const { path, match, dangerouslyAcceptReturnsWithoutState } = options;
  const isExpected = !!(path || match || dangerouslyAcceptReturnsWithoutState);
  return (
    (isExpected || hasBenjisName(params)) &&
    isStatus(params.get(RETURN.status)) &&
    !namesOtherProvider(params)
  );
}

// `removeRedirectParams` keeps other `benji_` parameters: they alone must not make an address a return.
const hasBenjisName = (params: URLSearchParams) =>
  [...params.keys()].some((name) => name.startsWith(BENJI_NAME_PREFIX));

const namesOtherProvider = (params: URLSearchParams) =>
  params.has("code") || params.has("id_token");

export const isStatus = (status: unknown): status is ReadableClaim["status"] =>
  RETURN_STATUSES.some((known) => known === status);

function readClaim(params: URLSearchParams): RedirectClaim {
  const said = Object.entries(RETURN).map(([key, name]) => [key, params.getAll(name)] as const);
  if (said.some(([, values]) => values.some((value) => value !== values[0])))
    return unreadable("params_ambiguous");
  if (said.some(([, [value = ""]]) => value.length > MAX_VALUE_LENGTH))
    return unreadable("params_too_long");
  // A parameter without a value counts as absent (RFC 6749, 3.1).
  const pairs = said.flatMap(([key, [value]]) => (value ? [[key, value]] : []));
  const claim = Object.fromEntries(pairs) as unknown as ReadableClaim;
  return isStatus(claim.status) ? claim : unreadable("status_unknown");
}

const unreadable = (reason: UnreadableClaim["reason"]): UnreadableClaim => ({
  status: "unreadable",
  reason,
});

/**
 * Returns the claim as JSON. For a return without a state, `history.state` stores this text in place of
 * the state. Such a return has no record, so `confirm` is asked again after a reload.
 */
export const linkOf = (claim: ReadableClaim): string => JSON.stringify(claim);

/**
 * Parses the JSON of `linkOf`; `undefined` if it is no claim.
 *
 * @throws if the text is no JSON.
 */
export function readLink(text: string): ReadableClaim | undefined {
  const claim = JSON.parse(text) as ReadableClaim | null;
  return isStatus(claim?.status) ? claim : undefined;
}

/** `readClaim` always uses the same order of names, so equal claims are equal as JSON. */
export const isSameClaim = (one: RedirectClaim | undefined, other: RedirectClaim): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
