import { CREDENTIAL } from "../../contract.js";
import { invalidRequest } from "./apiError.js";
import { parseBaseUrl } from "./baseUrl.js";
import { type BenjiData, readBenjiData, unreachable } from "./benjiAnswer.js";
import { parseTimeout, withDeadline } from "../deadline.js";
import { type LocalHttpOptions, parseLocalHttp } from "../localHttp.js";
import { checkKinds, got } from "../options.js";

/** The second argument of `fetch`: the fields of `RequestInit` that are used, as plain data. */
export interface FetchInit {
  method: "GET" | "POST";
  headers: Record<string, string>;
  /** JSON, with POST only. */
  body?: string;
  /** A followed redirect could carry the key to another host. */
  redirect: "manual";
  /** Aborts the call after the timeout, or when the caller aborts. */
  signal: AbortSignal;
}

/** A function that works like the platform's `fetch`. */
export type Fetch = (url: string, init: FetchInit) => Response | Promise<Response>;

/** Address, API key and limits for calls to Benji's API. */
export interface BenjiApiOptions extends LocalHttpOptions {
  /** The partner API key (Pilot, Developer page). A server secret. */
  apiKey: string;
  /** `BENJI_STAGING_URL` or `BENJI_PRODUCTION_URL`. It must be https; http is allowed on loopback. */
  baseUrl: string;
  /** Default: the platform's `fetch`. */
  fetch?: Fetch | undefined;
  /** Milliseconds until the whole answer must be there. Default 10 000. */
  timeoutMs?: number | undefined;
  /**
   * Allows use in a browser (where a `document` exists): every visitor can then read the key. Default
   * `false`.
   */
  dangerouslyAllowBrowser?: boolean | undefined;
}

export interface BenjiCall {
  baseUrl: URL;
  path: string;
  credential: Credential;
  /** Without a body the call is a GET. */
  body?: string;
  signal: AbortSignal | undefined;
}

export interface Credential {
  header: string;
  value: string;
  /** Texts that no error may contain. */
  secrets: readonly string[];
}

const DEFAULT_TIMEOUT_MS = 10_000;

/** @throws BenjiApiError `invalid_request` */
export function parseApiOptions(options: BenjiApiOptions) {
  const { timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const allowsLocal = parseLocalHttp(options);
  checkKinds(options, { fetch: "function", dangerouslyAllowBrowser: "boolean" });
  if ("document" in globalThis && !options.dangerouslyAllowBrowser) {
    throw invalidRequest("Expected a server: in a browser the API key would be everybody's.");
  }
  return {
    apiKey: parseSecret(options.apiKey, "apiKey"),
    baseUrl: parseBaseUrl(options.baseUrl, "baseUrl", allowsLocal),
    allowsLocal,
    timeoutMs: parseTimeout(timeoutMs),
    // The global `fetch` is looked up at each call: tests and tracing may replace it later.
    fetch: options.fetch ?? ((url: string, init: FetchInit) => fetch(url, init)),
  };
}

/** Checks a secret, because a runtime that refuses a header value quotes the value in its error. */
export function parseSecret(secret: unknown, option: string): string {
  if (typeof secret === "string" && /^[\x21-\x7e]+$/.test(secret)) return secret;
  throw invalidRequest(
    `Expected ${option}: printable ASCII without spaces; ${got(secret)}. Is it set, and trimmed?`,
  );
}

export const withApiKey = (apiKey: string): Credential => ({
  header: CREDENTIAL.apiKeyHeader,
  value: apiKey,
  secrets: [apiKey],
});

export const withBearer = (accessToken: string): Credential => ({
  header: CREDENTIAL.bearerHeader,
  value: `Bearer ${accessToken}`,
  secrets: [accessToken],
});

/**
 * Calls Benji once, without a retry, and returns the `data` of its answer.
 *
 * @throws BenjiApiError every code but `invalid_request`
 */
export const callBenji = (
  { fetch, timeoutMs }: { fetch: Fetch; timeoutMs: number },
  call: BenjiCall,
): Promise<BenjiData> =>
  withDeadline(
    async (signal) => readBenjiData(await attempt(fetch, call, signal), call.credential.secrets),
    { timeoutMs, signal: call.signal },
  );

async function attempt(fetch: Fetch, call: BenjiCall, signal: AbortSignal): Promise<Response> {
  const { baseUrl, path, credential, body } = call;
  try {
    return await fetch(`${baseUrl.href.replace(/\/+$/, "")}${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        ...(body !== undefined && { "content-type": "application/json" }),
        accept: "application/json",
        [credential.header]: credential.value,
      },
      ...(body !== undefined && { body }),
      redirect: "manual",
      signal,
    });
  } catch (error) {
    // The error may hold the request, and with it the key: only its system code is kept.
    const code = readSystemCode(error);
    throw unreachable(code === undefined ? {} : { cause: { code } });
  }
}

/** Returns a code such as `ECONNREFUSED`, which Node's fetch puts on the cause of its error. */
function readSystemCode(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return typeof code === "string" && /^[A-Z_]{2,40}$/.test(code) ? code : undefined;
}
