import { REFUSALS, type RouteRefusal } from "./refusal.js";

/**
 * The error that `onError` receives for a request that a route refused with 4xx. It has its own class,
 * so that a log can omit what any visitor can cause. It contains no key, token, cookie or body.
 */
export class BenjiRefusedRequest extends Error {
  override name = "BenjiRefusedRequest";

  constructor(
    /** The code that the browser received. */
    readonly refusal: RouteRefusal,
    reason: string,
  ) {
    super(`${refusal}: ${reason}`);
  }

  get httpStatus(): number {
    return REFUSALS[this.refusal];
  }
}

/** The reasons for refusals without an error of their own. */
const REASONS: Partial<Record<RouteRefusal, string>> = {
  invalid_json: "Expected a JSON object in UTF-8 as body. Send JSON.stringify(request).",
  invalid_claim:
    "Expected the claim as the hook gives it to confirm, with a known status and a state of ours.",
  unauthenticated:
    "Expected getUser to answer a user; it answered nobody. Was the session's cookie sent?",
  cross_site: "Expected a request of your own pages, by Sec-Fetch-Site and Origin.",
  state_not_bound:
    "Expected the cookie of the token route for this state and user. " +
    "Do both routes share apiKey or stateSecret, and is it sent?",
  method_not_allowed: "Expected POST.",
  body_too_slow: "Expected the whole body within bodyTimeoutMs.",
  body_too_large: "Expected a body of at most 16 kB.",
  unsupported_media_type: "Expected content-type: application/json; another one, or none, came.",
  not_confirmed: "isConfirmed said no, or the return carries an error.",
  claim_conflict: "Another claim on the same state came first.",
  too_many_requests: "isRateLimited said so.",
  too_many_flows: "Five flows are under way, and this one was only a prefetch.",
};

/** Makes the error for a refusal that is the request's fault (4xx); `undefined` for any other. */
export function refusedRequest(
  code: RouteRefusal,
  reported: { error: unknown } | undefined,
  request: Request,
): BenjiRefusedRequest | undefined {
  if (REFUSALS[code] >= 500) return undefined;
  const message = reported?.error instanceof Error ? reported.error.message : REASONS[code];
  return new BenjiRefusedRequest(code, `${message ?? "Refused."}${originsOf(code, request)}`);
}

/** Names the origins of the page and of the route. The rest of both addresses may contain anything. */
function originsOf(code: RouteRefusal, { headers, url }: Request): string {
  if (code !== "cross_site") return "";
  const origin = headers.get("origin") ?? "";
  const came = /^[\w+.-]{1,40}:\/\/[\w.:[\]-]{1,255}$/.test(origin) ? origin : "no origin";
  return ` The page is on ${came}, and this route on ${new URL(url).origin}.`;
}
