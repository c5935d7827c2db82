import { TOKEN_ANSWER } from "../contract.js";
import { BenjiApiError, invalidRequest, type BenjiApiErrorCode } from "./apiError.js";
import { createConnectToken, parseApiOptions, type BenjiApiOptions } from "./createConnectToken.js";
import { isJsonObject, type JsonObject } from "./jsonObject.js";
import { readJsonBody } from "./readJsonBody.js";
import { isSameOrigin, parsePublicOrigin } from "./sameOrigin.js";
import type { ConnectTokenInput } from "./tokenInput.js";

/** What the partner decides a token from. */
export interface ConnectTokenContext<User> {
  /** The answer of `getUser`: the one thing here that can be trusted. */
  user: User;
  /** The browser's JSON object, unchecked: a wish. Nothing of it reaches Benji by itself. */
  body: JsonObject;
  /** The request; its body has been read. */
  request: Request;
}

/** Options of {@link createConnectTokenHandler}. */
export interface ConnectTokenHandlerOptions<User> extends BenjiApiOptions {
  /**
   * The signed-in user, from your session; `null` or `undefined` answers 401. Required. The body of
   * the request has been read by then.
   */
  getUser: (request: Request) => User | null | undefined | Promise<User | null | undefined>;
  /**
   * Decides on the server what the token is for: mode, amounts, whose account. A `Response` refuses;
   * it is passed on with `Cache-Control: no-store`.
   */
  createRequest: (
    context: ConnectTokenContext<User>,
  ) => ConnectTokenInput | Response | Promise<ConnectTokenInput | Response>;
  /**
   * The origin browsers see, such as `https://shop.example`; for servers behind a proxy, where a
   * browser without `Sec-Fetch-Site` calls. Default: the origin of the request's URL.
   */
  publicOrigin?: string;
  /** Hears every failure: a `BenjiApiError` (no key inside), or what your own functions threw. */
  onError?: (error: unknown) => void | Promise<void>;
}

/**
 * The machine words of this route's own refusals: the body is `{ "error": word }`. A `Response`
 * from `createRequest` is the partner's and may say something else.
 */
export type ConnectTokenRefusal = keyof typeof REFUSALS;

/** Each refusal has one HTTP status. */
const REFUSALS = {
  invalid_json: 400,
  unauthenticated: 401,
  cross_site: 403,
  method_not_allowed: 405,
  body_too_large: 413,
  unsupported_media_type: 415,
  internal_error: 500,
  benji_rejected: 502,
  benji_unavailable: 502,
  benji_malformed: 502,
  aborted: 503,
  benji_timeout: 504,
} as const;

const REFUSAL_OF_API_ERROR: Record<BenjiApiErrorCode, ConnectTokenRefusal> = {
  invalid_request: "internal_error",
  api_unreachable: "benji_unavailable",
  api_timeout: "benji_timeout",
  api_rejected: "benji_rejected",
  api_failed: "benji_unavailable",
  api_malformed: "benji_malformed",
  aborted: "aborted",
};

const MAX_BODY_BYTES = 16 * 1024;

/**
 * The route that `fetchConnectToken` calls: `Request` in, `Response` out, on any runtime with `fetch`.
 *
 * Takes POST with a JSON object of at most 16 kB from the partner's own pages, and answers
 * `200 { token, connect_url }` or `{ error: word }` (see {@link ConnectTokenRefusal}), always with
 * `Cache-Control: no-store` and without a CORS header. Benji's text and the key stay here; nothing is
 * logged unless `onError` does it. The timeout is 10 000 ms unless `timeoutMs` says otherwise.
 *
 * @throws BenjiApiError `invalid_request`, at construction, for options that cannot work
 * @see contract.md, section 1: `POST /auth/connect`
 *
 * @example
 * ```ts
 * import { BENJI_STAGING_URL, createConnectTokenHandler } from "react-benji-connect/server";
 *
 * declare function readSession(request: Request): Promise<{ id: string } | null>;
 *
 * export const POST = createConnectTokenHandler({
 *   apiKey: process.env["BENJI_API_KEY"] ?? "",
 *   baseUrl: BENJI_STAGING_URL,
 *   getUser: readSession,
 *   createRequest: ({ user, body }) => ({
 *     partnershipId: 49,
 *     mode: body["mode"] === "redeem" ? "redeem" : "connect",
 *     userExternalId: user.id,
 *   }),
 * });
 * ```
 */
