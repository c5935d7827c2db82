import { isDevelopmentHost } from "../core/addresses/developmentHost.js";
import { isLoopback } from "../core/addresses/url.js";
import { invalidRequest } from "./client/apiError.js";
import { nodeEnv } from "./nodeEnv.js";
import { checkKinds } from "./options.js";

/** Options for development across several machines. */
export interface LocalHttpOptions {
  /**
   * Allows plain http from and to private addresses, single-label hosts, `.test`, `.local` and
   * `.internal`, as on loopback: for a phone on your network, or docker-compose. Anybody on that
   * network can read keys, tokens and cookies. Refused where `NODE_ENV` is `production`, which many
   * servers do not set. Default `false`.
   */
  dangerouslyAllowHttpInDevelopment?: boolean | undefined;
}

/** The end of an error message about missing https. */
export const HTTPS_ONLY =
  "http is for loopback only, or, with dangerouslyAllowHttpInDevelopment, for private addresses, " +
  "single-label hosts, .test, .local and .internal";

/**
 * Returns whether plain http is allowed beyond this machine.
 *
 * @throws BenjiApiError `invalid_request`
 */
export function parseLocalHttp(options: LocalHttpOptions): boolean {
  checkKinds(options, { dangerouslyAllowHttpInDevelopment: "boolean" });
  const { dangerouslyAllowHttpInDevelopment: allowsLocal = false } = options;
  if (allowsLocal && nodeEnv() === "production") {
    throw invalidRequest(
      "Expected dangerouslyAllowHttpInDevelopment left out: NODE_ENV is production here.",
    );
  }
  return allowsLocal;
}

/** Whether an address is plain http on a host where that is allowed. */
export const isLocalHttp = (url: URL, allowsLocal: boolean): boolean =>
  url.protocol === "http:" && (isLoopback(url) || (allowsLocal && isDevelopmentHost(url)));
