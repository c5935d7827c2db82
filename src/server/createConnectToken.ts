import { TOKEN_REQUEST } from "../contract.js";
import { invalidRequest } from "./apiError.js";
import { parseBaseUrl } from "./baseUrl.js";
import { parseTimeout, withDeadline } from "./deadline.js";
import { readTokenAnswer, unreachable, type ConnectToken } from "./tokenAnswer.js";
import { buildTokenRequestBody, type ConnectTokenInput } from "./tokenInput.js";

/** Anything that answers a `Request`; the platform's `fetch` does. */
export type Fetch = (request: Request) => Response | Promise<Response>;

/** Where Benji is, and how to get in. */
export interface BenjiApiOptions {
  /** The partner API key (Pilot, Developer page). A server secret. */
  apiKey: string;
  /** `BENJI_STAGING_URL`, or the production host from your configuration. https; http on loopback. */
  baseUrl: string;
  /** Default: the platform's `fetch`. */
  fetch?: Fetch;
  /** Milliseconds until the whole answer must be there. Default 10 000. */
  timeoutMs?: number;
}

/** Options of {@link createConnectToken}. */
export interface CreateConnectTokenOptions extends BenjiApiOptions {
  /** Ends the call early. */
  signal?: AbortSignal;
}

const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * Asks Benji for a connect token: one call, never retried by itself.
 *
 * @param input What the token is for; checked before anything is sent.
 * @param options Key and address of the API; a redirect from there is not followed.
 * @returns The token, and the base URL of Hosted Connect (`""` where the account has none).
 * @throws BenjiApiError `invalid_request`, `api_unreachable`, `api_timeout`, `api_rejected`,
 * `api_failed`, `api_malformed` or `aborted`
 * @see contract.md, section 1: `POST /auth/connect`
 *
 * @example
 * ```ts
 * import { BENJI_STAGING_URL, createConnectToken } from "react-benji-connect/server";
 *
 * const { token, connectUrl } = await createConnectToken(
 *   { partnershipId: 49, mode: "transfer", userExternalId: "user-1234" },
 *   { apiKey: process.env["BENJI_API_KEY"] ?? "", baseUrl: BENJI_STAGING_URL },
 * );
 * ```
 */
export async function createConnectToken(
  input: ConnectTokenInput,
  options: CreateConnectTokenOptions,
): Promise<ConnectToken> {
  const { baseUrl, apiKey, timeoutMs } = parseApiOptions(options);
  const body = buildTokenRequestBody(input);
  const send = options.fetch ?? fetch;
  return withDeadline(
    async (signal) => {
      const request = buildRequest({ baseUrl, apiKey, body, signal });
      return readTokenAnswer(await attempt(send, request), apiKey);
    },
    { timeoutMs, signal: options.signal },
  );
}

/**
 * Checks key, address and timeout.
 *
 * @throws BenjiApiError `invalid_request`
 */
export function parseApiOptions({ apiKey, baseUrl, timeoutMs }: BenjiApiOptions) {
  return {
    apiKey: parseApiKey(apiKey),
    baseUrl: parseBaseUrl(baseUrl),
    timeoutMs: parseTimeout(timeoutMs ?? DEFAULT_TIMEOUT_MS),
  };
}

/** Checked here, because a runtime that refuses a header value quotes it in its message. */
function parseApiKey(apiKey: unknown): string {
  if (typeof apiKey === "string" && /^[\x21-\x7e]+$/.test(apiKey)) return apiKey;
  throw invalidRequest("Expected apiKey: printable ASCII without spaces. Is it set, and trimmed?");
}

function buildRequest(parts: { baseUrl: URL; apiKey: string; body: string; signal: AbortSignal }) {
  const base = parts.baseUrl.href.replace(/\/+$/, "");
  return new Request(`${base}${TOKEN_REQUEST.path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json",
      [TOKEN_REQUEST.apiKeyHeader]: parts.apiKey,
    },
    body: parts.body,
    redirect: "manual",
    signal: parts.signal,
  });
}

async function attempt(send: Fetch, request: Request): Promise<Response> {
  try {
    return await send(request);
  } catch (error) {
    // The error may hold the request, and with it the key: only its system code goes on.
    const code = readSystemCode(error);
    throw unreachable(code === undefined ? {} : { cause: { code } });
  }
}

/** `ECONNREFUSED`, `CERT_HAS_EXPIRED`, …: Node's fetch puts it on the cause of its error. */
function readSystemCode(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return typeof code === "string" && /^[A-Z_]{2,40}$/.test(code) ? code : undefined;
}
