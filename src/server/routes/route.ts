import { invalidRequest } from "../client/apiError.js";
import { isJsonObject, type JsonObject } from "../jsonObject.js";
import { type Origins, type OriginOptions, parseOrigins } from "./origins.js";
import { parseTimeout } from "../deadline.js";
import { ALREADY_READ, DEFAULT_BODY_TIMEOUT_MS, readJsonBody } from "../readJsonBody.js";

/** What every route for the partner's own pages asks. */
export interface RouteOptions<User> extends OriginOptions {
  /**
   * The signed-in user, from your session; `null` or `undefined` answers 401. Required. The body of
   * the request has been read by then.
   */
  getUser: (request: Request) => User | null | undefined | Promise<User | null | undefined>;
  /** Your rate limiter: `true` answers 429. Asked once the user is known. */
  isRateLimited?: (context: { user: User; request: Request }) => boolean | Promise<boolean>;
  /** Hears every failure: a `BenjiApiError` (no key inside), what your own functions threw, or that the
   * body was read before it came here. */
  onError?: (error: unknown) => void | Promise<void>;
  /** Milliseconds until the request's whole body must be there; then 408. Default 10 000. */
  bodyTimeoutMs?: number | undefined;
}

/** A request that has passed the door. */
export interface RouteContext<User> {
  /** The answer of `getUser`: the one thing here that can be trusted. */
  user: User;
  /** The browser's JSON object, unchecked: a wish. */
  body: JsonObject;
  /** The request; its body has been read. */
  request: Request;
}

/**
 * The machine words of a route's own refusals: the body is `{ "error": word }`. A `Response` of the
 * partner's may say something else.
 */
export type RouteRefusal = keyof typeof REFUSALS;

/** Each refusal has one HTTP status. */
const REFUSALS = {
  invalid_json: 400,
  invalid_claim: 400,
  unauthenticated: 401,
  cross_site: 403,
  state_not_bound: 403,
  method_not_allowed: 405,
  body_too_slow: 408,
  claim_conflict: 409,
  body_too_large: 413,
  unsupported_media_type: 415,
  too_many_requests: 429,
  internal_error: 500,
  body_already_read: 500,
  benji_rejected: 502,
  benji_unavailable: 502,
  benji_malformed: 502,
  aborted: 503,
  benji_timeout: 504,
} as const;

/** A refusal on its way out, with what `onError` is to hear. */
export class Refusal extends Error {
  constructor(
    readonly word: RouteRefusal,
    readonly reported?: { error: unknown },
  ) {
    super(word);
  }
}

const MAX_BODY_BYTES = 16 * 1024;

/**
 * A route that only the partner's own pages may call: POST, JSON, a signed-in user, never cached.
 * `answer` makes a new Response, because headers are added to it: never one of the partner's.
 *
 * @throws BenjiApiError `invalid_request` for options that cannot work
 */
export function createRoute<User>(
  options: RouteOptions<User>,
  answer: (context: RouteContext<User>) => Promise<Response>,
): (request: Request) => Promise<Response> {
  if (typeof options.getUser !== "function") {
    throw invalidRequest("Expected getUser(request): without it anyone could ask.");
  }
  const origins = parseOrigins(options);
  const bodyTimeoutMs = parseTimeout(
    options.bodyTimeoutMs ?? DEFAULT_BODY_TIMEOUT_MS,
    "bodyTimeoutMs",
  );
  return async (request) => {
    try {
      if (request.method === "OPTIONS") return answerPreflight(request, origins);
      const context = await passDoor(request, origins, { ...options, bodyTimeoutMs });
      return finish(await answer(context), request, origins);
    } catch (error) {
      const { word, reported } = asRefusal(error);
      if (reported) void report(reported.error, options.onError);
      return finish(refuse(word), request, origins);
    }
  };
}

async function passDoor<User>(
  request: Request,
  origins: Origins,
  { getUser, isRateLimited, bodyTimeoutMs }: RouteOptions<User>,
): Promise<RouteContext<User>> {
  if (request.method !== "POST") throw new Refusal("method_not_allowed");
  if (!origins.isOwnPage(request)) throw new Refusal("cross_site");
  if (!saysJson(request)) throw new Refusal("unsupported_media_type");

  const body = await readObject(request, bodyTimeoutMs);
  const user = await getUser(request);
  if (user === null || user === undefined) throw new Refusal("unauthenticated");
  if (await isRateLimited?.({ user, request })) throw new Refusal("too_many_requests");
  return { user, body, request };
}

async function readObject(request: Request, timeoutMs: number | undefined): Promise<JsonObject> {
  const body = await readJsonBody(request, { maxBytes: MAX_BODY_BYTES, timeoutMs });
  switch (body.status) {
    case "json":
      if (isJsonObject(body.value)) return body.value;
      throw new Refusal("invalid_json");
    case "too_large":
      throw new Refusal("body_too_large");
    case "too_slow":
      throw new Refusal("body_too_slow");
    case "already_read":
      throw new Refusal("body_already_read", { error: new TypeError(ALREADY_READ) });
    case "not_json":
    case "broken":
      throw new Refusal("invalid_json");
    default:
      return body satisfies never;
  }
}

/** Exact, so that what an HTML form can send is never taken for JSON. */
function saysJson(request: Request): boolean {
  const [mediaType = ""] = (request.headers.get("content-type") ?? "").split(";");
  return mediaType.trim().toLowerCase() === "application/json";
}

function answerPreflight(request: Request, origins: Origins): Response {
  const headers = origins.corsHeaders(request);
  if (!headers) return finish(refuse("method_not_allowed"), request, origins);
  return new Response(null, {
    status: 204,
    headers: {
      ...headers,
      "access-control-allow-methods": "POST",
      "access-control-allow-headers": "content-type",
      "access-control-max-age": "600",
    },
  });
}

/** Nothing of a route may be stored, and only a named origin may read it from elsewhere. */
function finish(response: Response, request: Request, origins: Origins): Response {
  response.headers.set("cache-control", "no-store");
  for (const [name, value] of Object.entries(origins.corsHeaders(request) ?? {}))
    response.headers.set(name, value);
  return response;
}

const asRefusal = (error: unknown): Refusal =>
  error instanceof Refusal ? error : new Refusal("internal_error", { error });

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

function refuse(word: RouteRefusal): Response {
  const headers = word === "method_not_allowed" ? { allow: "POST" } : undefined;
  return Response.json({ error: word }, { status: REFUSALS[word], ...(headers && { headers }) });
}
