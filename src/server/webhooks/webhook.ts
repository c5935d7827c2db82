import { WEBHOOK } from "../../contract.js";
import { isJsonObject, ownField, type JsonObject } from "../jsonObject.js";
import { BenjiWebhookError } from "./webhookError.js";
import { checkSalt, decodeSignature, isSignedWith, toHex } from "./webhookSignature.js";

/** The events Benji documents. Others may come. */
export type BenjiWebhookEventName = (typeof WEBHOOK.events)[number];

/** What every webhook says. */
export interface BenjiWebhook<Event extends string> {
  /** What happened. */
  event: Event;
  /** What kind of thing it happened to, from `entity` or else `entity_type`; a number becomes text. */
  entityType?: string;
  /** Benji's id of that thing, from `entity_id`; a number becomes text, digit for digit. */
  entityId?: string;
  /** The whole JSON object, untouched. Its other fields are Benji's, and unchecked. */
  body: JsonObject;
}

/**
 * A webhook that Benji signed: one of the documented events, or another one, passed through.
 *
 * The documented body carries no state and no user of yours: which member and which flow it belongs
 * to is yours to find out, by `entityId`.
 *
 * @see contract.md, section 4: Webhooks
 */
export type BenjiWebhookEvent =
  | { [Name in BenjiWebhookEventName]: BenjiWebhook<Name> }[BenjiWebhookEventName]
  | BenjiWebhook<string & {}>;

/** Options of {@link verifyWebhook}. */
export interface VerifyWebhookOptions {
  /** The salt of this subscription, a server secret. Its UTF-8 text is the key. Required. */
  salt: string;
  /**
   * How far `x-webhook-datetime` may be from now, in milliseconds, both ways. Default: 300 000 (five
   * minutes). `Infinity` takes any date.
   */
  toleranceMs?: number;
  /**
   * Whether this signature came before; `true` refuses the webhook as `replayed`. Look and remember
   * in one step, such as an insert that fails on a duplicate. Gets 64 lower-case hex characters
   * however the header was written, and is asked once, only after the signature was found right.
   *
   * The signature covers the body alone, so two honest webhooks with the same body have the same
   * signature: use `seen` for events that happen to an entity once. What it throws comes through.
   */
  seen?: (signature: string) => boolean | Promise<boolean>;
  /** The time in milliseconds since 1970. Default: `Date.now`. */
  now?: () => number;
}

const MAX_BODY_BYTES = 64 * 1024;
const FIVE_MINUTES_MS = 5 * 60 * 1000;
// An HTTP date, or ISO 8601 in UTC: "GMT format" is all that the documents say.
const GMT_DATE =
  /^(?:[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT|\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)$/;

/**
 * Proves that Benji signed a webhook, and reads it: `Request` in, event out, on any runtime with
 * WebCrypto.
 *
 * `x-benji-signature` must be the HMAC-SHA256 of the raw body (at most 64 kB), keyed with the salt.
 * The text encoding is not documented: hex, base64 and base64url are taken, and compared in constant
 * time. Hand the request over before anything parses it.
 *
 * `x-webhook-datetime` stands **outside** the signature: who replays a webhook can write a new date.
 * Its window filters accidents; against replays there is `seen`.
 *
 * Checked in this order: headers present, size, signature, date, `seen`, JSON.
 *
 * @throws BenjiWebhookError `invalid_request`, `signature_missing`, `signature_malformed`,
 * `signature_wrong`, `date_missing`, `date_malformed`, `date_out_of_window`, `replayed`,
 * `body_too_large` or `body_malformed`
 * @see contract.md, section 4: Webhooks
 *
 * @example
 * ```ts
 * import { verifyWebhook, type BenjiWebhookError } from "react-benji-connect/server";
 *
 * declare function lookAt(transactionId: string | undefined): Promise<void>;
 *
 * export async function POST(request: Request): Promise<Response> {
 *   try {
 *     const salt = process.env["BENJI_WEBHOOK_SALT"] ?? "";
 *     const { event, entityId } = await verifyWebhook(request, { salt });
 *     if (event === "transaction_status_updated") await lookAt(entityId);
 *     return new Response(null, { status: 204 });
 *   } catch (error) {
 *     const { httpStatus = 500 } = error as Partial<BenjiWebhookError>;
 *     return new Response(null, { status: httpStatus });
 *   }
 * }
 * ```
 */
export async function verifyWebhook(
  request: Request,
  options: VerifyWebhookOptions,
): Promise<BenjiWebhookEvent> {
  const { salt, toleranceMs, seen, now } = parseOptions(options);
  refuseUnreadable(request);
  const signatureText = readHeader(request, WEBHOOK.signatureHeader, "signature_missing");
  const dateText = readHeader(request, WEBHOOK.dateHeader, "date_missing");

  const bytes = await readRawBody(request);
  const signature = await proveSignature(signatureText, bytes, salt);
  refuseFarDate(dateText, now(), toleranceMs);
  if (seen) await refuseReplay(signature, seen);
  return parseEvent(parseJson(bytes));
}

const invalid = (message: string) => new BenjiWebhookError("invalid_request", message);
const malformed = (message: string) => new BenjiWebhookError("body_malformed", message);

function parseOptions(options: VerifyWebhookOptions) {
  const { salt, toleranceMs = FIVE_MINUTES_MS, seen, now = Date.now } = options ?? {};
  checkSalt(salt);
  if (typeof toleranceMs !== "number" || !(toleranceMs >= 0)) {
    throw invalid("Expected toleranceMs in milliseconds, 0 or more.");
  }
  if (seen !== undefined && typeof seen !== "function") {
    throw invalid("Expected seen as a function that answers true or false.");
  }
  if (typeof now !== "function") throw invalid("Expected now as a function, such as Date.now.");
  return { salt, toleranceMs, seen, now };
}

function refuseUnreadable(request: Request): void {
  if (typeof request?.headers?.get !== "function") {
    throw invalid("Expected a Request of the Fetch API. See docs/webhooks.md for Express.");
  }
  if (request.bodyUsed || request.body?.locked) {
    throw invalid(
      "Expected a body that nobody has read; it was read before. Verify first, or hand over a clone made before.",
    );
  }
}

function readHeader(
  request: Request,
  name: string,
  missing: "signature_missing" | "date_missing",
): string {
  const value = request.headers.get(name);
  if (value) return value;
  throw new BenjiWebhookError(
    missing,
    `Expected the header ${name}; none came. Check that Benji is the sender and that no proxy drops it.`,
  );
}

async function readRawBody(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(request.headers.get("content-length")) > MAX_BODY_BYTES) throw tooLarge();
  const bytes = new Uint8Array(MAX_BODY_BYTES);
  let size = 0;
  for await (const chunk of chunksOf(request)) {
    // Not cancelled: on Node that would close the socket before the refusal is sent.
    if (size + chunk.byteLength > MAX_BODY_BYTES) throw tooLarge();
    bytes.set(chunk, size);
    size += chunk.byteLength;
  }
  return bytes.subarray(0, size);
}

