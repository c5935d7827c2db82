import { TOKEN_ANSWER } from "../../contract.js";
import { isResponse } from "../../core/isResponse.js";
import { BenjiApiError, type BenjiApiErrorCode, invalidRequest } from "../client/apiError.js";
import { createBenjiClient } from "../client/benjiClient.js";
import type { BenjiApiOptions } from "../client/callBenji.js";
import { ownField } from "../jsonObject.js";
import { parseOrigins } from "./origins.js";
import {
  createRoute,
  Refusal,
  type RouteContext,
  type RouteOptions,
  type RouteRefusal,
} from "./route.js";
import { bindState } from "./stateCookie.js";
import type { ConnectTokenInput } from "../client/tokenInput.js";

/** What the partner decides a token from. Nothing of `body` reaches Benji by itself. */
export type ConnectTokenContext<User> = RouteContext<User>;

/** Options of {@link createConnectTokenHandler}. */
export interface ConnectTokenHandlerOptions<User> extends BenjiApiOptions, RouteOptions<User> {
  /**
   * Decides on the server what the token is for: mode, amounts, whose account. A `Response` refuses;
   * it is passed on with `Cache-Control: no-store`.
   */
  createRequest: (
    context: ConnectTokenContext<User>,
  ) => ConnectTokenInput | Response | Promise<ConnectTokenInput | Response>;
}

const REFUSAL_OF_API_ERROR: Record<BenjiApiErrorCode, RouteRefusal> = {
  invalid_request: "internal_error",
  api_unreachable: "benji_unavailable",
  api_timeout: "benji_timeout",
  not_found: "benji_rejected",
  api_rejected: "benji_rejected",
  api_failed: "benji_unavailable",
  api_malformed: "benji_malformed",
  aborted: "aborted",
};

/**
 * The route that `fetchConnectToken` calls: `Request` in, `Response` out, on any runtime with `fetch`.
 *
 * Takes POST with a JSON object of at most 16 kB from the partner's own pages, and answers
 * `200 { token, connect_url }` or `{ error: word }` (see {@link RouteRefusal}), always with
 * `Cache-Control: no-store`. The answer binds the request's state to the browser with a cookie, for
 * {@link createConfirmHandler}. Benji's text and the key stay here; nothing is logged unless
 * `onError` does it. The timeout is 10 000 ms unless `timeoutMs` says otherwise.
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
export function createConnectTokenHandler<User>(
  options: ConnectTokenHandlerOptions<User>,
): (request: Request) => Promise<Response> {
  const { createConnectToken } = createBenjiClient(options);
  if (typeof options.createRequest !== "function") {
    throw invalidRequest("Expected createRequest({ user, body, request }).");
  }
  const { ownOrigin } = parseOrigins(options);
  return createRoute(options, async (context) => {
    const { body, request } = context;
    const input = await options.createRequest(context);
    // A copy: theirs may be closed to new headers, or answer again.
    if (isResponse(input)) return new Response(input.clone().body, input);
    const { signal } = request;
    const { token, connectUrl } = await createConnectToken(input, { signal }).catch(refuseFor);
    const response = Response.json({
      [TOKEN_ANSWER.token]: token,
      [TOKEN_ANSWER.connectUrl]: connectUrl,
    });
    for (const cookie of await bindState(ownField(body, "state"), request, ownOrigin(request)))
      response.headers.append("set-cookie", cookie);
    return response;
  });
}

function refuseFor(error: unknown): never {
  if (!(error instanceof BenjiApiError)) throw error;
  throw new Refusal(REFUSAL_OF_API_ERROR[error.code], { error });
}
