/**
 * Why a webhook is refused. Each code has a heading in `docs/errors.md`.
 *
 * - `invalid_request`: a fault on your side: no salt, or an option that cannot work.
 * - `signature_missing`: no `x-benji-signature`.
 * - `signature_malformed`: the signature is neither hex nor base64 of 32 bytes, or its header came twice.
 * - `signature_wrong`: the signature of this timestamp and body was made with none of your salts (the secrets of your webhooks).
 * - `date_missing`: no `x-benji-timestamp` (with `signed: "body"`: no `x-webhook-datetime`).
 * - `date_malformed`: the date is not in a known GMT format, or its header came twice.
 * - `date_out_of_window`: the date is further from now than `toleranceMs`.
 * - `replayed`: your option `seen` returned `true`, so this webhook has come before.
 * - `body_already_read`: a fault on your side: something read the body before.
 * - `body_too_large`: more than 64 kB.
 * - `body_too_slow`: not complete within `bodyTimeoutMs`.
 * - `body_malformed`: correctly signed, but no JSON object with an `event`; or the body was cut off.
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
 * A webhook that was refused, with a stable `code`. Its message names what was expected, what came and
 * what to check, and never the salt, the signature or the body: it may be logged.
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
  /** Never changes its meaning: compare this, not the message. */
  readonly code: BenjiWebhookErrorCode;
  /** The HTTP status for your answer: 400, 401, 408, 409, 413, or 500 where the fault is yours. */
  readonly httpStatus: number;

  constructor(code: BenjiWebhookErrorCode, message: string) {
    super(message);
    this.name = "BenjiWebhookError";
    this.code = code;
    this.httpStatus = HTTP_STATUS[code];
  }
}

/** Makes the error for options that cannot work. */
export const invalidOptions = (message: string): BenjiWebhookError =>
  new BenjiWebhookError("invalid_request", message);
