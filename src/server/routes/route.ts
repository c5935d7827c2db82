import { invalidRequest } from "../client/apiError.js";
import { isJsonObject, type JsonObject, ownField } from "../jsonObject.js";
import { withoutCookies } from "./appCallers.js";
import { type Caller, type Origins, type OriginOptions, parseOrigins } from "./origins.js";
import { inTime, parseTimeout } from "../deadline.js";
import { checkKinds, got } from "../options.js";
import { Refusal, REFUSALS, type RouteRefusal } from "./refusal.js";
import { refusedRequest } from "./refusedRequest.js";
import { report } from "../report.js";
import {
  ALREADY_READ,
  type BodyLimits,
  DEFAULT_BODY_TIMEOUT_MS,
  readJsonBody,
} from "../readJsonBody.js";

// The steps of both routes (token, confirm): method, origin, JSON, user, rate limit, headers.

/** What `getUser` may return where nobody is signed in: anything falsy. */
type Nobody = null | undefined | false | "" | 0;

/** Options of every route for the partner's own pages. */
export interface RouteOptions<User, Host = unknown> extends OriginOptions {
  /**
   * Returns the signed-in user of your session; for a falsy value the route answers 401. Required. The
   * body of the request has been read by then. `host` is the second argument that your server gave to
   * the handler, such as the framework's own request, to which the session may be attached.
   */
  getUser: (request: Request, host: Host) => User | Nobody | Promise<User | Nobody>;
  /**
   * Returns text or a number that identifies the user and never changes: the visit to Benji is bound to
   * it. Default: the user itself, where it is text or a number, or its own field `id`.
   */
  userId?: ((user: User) => string | number) | undefined;
  /** Your rate limiter: for `true` the route answers 429. Called after `getUser`. */
  isRateLimited?:
    | ((context: { user: User; request: Request }) => boolean | Promise<boolean>)
    | undefined;
  /**
   * Called with every failure: a `BenjiApiError` (without the key), an error of your own functions, a
   * `TypeError` where the body was read before, and a `BenjiRefusedRequest` for each request that the
   * route refuses with 4xx (not for OPTIONS, and not for a `Response` of your own). Without this option, errors go to `console.warn`, only where `NODE_ENV` is
   * `development`.
   */
  onError?: ((error: unknown) => void | Promise<void>) | undefined;
  /** Milliseconds until the request's whole body must be there; then 408. Default 10 000. */
  bodyTimeoutMs?: number | undefined;
}

/** The context of a request that has passed all checks. */
export interface RouteContext<User> {
  /** The user that `getUser` returned: only this can be trusted. */
  user: User;
  /** The JSON object that the browser sent. Not checked: anybody can write it. */
  body: JsonObject;
  /** The request; its body has been read. An app's request has no cookies (`appHeader`). */
  request: Request;
}

/** Who sent the request, and whether over plain http: both decide how a flow is bound to the sender. */
export interface Passed {
  userId: string;
  caller: Caller;
  isOnPlainHttp: boolean;
}

const MAX_BODY_BYTES = 16 * 1024;

/**
 * Creates a route that only the partner's own pages may call: POST, JSON, a signed-in user, never
 * cached. `answer` must return a new Response, not one of the partner's, because headers are added to
 * it. `options` come from `ownOptions`.
 *
 * @throws BenjiApiError `invalid_request` for options that cannot work
 */
