/**
 * Why a webhook is not taken. Each has a heading in `docs/errors.md`.
 *
 * - `invalid_request`: your side: no salt, or an option that cannot work.
 * - `signature_missing`: no `x-benji-signature`.
 * - `signature_malformed`: it is neither hex nor base64 of 32 bytes, or it came twice.
 * - `signature_wrong`: none of your salts signed this timestamp and body.
 * - `date_missing`: no `x-benji-timestamp` (with `signed: "body"`: no `x-webhook-datetime`).
 * - `date_malformed`: it is no GMT date in a spelling that is known, or it came twice.
 * - `date_out_of_window`: further from now than `toleranceMs`.
 * - `replayed`: your `seen` knows the signature.
 * - `body_already_read`: your side: something read the body before.
 * - `body_too_large`: more than 64 kB.
 * - `body_too_slow`: not complete within `bodyTimeoutMs`.
 * - `body_malformed`: rightly signed, but no JSON object with an `event`; or the body broke off.
 */
export type BenjiWebhookErrorCode =
  | "invalid_request"
  | "signature_missing"
  | "signature_malformed"
  | "signature_wrong"
  | "date_missing"
  | "date_malformed"
  | "date_out_of_window"
  | "replayed"
  | "body_already_read"
  | "body_too_large"
  | "body_too_slow"
  | "body_malformed";

/** Each refusal has one HTTP status to answer with. */
const HTTP_STATUS: Record<BenjiWebhookErrorCode, number> = {
  invalid_request: 500,
  signature_missing: 401,
  signature_malformed: 400,
  signature_wrong: 401,
  date_missing: 400,
  date_malformed: 400,
  date_out_of_window: 400,
  replayed: 409,
  body_already_read: 500,
  body_too_large: 413,
  body_too_slow: 408,
  body_malformed: 400,
};

/**
 * A webhook that was not taken, with a stable `code`. Its message says what was expected, what came
 * and what to check, and never carries the salt, the signature or the body: it may be logged.
 *
 * Compare `error.code`, not `instanceof`: the ESM and CJS builds hold different classes.
 *
 * @example
 * ```ts
 * import type { BenjiWebhookError } from "react-benji-connect/server";
 *
 * const refuse = ({ code, httpStatus }: BenjiWebhookError) =>
 *   Response.json({ error: code }, { status: httpStatus });
 * ```
 */
export class BenjiWebhookError extends Error {
  /** Stable, for machines. */
  readonly code: BenjiWebhookErrorCode;
  /** What to answer the sender with: 400, 401, 408, 409, 413, or 500 where the fault is yours. */
  readonly httpStatus: number;

  constructor(code: BenjiWebhookErrorCode, message: string) {
    super(message);
    this.name = "BenjiWebhookError";
    this.code = code;
    this.httpStatus = HTTP_STATUS[code];
  }
}