async function* chunksOf({ body }: Request): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  // What the connection died of may quote the body, so it is not kept as a cause.
  const read = () =>
    reader?.read().catch(() => {
      throw malformed("Expected the whole body; the connection ended before it did.");
    });
  for (let next = await read(); next && !next.done; next = await read()) yield next.value;
}

const tooLarge = () =>
  new BenjiWebhookError(
    "body_too_large",
    `Expected a body of at most ${MAX_BODY_BYTES} bytes; more came. Check that Benji is the sender.`,
  );

/** Returns the signature in the one text that `seen` gets. */
async function proveSignature(
  text: string,
  bytes: Uint8Array<ArrayBuffer>,
  salt: string,
): Promise<string> {
  const signature = decodeSignature(text);
  if (!signature) {
    throw new BenjiWebhookError(
      "signature_malformed",
      `Expected one ${WEBHOOK.signatureHeader}, hex or base64 of 32 bytes; ${text.length} other characters came. ` +
        "Check that it is not sent twice and that no proxy rewrites it.",
    );
  }
  if (await isSignedWith(salt, signature, bytes)) return toHex(signature);
  throw new BenjiWebhookError(
    "signature_wrong",
    `Expected ${WEBHOOK.signatureHeader} to be the HMAC-SHA256 of the ${bytes.byteLength} bytes that came. ` +
      "Check that the salt is the one of this subscription, without a line break at its end, " +
      "and that nothing parsed or re-encoded the body before.",
  );
}

function refuseFarDate(text: string, now: number, toleranceMs: number): void {
  const date = GMT_DATE.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(date)) {
    throw new BenjiWebhookError(
      "date_malformed",
      `Expected one ${WEBHOOK.dateHeader} as a GMT date such as "Tue, 05 Dec 2023 21:17:04 GMT"; another text came. ` +
        "Check that it is not sent twice and that no proxy rewrites it.",
    );
  }
  const age = now - date;
  // Asked this way round, a clock that says NaN is refused as well.
  if (Math.abs(age) <= toleranceMs) return;
  throw new BenjiWebhookError(
    "date_out_of_window",
    `Expected ${WEBHOOK.dateHeader} within ${toleranceMs} ms of now; it is ${age} ms old. ` +
      "Check this server's clock, and toleranceMs if webhooks reach you late.",
  );
}

async function refuseReplay(
  signature: string,
  seen: (signature: string) => boolean | Promise<boolean>,
): Promise<void> {
  const answer: unknown = await seen(signature);
  if (answer === false) return;
  // A forgotten return must not let every replay in.
  if (answer !== true) throw invalid("Expected seen to answer true or false; another value came.");
  throw new BenjiWebhookError(
    "replayed",
    "Expected a signature that seen does not know; it came before. Check whether it is a repeated delivery.",
  );
}

function parseJson(bytes: Uint8Array): JsonObject {
  const value = parseUtf8Json(bytes);
  if (isJsonObject(value)) return value;
  throw malformed("Expected a JSON object as body; the signature is right, the body is not one.");
}

function parseUtf8Json(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    // The parser's own error quotes the body.
    throw malformed(
      "Expected JSON in UTF-8 as body; the signature is right, the body is not JSON.",
    );
  }
}

function parseEvent(body: JsonObject): BenjiWebhookEvent {
  const event = ownField(body, WEBHOOK.event);
  if (typeof event !== "string" || event === "") {
    throw malformed(`Expected "${WEBHOOK.event}" as non-empty text in the body.`);
  }
  const entityType = readText(body, WEBHOOK.entity) ?? readText(body, WEBHOOK.entityType);
  const entityId = readText(body, WEBHOOK.entityId);
  return {
    event,
    ...(entityType !== undefined && { entityType }),
    ...(entityId !== undefined && { entityId }),
    body,
  };
}

/** Text, or an integer as text. Absent, `null` and `""` are undefined. */
function readText(body: JsonObject, name: string): string | undefined {
  const value = ownField(body, name) ?? "";
  if (typeof value === "string") return value || undefined;
  // A larger number has lost its last digits already: it would name another entity.
  if (typeof value === "number" && Number.isSafeInteger(value)) return String(value);
  throw malformed(`Expected "${name}" as text, or as an integer of at most 2^53 - 1.`);
}
