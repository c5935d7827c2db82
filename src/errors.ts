/** The codes of all failures on the way to Benji's page, and in `confirm` after the return. */
export type BenjiConnectErrorCode =
  | "storage_unavailable"
  | "crypto_unavailable"
  | "invalid_request"
  | "token_fetch_failed"
  | "token_timeout"
  | "token_malformed"
  | "connect_url_missing"
  | "connect_url_untrusted"
  | "url_too_long"
  | "navigation_blocked"
  | "aborted"
  | "confirm_failed"
  | "confirm_pending"
  | "unauthenticated";

interface ErrorFacts {
  cause?: unknown;
  httpStatus?: number;
}

/**
 * A failure with a stable `code`. Its message names the fault and the heading in `docs/errors.md`
 * that says what to do. The message never contains a token, a key or a state.
 *
 * Compare `error.code`, not `instanceof`: the ESM and CJS builds hold different classes.
 *
 * @example
 * ```ts
 * import type { BenjiConnectError } from "react-benji-connect";
 *
 * const canRetry = (error: BenjiConnectError) =>
 *   error.code === "token_timeout" || error.code === "token_fetch_failed";
 * ```
 */
export class BenjiConnectError extends Error {
  override name = "BenjiConnectError";
  /** Stable in all versions. Each code has a heading in `docs/errors.md`. */
  readonly code: BenjiConnectErrorCode;
  /** The HTTP status of the partner's route, if its response caused the failure. */
  readonly httpStatus?: number | undefined;

  constructor(code: BenjiConnectErrorCode, detail = "", facts: ErrorFacts = {}) {
    super(
      `${code}${detail && `: ${detail}`}. See react-benji-connect/docs/errors.md#${code}`,
      facts,
    );
    this.code = code;
    this.httpStatus = facts.httpStatus;
  }
}
