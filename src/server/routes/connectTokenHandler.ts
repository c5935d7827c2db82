import { TOKEN_ANSWER } from "../../contract.js";
import { isResponse } from "../../core/isResponse.js";
import { invalidRequest } from "../client/apiError.js";
import { createBenjiClient } from "../client/benjiClient.js";
import type { BenjiApiOptions } from "../client/callBenji.js";
import { inTime } from "../deadline.js";
import { type JsonObject, ownField } from "../jsonObject.js";
import { got, ownOptions } from "../options.js";
import { refuseFor } from "./refusal.js";
import { createRoute, type RouteContext, type RouteOptions } from "./route.js";
import { parseApiKeys, parseSigningKeys, type SigningOptions } from "./signingKeys.js";
import { appBinding, isState, parseLifetime, stateCookies } from "./stateCookie.js";
import type { ConnectTokenInput } from "../client/tokenInput.js";

/** The argument of `createRequest`. Nothing of `body` reaches Benji by itself. */
export type ConnectTokenContext<User> = RouteContext<User>;

/** Options of {@link createConnectTokenHandler}. */
export interface ConnectTokenHandlerOptions<User, Host = unknown>
  extends Omit<BenjiApiOptions, "apiKey">,
    RouteOptions<User, Host> {
  /**
   * The partner API key (Pilot, Developer page). A server secret. In a list the first key is used to
   * call Benji; the others only verify the cookies of flows that began before the key was replaced.
   */
  apiKey: string | readonly string[];
  /**
   * The secret that signs the state's cookie. Default: a key from `apiKey`. Both routes need the same one.
   */
  stateSecret?: SigningOptions["stateSecret"] | undefined;
  /**
   * Milliseconds within which a flow can be confirmed: one minute to 24 hours. Default one hour. Set
   * the browser's option `lifetimeMs` to the same.
   */
  lifetimeMs?: number | undefined;
  /**
   * Decides on the server what the token is for: mode, amounts, whose account. Return a `Response` to
   * refuse; it is sent with `Cache-Control: no-store`.
   */
  createRequest: (
    context: ConnectTokenContext<User>,
  ) => ConnectTokenInput | Response | Promise<ConnectTokenInput | Response>;
}

/**
 * Creates the route that `fetchConnectToken` calls: `Request` in, `Response` out, on any runtime with
 * `fetch`.
 *
 * The route takes POST with a JSON object of at most 16 kB from the partner's own pages, and answers
 * `200 { token, connect_url }` or `{ error: code }` (see `RouteRefusal`), always with
 * `Cache-Control: no-store`. A cookie binds the request's state to the browser, for
 * {@link createConfirmHandler}. Benji's text and the key stay on the server; outside development only
 * `onError` can log. Default of `timeoutMs`: 10 000.
 *
 * @throws BenjiApiError `invalid_request`, at construction, for options that cannot work
 * @see docs/contract.md, "Tokens": `POST /auth/connect`
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
export function createConnectTokenHandler<User, Host = unknown>(
  given: ConnectTokenHandlerOptions<User, Host>,
): (request: Request, host?: Host) => Promise<Response> {
  const options = ownOptions(given);
  const { createRequest } = options;
  const [apiKey] = parseApiKeys(options.apiKey);
  const { createConnectToken } = createBenjiClient({ ...options, apiKey });
  if (typeof createRequest !== "function") {
    throw invalidRequest(
      `Expected createRequest({ user, body, request }) as a function; ${got(createRequest)}.`,
    );
  }
  const signingKeys = parseSigningKeys(options);
  const lifetimeMs = parseLifetime(options.lifetimeMs);

  return createRoute(options, async (context, { userId, caller, isOnPlainHttp }) => {
    const { body, request } = context;
    const wanted = await inTime(createRequest(context), "createRequest");
    // Returns a copy: the partner's response may have immutable headers, or be returned again.
    if (isResponse(wanted)) return new Response(wanted.clone().body, wanted);
    const input = ownOptions(wanted, "createRequest's answer { partnershipId, mode, … }");
    const [startedAt, state] = [Date.now(), ownField(body, "state")];
    const cookies = stateCookies(request, isOnPlainHttp, signingKeys);
    const hasCookie = isState(state) && caller === "page";
    // Room for the cookie is made before Benji is called: a prefetch that is refused costs no token.
    const cleared = hasCookie ? await cookies.makeRoom(readPrefetch(body)) : [];
    const { signal } = request;
    const { token, connectUrl } = await createConnectToken(input, { signal }).catch(refuseFor);
    const answer = { [TOKEN_ANSWER.token]: token, [TOKEN_ANSWER.connectUrl]: connectUrl };
    if (!isState(state)) return Response.json(answer);
    const start = { state, startedAt, lifetimeMs, userId, input };
    if (caller === "app") {
      return Response.json({ ...answer, binding: await appBinding(signingKeys).create(start) });
    }
    const response = Response.json(answer);
    const bound = await cookies.bind(start);
    for (const cookie of [...cleared, bound]) response.headers.append("set-cookie", cookie);
    return response;
  });
}

/** Whether a flow is prepared before a click, and which earlier prepared flow it replaces. */
const readPrefetch = (body: JsonObject) => ({
  isPrefetch: ownField(body, "prefetch") === true,
  replaces: ownField(body, "replaces"),
});
