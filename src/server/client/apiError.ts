/**
 * Everything that can go wrong between the partner's server and Benji's API.
 *
 * - `invalid_request`: the input or the options are wrong; nothing was sent.
 * - `api_unreachable`: no complete answer came (DNS, TLS, connection refused or dropped).
 * - `api_timeout`: no complete answer within `timeoutMs`.
 * - `not_found`: Benji knows nothing under this id (HTTP 404).
 * - `api_rejected`: Benji refused the call (another HTTP 4xx, or a `code` other than `ok`).
 * - `api_failed`: Benji has a failure of its own (HTTP 5xx).
 * - `api_malformed`: an answer that the documents do not describe (HTML, a redirect, no token).
 * - `aborted`: the caller's `signal` aborted the call.
 */
export type BenjiApiErrorCode =
  | "invalid_request"
  | "api_unreachable"
  | "api_timeout"
  | "not_found"
  | "api_rejected"
  | "api_failed"
  | "api_malformed"
  | "aborted";

/** What is known about a failure beside its code; {@link BenjiApiError} explains the fields. */
export interface BenjiApiErrorDetails {
  httpStatus?: number;
  benjiCode?: string;
  /** The underlying error. It never holds the request, its headers or the key. */
  cause?: unknown;
}

const RETRYABLE: readonly BenjiApiErrorCode[] = ["api_unreachable", "api_timeout", "api_failed"];
const TOO_MANY_REQUESTS = 429;

/**
 * A failed call to Benji's API, with a stable `code`. No field of it carries the API key, a token,
 * a member's data or Benji's free text, so it may be logged as it is.
 *
 * Compare `error.code`, not `instanceof`: the ESM and CJS builds hold different classes.
 *
 * @example
 * ```ts
 * import type { BenjiApiError } from "react-benji-connect/server";
 *
 * const describe = (error: BenjiApiError) =>
 *   `${error.code} (HTTP ${error.httpStatus ?? "none"}, ${error.benjiCode ?? "no code"})`;
 * ```
 */
export class BenjiApiError extends Error {
  /** Never changes its meaning: compare this, not the message. */
  readonly code: BenjiApiErrorCode;
  /** HTTP status of Benji's answer; absent where none came. */
  declare readonly httpStatus?: number;
  /**
   * The field `code` of Benji's answer, or else its field `error`: at most 64 letters, digits and
   * underscores; absent where it is anything else or repeats a secret.
   */
  declare readonly benjiCode?: string;
  /**
   * Whether the same call may succeed later, unchanged: unreachable, timeout, HTTP 5xx and 429. The
   * library never retries by itself. After a timeout Benji may have created a token that never arrived.
   */
  readonly retryable: boolean;

  constructor(code: BenjiApiErrorCode, message: string, details: BenjiApiErrorDetails = {}) {
    super(message, "cause" in details ? { cause: details.cause } : undefined);
    this.name = "BenjiApiError";
    this.code = code;
    this.retryable = RETRYABLE.includes(code) || details.httpStatus === TOO_MANY_REQUESTS;
    if (details.httpStatus !== undefined) this.httpStatus = details.httpStatus;
    if (details.benjiCode !== undefined) this.benjiCode = details.benjiCode;
  }
}

/**
 * Makes the error for an input or an option that is refused before anything is sent. The message never
 * quotes the value.
 */
export const invalidRequest = (message: string, details?: BenjiApiErrorDetails): BenjiApiError =>
  new BenjiApiError("invalid_request", message, details);
