import { BenjiApiError, type BenjiApiErrorCode } from "../client/apiError.js";

/**
 * The codes of a route's own refusals: the body is `{ "error": code }`. A `Response` of the partner's
 * may have another body.
 */
export type RouteRefusal = keyof typeof REFUSALS;

export const REFUSALS = {
  invalid_json: 400,
  invalid_claim: 400,
  unauthenticated: 401,
  cross_site: 403,
  state_not_bound: 403,
  method_not_allowed: 405,
  body_too_slow: 408,
  not_confirmed: 409,
  claim_conflict: 409,
  body_too_large: 413,
  unsupported_media_type: 415,
  too_many_requests: 429,
  too_many_flows: 429,
  internal_error: 500,
  body_already_read: 500,
  benji_rejected: 502,
  benji_unavailable: 502,
  benji_malformed: 502,
  aborted: 503,
  confirm_timeout: 503,
  benji_timeout: 504,
} as const;

/** Thrown to refuse a request; `reported` holds the error for `onError`. */
export class Refusal extends Error {
  constructor(
    readonly code: RouteRefusal,
    readonly reported?: { error: unknown },
  ) {
    super(code);
  }
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

/** Throws the refusal for a failed call to Benji; any other error is thrown again. */
export function refuseFor(error: unknown): never {
  if (!(error instanceof BenjiApiError)) throw error;
  throw new Refusal(REFUSAL_OF_API_ERROR[error.code], { error });
}
