import { isLoopback } from "../core/addresses/url.js";
import { invalidRequest } from "./client/apiError.js";
import { checkKinds } from "./options.js";

/** Development away from this machine. */
export interface LocalHttpOptions {
  /**
   * Takes plain http from and to private addresses, single-label hosts, `.test`, `.local` and
   * `.internal`, as it does on loopback: for a phone on your network, or docker-compose. Anybody on
   * that network can read keys, tokens and cookies. Refused where `NODE_ENV` is `production`, which
   * many servers do not set. Default `false`.
   */
  dangerouslyAllowHttpInDevelopment?: boolean | undefined;
}

/** What to say where https is missing. */
export const HTTPS_ONLY =
  "http is for loopback only, or, with dangerouslyAllowHttpInDevelopment, for private addresses, " +
  "single-label hosts, .test, .local and .internal";

/**
 * Reads whether plain http may go further than this machine.
 *
 * @throws BenjiApiError `invalid_request`
 */
export function parseLocalHttp(options: LocalHttpOptions): boolean {
  checkKinds(options, { dangerouslyAllowHttpInDevelopment: "boolean" });
  const { dangerouslyAllowHttpInDevelopment: allowsLocal = false } = options;
  if (allowsLocal && isProduction()) {
    throw invalidRequest(
      "Expected dangerouslyAllowHttpInDevelopment left out: NODE_ENV is production here.",
    );
  }
  return allowsLocal;
}

/** Whether an address may be spoken to, or from, without TLS. */
export const isLocalHttp = (url: URL, allowsLocal: boolean): boolean =>
  url.protocol === "http:" && (isLoopback(url) || (allowsLocal && isPrivateHost(url.hostname)));

/** An address that is not routed on the internet, or a name that nobody can register there. */
function isPrivateHost(hostname: string): boolean {
  if (hostname.startsWith("[")) return /^\[f(?:[cd]..|e[89ab].):/.test(hostname);
  const [a = 0, b = 0] = hostname.split(".").map(Number);
  if (/^\d+(?:\.\d+){3}$/.test(hostname)) {
    return (
      a === 10 ||
      (a === 172 && b >= 16 && b <= 31) ||
      (a === 192 && b === 168) ||
      (a === 169 && b === 254)
    );
  }
  return !hostname.includes(".") || /\.(?:test|local|internal)$/.test(hostname);
}

interface NodeGlobal {
  process?: { env?: { NODE_ENV?: string } };
}

const isProduction = () => (globalThis as NodeGlobal).process?.env?.NODE_ENV === "production";