export function createConnectTokenHandler<User>(
  options: ConnectTokenHandlerOptions<User>,
): (request: Request) => Promise<Response> {
  parseHandlerOptions(options);
  return async (request) => {
    try {
      return await answer(request, options);
    } catch (error) {
      return refuseAndReport("internal_error", error, options);
    }
  };
}

async function answer<User>(
  request: Request,
  options: ConnectTokenHandlerOptions<User>,
): Promise<Response> {
  if (request.method !== "POST") return refuse("method_not_allowed", { allow: "POST" });
  if (!isSameOrigin(request, parsePublicOrigin(options.publicOrigin))) return refuse("cross_site");
  if (!saysJson(request)) return refuse("unsupported_media_type");

  const body = await readJsonBody(request, MAX_BODY_BYTES);
  if (body.status === "too_large") return refuse("body_too_large");
  if (body.status !== "json" || !isJsonObject(body.value)) return refuse("invalid_json");

  const user = await options.getUser(request);
  if (user === null || user === undefined) return refuse("unauthenticated");

  const input = await options.createRequest({ user, body: body.value, request });
  if (input instanceof Response) return withoutStore(input);
  return answerFromBenji(input, request.signal, options);
}

async function answerFromBenji<User>(
  input: ConnectTokenInput,
  signal: AbortSignal,
  options: ConnectTokenHandlerOptions<User>,
): Promise<Response> {
  try {
    const { token, connectUrl } = await createConnectToken(input, { ...options, signal });
    return json(200, { [TOKEN_ANSWER.token]: token, [TOKEN_ANSWER.connectUrl]: connectUrl });
  } catch (error) {
    const known = error instanceof BenjiApiError;
    return refuseAndReport(
      known ? REFUSAL_OF_API_ERROR[error.code] : "internal_error",
      error,
      options,
    );
  }
}

function parseHandlerOptions<User>(options: ConnectTokenHandlerOptions<User>): void {
  parseApiOptions(options);
  parsePublicOrigin(options.publicOrigin);
  if (typeof options.getUser !== "function") {
    throw invalidRequest("Expected getUser(request): without it anyone could mint tokens.");
  }
  if (typeof options.createRequest !== "function") {
    throw invalidRequest("Expected createRequest({ user, body, request }).");
  }
}

/** Exact, so that what an HTML form can send is never taken for JSON. */
function saysJson(request: Request): boolean {
  const [mediaType = ""] = (request.headers.get("content-type") ?? "").split(";");
  return mediaType.trim().toLowerCase() === "application/json";
}

function refuseAndReport<User>(
  word: ConnectTokenRefusal,
  error: unknown,
  { onError }: ConnectTokenHandlerOptions<User>,
): Response {
  void report(error, onError);
  return refuse(word);
}

/** Not awaited, and never in the way of the answer. */
async function report(
  error: unknown,
  onError: ((error: unknown) => void | Promise<void>) | undefined,
): Promise<void> {
  try {
    await onError?.(error);
  } catch {
    // A logger that fails is the partner's to notice; the member still gets an answer.
  }
}

const refuse = (word: ConnectTokenRefusal, headers?: Record<string, string>) =>
  json(REFUSALS[word], { error: word }, headers);

function json(status: number, body: object, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store", ...headers },
  });
}

function withoutStore(response: Response): Response {
  const copy = new Response(response.body, response);
  copy.headers.set("cache-control", "no-store");
  return copy;
}
