import { API_URL } from "../../contract.js";
import { HTTPS_ONLY, isLocalHttp } from "../localHttp.js";
import { got } from "../options.js";
import { invalidRequest } from "./apiError.js";

/**
 * Benji's staging API, which its documents call the sandbox.
 *
 * @see Benji's documentation, api-reference/introduction
 */
export const BENJI_STAGING_URL = API_URL.staging;

/**
 * Benji's production API. Benji opens it for you once your integration on staging is approved.
 *
 * @see Benji's documentation, api-reference/introduction (the one page that names it)
 */
export const BENJI_PRODUCTION_URL = API_URL.production;

/**
 * Parses the base URL of Benji's API. It must be https, because the API key is sent there; http is
 * accepted on loopback and, with `allowsLocal`, on private hosts.
 *
 * @throws BenjiApiError `invalid_request`
 */
export function parseBaseUrl(baseUrl: unknown, option = "baseUrl", allowsLocal = false): URL {
  const url = parseHttpUrl(baseUrl);
  if (!url)
    throw invalidRequest(`Expected ${option} to be an absolute https URL; ${got(baseUrl)}.`);
  if (url.protocol !== "https:" && !isTrustedHttp(url, allowsLocal)) {
    throw invalidRequest(`Expected ${option} with https: ${HTTPS_ONLY}.`);
  }
  if (url.username || url.password || url.search || url.hash) {
    throw invalidRequest(`Expected ${option} without credentials, query and hash.`);
  }
  return url;
}

/** Parses an absolute http or https URL; returns `undefined` for anything else. */
export function parseHttpUrl(text: unknown): URL | undefined {
  if (typeof text !== "string" || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === "https:" || url.protocol === "http:" ? url : undefined;
}

// A name under `.localhost` is not trusted: a server's resolver may resolve it to another machine,
// which would then receive the key.
const isTrustedHttp = (url: URL, allowsLocal: boolean) =>
  isLocalHttp(url, allowsLocal) && !url.hostname.endsWith(".localhost");