export function createRoute<User, Host>(
  options: RouteOptions<User, Host>,
  answer: (context: RouteContext<User>, passed: Passed) => Promise<Response>,
): (request: Request, host?: Host) => Promise<Response> {
  const { getUser, bodyTimeoutMs: timeoutMs = DEFAULT_BODY_TIMEOUT_MS } = options;
  if (typeof getUser !== "function") {
    throw invalidRequest(
      `Expected getUser(request), without which anyone could ask; ${got(getUser)}.`,
    );
  }
  checkKinds(options, { userId: "function", isRateLimited: "function", onError: "function" });
  const origins = parseOrigins(options);
  const bodyTimeoutMs = parseTimeout(timeoutMs, "bodyTimeoutMs");
  return async (request, host) => {
    try {
      if (request.method === "OPTIONS") return answerPreflight(request, origins);
      const caller = admit(request, origins);
      const body = await readObject(request, { timeoutMs: bodyTimeoutMs, host });
      const isApp = caller === "app";
      const seen = isApp ? withoutCookies(request) : request;
      const user = await authenticate(seen, (isApp ? undefined : host) as Host, options);
      const userId = readUserId(user, options.userId);
      const passed = { userId, caller, isOnPlainHttp: origins.isOnPlainHttp(request) };
      return finish(await answer({ user, body, request: seen }, passed), request, origins);
    } catch (error) {
      const { code, reported } = asRefusal(error);
      const reportedError = refusedRequest(code, reported, request) ?? reported?.error;
      if (reportedError !== undefined) void report(reportedError, options.onError);
      return finish(refuse(code), request, origins);
    }
  };
}

function admit(request: Request, origins: Origins): Caller {
  if (request.method !== "POST") throw new Refusal("method_not_allowed");
  const caller = origins.callerOf(request);
  if (!saysJson(request)) throw new Refusal("unsupported_media_type");
  return caller;
}

async function authenticate<User, Host>(
  request: Request,
  host: Host,
  { getUser, isRateLimited }: RouteOptions<User, Host>,
): Promise<User> {
  const user = await inTime(getUser(request, host), "getUser");
  if (!user) throw new Refusal("unauthenticated");
  const isLimited =
    isRateLimited && (await inTime(isRateLimited({ user, request }), "isRateLimited"));
  if (isLimited) throw new Refusal("too_many_requests");
  return user;
}

function readUserId<User>(user: User, userId: RouteOptions<User>["userId"]): string {
  const id: unknown = userId
    ? userId(user)
    : typeof user === "object"
      ? ownField(user, "id")
      : user;
  if ((typeof id === "string" && id !== "") || Number.isFinite(id)) return String(id);
  throw new TypeError(
    userId
      ? "Expected userId(user) to answer non-empty text or a number, and no promise."
      : "Expected getUser to answer text, a number or an object with its own id as one of the two. " +
        "For any other user say which it is: userId: (user) => user.accountNumber",
  );
}

async function readObject(
  request: Request,
  how: Omit<BodyLimits, "maxBytes">,
): Promise<JsonObject> {
  const body = await readJsonBody(request, { maxBytes: MAX_BODY_BYTES, ...how });
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

/** Compares the media type exactly, so that an HTML form's body is never taken for JSON. */
function saysJson(request: Request): boolean {
  const [mediaType = ""] = (request.headers.get("content-type") ?? "").split(";");
  return mediaType.trim().toLowerCase() === "application/json";
}

const ASKED_HEADERS = "access-control-request-headers";

function answerPreflight(request: Request, origins: Origins): Response {
  const headers = origins.corsHeaders(request);
  if (!headers) return finish(refuse("method_not_allowed"), request, origins);
  // Allows every header that the browser asks for: the partner has listed this origin, and the names of
  // CSRF and tracing headers differ by vendor.
  const asked = request.headers.get(ASKED_HEADERS) ?? "content-type";
  const allowed = new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-methods": "POST",
      "access-control-allow-headers": asked,
      "access-control-max-age": "600",
    },
  });
  const response = finish(allowed, request, origins);
  response.headers.append("vary", ASKED_HEADERS);
  return response;
}

/**
 * Adds the headers that every answer needs: no cache may store it, and of other origins only a listed
 * one may read it.
 */
function finish(response: Response, request: Request, origins: Origins): Response {
  response.headers.set("cache-control", "no-store");
  if (!origins.hasOthers) return response;
  response.headers.append("vary", "origin");
  for (const [name, value] of Object.entries(origins.corsHeaders(request) ?? {}))
    response.headers.set(name, value);
  return response;
}

const asRefusal = (error: unknown): Refusal =>
  error instanceof Refusal ? error : new Refusal("internal_error", { error });

function refuse(code: RouteRefusal): Response {
  const headers = code === "method_not_allowed" ? { allow: "POST" } : undefined;
  return Response.json({ error: code }, { status: REFUSALS[code], ...(headers && { headers }) });
}
