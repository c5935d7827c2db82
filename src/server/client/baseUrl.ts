import { isLoopback } from "../../core/addresses/url.js";
import { got } from "../options.js";
import { invalidRequest } from "./apiError.js";

/**
 * Benji's staging API, which its documents call the sandbox.
 *
 * @see Benji's documentation, api-reference/introduction
 */
export const BENJI_STAGING_URL = "https://api-staging.withbenji.com";

/**
 * Benji's production API. Benji opens it for you once your integration on staging is approved.
 *
 * @see Benji's documentation, api-reference/introduction (the one page that names it)
 */
export const BENJI_PRODUCTION_URL = "https://api.withbenji.com";

/**
 * Reads where Benji's API lives. https only, because the API key goes there; http on loopback.
 *
 * @throws BenjiApiError `invalid_request`
 */
export function parseBaseUrl(baseUrl: unknown, option = "baseUrl"): URL {
  const url = parseHttpUrl(baseUrl);
  if (!url)
    throw invalidRequest(`Expected ${option} to be an absolute https URL; ${got(baseUrl)}.`);
  if (url.protocol !== "https:" && !isThisMachine(url)) {
    throw invalidRequest(`Expected ${option} with https; http is for loopback only.`);
  }
  if (url.username || url.password || url.search || url.hash) {
    throw invalidRequest(`Expected ${option} without credentials, query and hash.`);
  }
  return url;
}

/** Parses an absolute http or https URL; anything else is undefined. */
export function parseHttpUrl(text: unknown): URL | undefined {
  if (typeof text !== "string" || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === "https:" || url.protocol === "http:" ? url : undefined;
}

// A server's resolver may take a subdomain of localhost, and the key with it, to another machine.
const isThisMachine = (url: URL) => isLoopback(url) && !url.hostname.endsWith(".localhost");
