/** Everything that can go wrong between the click and Benji's page, and in `confirm`. */
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
  | "confirm_failed";

/**
 * A failure with a stable `code`. Its message says what was expected, what came and what to do,
 * and never carries a token, a key or a state.
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
  /** Stable, for machines. Each code has a heading in `docs/errors.md`. */
  readonly code: BenjiConnectErrorCode;
  /** The HTTP status of the partner's token route, where that is what failed. */
  declare readonly httpStatus?: number;

  constructor(
    code: BenjiConnectErrorCode,
    message: string,
    options?: { cause?: unknown; httpStatus?: number },
  ) {
    super(message, options && "cause" in options ? { cause: options.cause } : undefined);
    this.name = "BenjiConnectError";
    this.code = code;
    if (options?.httpStatus !== undefined) this.httpStatus = options.httpStatus;
  }
}
