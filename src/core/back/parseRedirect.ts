import { BENJI_NAME_PREFIX, RETURN, RETURN_STATUSES } from "../../contract.js";
import { segmentsOf } from "../addresses/path.js";
import { ESCAPED_AMPERSAND, omitDamagedParams } from "../addresses/query.js";
import { ownOptions } from "../optionTypes.js";
import { isOurState } from "../records/state.js";
import { toUrl } from "../addresses/url.js";

/** What a return says about the member. Unsigned: a claim, not a proof. */
export interface RedirectIds {
  /** Preferred stable user identifier. */
  benjiUserUuid?: string;
  /** Digits, as text: an identifier is not a quantity. Sent where the UUID is not available. */
  benjiUserId?: string;
  /** The transaction event, where one applies. */
  triggerEventId?: string;
}

/** A return that can be read: what it claims. */
export interface ReadableClaim extends RedirectIds {
  status: "success" | "error";
  state?: string;
}

/** A return that cannot be read one way only. */
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
  /** Decides for itself which addresses are the callback. */
  match?: ((url: URL) => boolean) | undefined;
  /**
   * Also takes returns that no browser of yours has started, such as a link in an e-mail. They come
   * out as `unverified`: anybody can write one. Default `false`.
   */
  dangerouslyAcceptReturnsWithoutState?: boolean | undefined;
}

const MAX_VALUE_LENGTH = 512;

export const OUR_NAMES = Object.values(RETURN);

/**
 * Reads a return from Benji out of an address. Never throws on one; the hash is not read.
 *
 * @returns the claim, or `undefined` where nothing names Benji: no id of Benji's, no state of
 * ours. A bare `status=success` counts only where `path`, `match` or
 * `dangerouslyAcceptReturnsWithoutState` says so.
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
  // Part of what Benji said is hidden in another parameter.
  const query = parsed.search.slice(1);
  const isDamaged = omitDamagedParams(query, OUR_NAMES) !== query;
  return isDamaged && "state" in claim ? unreadable("params_ambiguous") : claim;
}

/** An option of a wrong type says nothing here; `judgeReturn` names it. */
export const isCallback = (url: URL, { path, match }: ParseRedirectOptions): boolean =>
  (!path || typeof path !== "string" || segmentsOf(path) === segmentsOf(url.pathname)) &&
  (typeof match !== "function" || match(url));

// `status`, `state` and `code` are everybody's names; only these signs make an address ours.
function namesBenji(params: URLSearchParams, options: ParseRedirectOptions): boolean {
  // Also as "&amp;state=", which a link has that went through an HTML editor.
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

// Names of Benji's that we do not know stay in a cleaned address: alone they are no return.
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
 * What the history entry of a return without a state remembers in place of one: the claim itself.
 * Nothing is stored for such a return, so whoever reloads is asked about anew.
 */
export const linkOf = (claim: ReadableClaim): string => JSON.stringify(claim);

/** @throws where the text is no claim. */
export function readLink(text: string): ReadableClaim | undefined {
  const claim = JSON.parse(text) as ReadableClaim | null;
  return isStatus(claim?.status) ? claim : undefined;
}

/** Claims are read in one order of names, so that their texts can be compared. */
export const isSameClaim = (one: RedirectClaim | undefined, other: RedirectClaim): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
