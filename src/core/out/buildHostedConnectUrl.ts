import { BENJI_DOMAIN, OUTGOING } from "../../contract.js";
import { BenjiConnectError } from "../../errors.js";
import { isDevelopmentHost } from "../addresses/developmentHost.js";
import { omitParams } from "../addresses/query.js";
import { isLoopback, toUrl } from "../addresses/url.js";
import { type ConnectMode, modeNumber } from "../mode.js";
import { quietly } from "../quietly.js";
import { checkedOptions, ownOptions, START_TYPES } from "../checkOptions.js";

/** The parameters of a Hosted Connect address. Empty text counts as absent. */
export interface HostedConnectParams {
  /**
   * The bearer secret of one flow. With it, `amount` and `userExternalId` are not sent: the token
   * contains them.
   */
  connectToken?: string | undefined;
  /** Opaque; Benji returns it unchanged. */
  state?: string | undefined;
  mode?: ConnectMode | undefined;
  /** Points. Tokenless links only; the member can edit it. */
  amount?: number | undefined;
  /** Your own id of the member. Tokenless links only; the member can edit it. */
  userExternalId?: string | undefined;
  /** Pilot's preview of the page. */
  preview?: boolean | undefined;
}

/** Which hosts may receive the member. */
export interface TrustOptions {
  /** The page to use where `connectUrl` is empty. Its host is trusted. */
  hostedConnectUrl?: string | undefined;
  /** Your custom domains, each as `URL.host` writes it (port included). No wildcards. */
  trustedHosts?: readonly string[] | undefined;
  /** The page that navigates; while it is on loopback, loopback hosts are trusted too. */
  pageUrl?: string | undefined;
  /** Also accepts `http:` on development hosts, as in `ConnectOptions`. Default `false`. */
  dangerouslyAllowHttpInDevelopment?: boolean | undefined;
}

// Node's server refuses headers over 16 kB by default; half of that leaves room for cookies.
const MAX_URL_LENGTH = 8_000;

/**
 * Builds the address the member is sent to. Keeps the query of `connectUrl`; a parameter of `params`
 * replaces one of the same name there.
 *
 * @throws BenjiConnectError `connect_url_missing`, `connect_url_untrusted`, `invalid_request`
 * (mode or amount), `url_too_long` (over 8,000 characters).
 * @see docs/contract.md, "Going out"
 * @example
 * ```ts
 * import { buildHostedConnectUrl } from "react-benji-connect/core";
 *
 * buildHostedConnectUrl("https://connect.withbenji.com/khkgfoud76td", {
 *   connectToken: "0c371a1c-aa81-11ef-b28c-0a58a9feac02",
 *   state: "benji.abc",
 *   mode: "transfer",
 * });
 * ```
 */
export function buildHostedConnectUrl(
  connectUrl: string,
  params: HostedConnectParams,
  options: TrustOptions = {},
): string {
  const url = parseTrustedUrl(connectUrl, checkedOptions(options, START_TYPES));
  const own = checkedOptions(params, { ...START_TYPES, connectToken: "string", state: "string" });
  const ours = outgoingParams(own);
  const inside = own.connectToken ? [OUTGOING.amount, OUTGOING.userExternalId] : [];
  const kept = omitParams(url.search.slice(1), [...Object.keys(ours), ...inside]);
  const query = [kept, `${new URLSearchParams(ours)}`].filter(Boolean).join("&");
  // Does not set `url.search`: Firefox silently drops a query of a megabyte.
  const { origin, pathname, hash } = url;
  const address = origin + pathname + (query && `?${query}`) + hash;
  if (address.length <= MAX_URL_LENGTH) return address;
  throw new BenjiConnectError("url_too_long", `${address.length} characters`);
}

const INSIDE_THE_TOKEN = { amount: undefined, userExternalId: undefined };

function outgoingParams(params: HostedConnectParams): Record<string, string> {
  const { connectToken, mode, amount, preview } = params;
  const values = ownOptions({
    ...params,
    mode: mode === undefined ? mode : modeNumber(mode),
    preview: preview && 1,
    amount: amount === undefined ? amount : parseAmount(amount),
    ...(connectToken && INSIDE_THE_TOKEN),
  });
  const names = Object.entries(OUTGOING) as [keyof typeof OUTGOING, string][];
  return Object.fromEntries(
    names.flatMap(([key, name]) => (values[key] ? [[name, `${values[key]}`]] : [])),
  );
}

export const isAmount = (amount: unknown): amount is number =>
  typeof amount === "number" && amount > 0 && amount <= Number.MAX_SAFE_INTEGER;

export function parseAmount(amount: number): number {
  if (isAmount(amount)) return amount;
  throw new BenjiConnectError("invalid_request", "amount");
}

// Parses without a base address: a relative address must not become a page of the partner.
function parseTrustedUrl(connectUrl: string, options: TrustOptions): URL {
  const text = connectUrl || options.hostedConnectUrl;
  if (!text) throw new BenjiConnectError("connect_url_missing");
  const url = toUrl(text);
  if (!url || !isSecure(url, options) || url.username || url.password)
    throw new BenjiConnectError("connect_url_untrusted", "not an absolute https address");
  if (isTrustedHost(url, options)) return url;
  throw new BenjiConnectError("connect_url_untrusted", `${url.host} is not in trustedHosts`);
}

function isSecure(
  url: URL,
  { dangerouslyAllowHttpInDevelopment: isAllowed }: TrustOptions,
): boolean {
  if (url.protocol === "https:") return true;
  if (url.protocol !== "http:") return false;
  // `isInDevelopment` throws where `process` is undefined (no bundler): that counts as production.
  return isLoopback(url) || (!!isAllowed && !!quietly(() => isInDevelopment(url)));
}

// Bundlers replace `process.env.NODE_ENV`. Rollup needs a separate function (see explain/explain.ts).
const isInDevelopment = (url: URL) =>
  // eslint-disable-next-line no-restricted-globals
  process.env.NODE_ENV !== "production" && isDevelopmentHost(url);

const isBenji = (url: URL) => `.${url.host}`.endsWith(`.${BENJI_DOMAIN}`);

const isTrustedHost = (
  url: URL,
  { hostedConnectUrl = "", trustedHosts = [], pageUrl = "" }: TrustOptions,
) =>
  isBenji(url) ||
  trustedHosts.includes(url.host) ||
  (isLoopback(url) && isLoopback(toUrl(pageUrl))) ||
  // Checked last: without `hostedConnectUrl`, parsing the empty text takes a browser a millisecond.
  url.host === toUrl(hostedConnectUrl)?.host;
