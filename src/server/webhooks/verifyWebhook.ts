import { WEBHOOK } from "../../contract.js";
import { isJsonObject, ownField, type JsonObject } from "../jsonObject.js";
import { inTime, parseTimeout } from "../deadline.js";
import { checkKinds, got, ownOptions } from "../options.js";
import { ALREADY_READ, DEFAULT_BODY_TIMEOUT_MS, parseJson, readBody } from "../readJsonBody.js";
import { BenjiWebhookError, invalidOptions } from "./webhookError.js";
import {
  decodeSignature,
  isSignedWith,
  joinSigned,
  parseSalts,
  toHex,
} from "./webhookSignature.js";
import { readUtcDate } from "./utcDate.js";

// Verifies webhooks; the HMAC is in webhookSignature.ts, the route in webhookHandler.ts.

/** Today's name of an event about a user. */
export type BenjiUserEvent = (typeof WEBHOOK.userEvents)[number];
/** Today's names of the events about a transaction. */
export type BenjiTransactionEvent = (typeof WEBHOOK.transactionEvents)[number];
/** Today's names of the events about a campaign. */
export type BenjiCampaignEvent = (typeof WEBHOOK.campaignEvents)[number];

/** The events Benji documents, by today's names and by older ones. Other names may come. */
export type BenjiWebhookEventName =
  | BenjiUserEvent
  | BenjiTransactionEvent
  | BenjiCampaignEvent
  | keyof typeof WEBHOOK.olderEvents;

/** What kind of thing an event is about; a number that Benji does not document comes as text. */
export type BenjiEntityType =
  | (typeof WEBHOOK.entityTypes)[keyof typeof WEBHOOK.entityTypes]
  | (string & {});

/** A webhook that Benji has signed. Only `event` and `body` are always there. */
export interface BenjiWebhook<Event extends string> {
  event: Event;
  /** The kind of thing that the event is about: from `entity`, or from `entity_type`, its older name. */
  entityType?: BenjiEntityType;
  /** Benji's id of that thing, from `entity_id`: a UUID, in older webhooks an integer (here as text). */
  entityId?: string;
  /** The whole JSON object, unchanged. The library checks only the three fields above. */
  body: JsonObject;
}

/**
 * A webhook that Benji signed: one of the documented events, or another one, passed through.
 *
 * The documented body carries no state and no user of yours: find out by `entityId` to which member and
 * which visit to Benji the event belongs.
 *
 * @see docs/contract.md, "Webhooks"
 */
export type BenjiWebhookEvent =
  | { [Name in BenjiWebhookEventName]: BenjiWebhook<Name> }[BenjiWebhookEventName]
  | BenjiWebhook<string & {}>;

/**
 * What a webhook's signature covers: `"timestamp-and-body"` since 2026-01-17, the body alone before.
 */
export type SignedForm = "timestamp-and-body" | "body";

/** Options of {@link verifyWebhook}. */
export interface VerifyWebhookOptions {
  /**
   * The salt of this subscription, a server secret; or a list, where one address receives several
   * subscriptions. Its UTF-8 text is the key. Required.
   */
  salt: string | readonly string[];
  /**
   * How far `x-benji-timestamp` may be from now, in milliseconds, both ways. Default: 300 000 (five
   * minutes). `Infinity` accepts any text of up to 100 characters: then a recorded webhook can be sent
   * again at any time, unless `seen` refuses it.
   */
  toleranceMs?: number | undefined;
  /**
   * What the signature covers. Default: `"timestamp-and-body"`. `"body"` accepts Benji's form until
   * 2026-01-16 **instead**: the body alone, with an unsigned date in `x-webhook-datetime`.
   */
  signed?: SignedForm | undefined;
  /** Milliseconds until the whole body must be there. Default: 10 000. */
  bodyTimeoutMs?: number | undefined;
  /**
   * Returns whether this signature came before; `true` refuses the webhook as `replayed`. Look up and
   * store the signature in one step, such as an insert that fails on a duplicate. The signature is 64
   * lower-case hex characters, whatever the header's encoding. `seen` is called once, only after the
   * signature was verified; `verifyWebhook` rethrows its errors.
   */
  seen?: ((signature: string) => boolean | Promise<boolean>) | undefined;
  /** The time in milliseconds since 1970. Default: `Date.now`. */
  now?: (() => number) | undefined;
}

const MAX_BODY_BYTES = 64 * 1024;
const FIVE_MINUTES_MS = 5 * 60 * 1000;
/** Every usual spelling of a date is shorter. */
const MAX_TIMESTAMP_LENGTH = 100;

/**
 * Verifies that Benji signed a webhook, and returns its event, on any runtime with WebCrypto. To have a
 * function called for each event, use {@link createWebhookHandler}.
 *
 * `x-benji-signature` must be the HMAC-SHA256 of the text of `x-benji-timestamp` followed by the raw
 * body (at most 64 kB), with the salt (Benji's word) as its key. Benji does not document the signature's encoding: hex,
 * base64 and base64url are accepted, and compared in constant time. Pass the request before anything
 * parses it.
 *
 * The timestamp is signed: a webhook that is replayed later than `toleranceMs` is refused. It may be an
 * HTTP date, ISO 8601 in UTC, or seconds or milliseconds since 1970.
 *
 * The checks run in this order: headers present, format of the date, body complete, signature, age,
 * `seen`, JSON.
 *
 * @throws BenjiWebhookError `invalid_request`, `signature_missing`, `signature_malformed`,
 * `signature_wrong`, `date_missing`, `date_malformed`, `date_out_of_window`, `replayed`,
 * `body_already_read`, `body_too_large`, `body_too_slow` or `body_malformed`
 * @see docs/contract.md, "Webhooks"
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
  const { seen, ...how } = parseWebhookOptions(options);
  const { signature, bytes } = await proveWebhook(request, how);
  if (seen) await refuseReplay(signature, seen);
  return readEvent(bytes);
}

const malformed = (message: string) => new BenjiWebhookError("body_malformed", message);

/** Options that have passed their checks. */
export interface WebhookChecks {
  salts: readonly string[];
  toleranceMs: number;
  signed: SignedForm;
  bodyTimeoutMs: number;
  now: () => number;
}

/** @throws BenjiWebhookError `invalid_request` */
export function parseWebhookOptions(
  given: VerifyWebhookOptions,
): WebhookChecks & Pick<VerifyWebhookOptions, "seen"> {
  const options = ownOptions(given, "the options", invalidOptions);
  const {
    salt,
    toleranceMs = FIVE_MINUTES_MS,
    bodyTimeoutMs = DEFAULT_BODY_TIMEOUT_MS,
    seen,
    now = Date.now,
  } = options;
  checkKinds(options, { seen: "function", now: "function" }, invalidOptions);
  const salts = parseSalts(salt);
  if (typeof toleranceMs !== "number" || !(toleranceMs >= 0)) {
    throw invalidOptions(`Expected toleranceMs in milliseconds, 0 or more; ${got(toleranceMs)}.`);
  }
  const signed = parseSigned(options.signed);
  const timeoutMs = parseTimeout(bodyTimeoutMs, "bodyTimeoutMs", invalidOptions);
  return { salts, toleranceMs, signed, bodyTimeoutMs: timeoutMs, seen, now };
}

/** @throws BenjiWebhookError `invalid_request` */
export function parseSigned(signed: SignedForm = "timestamp-and-body"): SignedForm {
  if (signed === "timestamp-and-body" || signed === "body") return signed;
  throw invalidOptions(`Expected signed as "timestamp-and-body" or "body"; ${got(signed)}.`);
}

/** A webhook whose signature and date are verified, and whose body is not parsed yet. */
export interface ProvenWebhook {
  /** 64 lower-case hex characters, however the header was written. */
  signature: string;
  timestamp: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Runs all checks that need neither a store nor the parsed body: headers, size, signature and age. */
export async function proveWebhook(
  request: Request,
  { salts, toleranceMs, signed, bodyTimeoutMs, now }: WebhookChecks,
): Promise<ProvenWebhook> {
  if (typeof request?.headers?.get !== "function") {
    throw invalidOptions("Expected a Request of the Fetch API. See docs/webhooks.md for Express.");
  }
  const dateHeader = signed === "body" ? WEBHOOK.olderDateHeader : WEBHOOK.timestampHeader;
  const signatureText = readHeader(request, WEBHOOK.signatureHeader, "signature_missing");
  const timestamp = readHeader(request, dateHeader, "date_missing");
  const date = readDate(timestamp, dateHeader, toleranceMs);

  const bytes = await readRawBody(request, bodyTimeoutMs);
  const covered = signed === "body" ? bytes : joinSigned(timestamp, bytes);
  const signature = await proveSignature(signatureText, covered, salts, signed);
  refuseFarDate(date, now(), { toleranceMs, dateHeader });
  return { signature, timestamp, bytes };
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
    `Expected the header ${name}; none came. ${hintFor(request)}`,
  );
}

/** Returns a hint for an error message; it differs where the sender uses Benji's older form. */
function hintFor({ headers }: Request): string {
  if (headers.has(WEBHOOK.olderDateHeader) && !headers.has(WEBHOOK.timestampHeader)) {
    return `${WEBHOOK.olderDateHeader} came instead: if Benji sends you its older form, set signed: "body".`;
  }
  return "Check that Benji is the sender and that no proxy drops it.";
}

/** Returns milliseconds since 1970. With a tolerance of `Infinity` any spelling is accepted. */
function readDate(text: string, header: string, toleranceMs: number): number {
  const isShort = text.length <= MAX_TIMESTAMP_LENGTH;
  const date = isShort ? readUtcDate(text) : undefined;
  if (date !== undefined) return date;
  if (isShort && toleranceMs === Infinity) return 0;
  const came = isShort ? JSON.stringify(text) : `a text of ${text.length} characters`;
  throw new BenjiWebhookError(
    "date_malformed",
    `Expected one ${header} in GMT such as "Tue, 05 Dec 2023 21:17:04 GMT"; ${came} came, ` +
      "a spelling that is not understood. Check that it is not sent twice and that no proxy rewrites it.",
  );
}

async function readRawBody(request: Request, timeoutMs: number): Promise<Uint8Array<ArrayBuffer>> {
  const body = await readBody(request, { maxBytes: MAX_BODY_BYTES, timeoutMs });
  switch (body.status) {
    case "read":
      return body.bytes;
    case "too_large":
      throw new BenjiWebhookError(
        "body_too_large",
        `Expected a body of at most ${MAX_BODY_BYTES} bytes; more came. Check that Benji is the sender.`,
      );
    case "too_slow":
      throw new BenjiWebhookError(
        "body_too_slow",
        `Expected the whole body within ${timeoutMs} ms; it was not complete by then.`,
      );
    case "already_read":
      throw new BenjiWebhookError("body_already_read", ALREADY_READ);
    case "broken":
      // The connection's error may quote the body, so it is not kept as a cause.
      throw malformed("Expected the whole body; the connection ended before it did.");
    default:
      return body satisfies never;
  }
}

/** Verifies the signature and returns it as the hex text that `seen` gets. */
async function proveSignature(
  text: string,
  covered: Uint8Array<ArrayBuffer>,
  salts: readonly string[],
  signed: SignedForm,
): Promise<string> {
  const signature = decodeSignature(text);
  if (!signature) {
    throw new BenjiWebhookError(
      "signature_malformed",
      `Expected one ${WEBHOOK.signatureHeader}, hex or base64 of 32 bytes; ${text.length} other characters came. ` +
        "Check that it is not sent twice and that no proxy rewrites it.",
    );
  }
  if (await isSignedWith(salts, signature, covered)) return toHex(signature);
  const what = signed === "body" ? "body" : `text of ${WEBHOOK.timestampHeader} and the body`;
  throw new BenjiWebhookError(
    "signature_wrong",
    `Expected ${WEBHOOK.signatureHeader} to be the HMAC-SHA256 of the ${covered.byteLength} bytes that came, the ${what}. ` +
      "Check that the salt is the one of this subscription, without a line break at its end, " +
      "and that nothing parsed or re-encoded the body before.",
  );
}

function refuseFarDate(
  date: number,
  now: number,
  { toleranceMs, dateHeader }: { toleranceMs: number; dateHeader: string },
): void {
  const age = now - date;
  // `<=` is false for NaN: where `now` returns NaN, the webhook is refused as well.
  if (Math.abs(age) <= toleranceMs) return;
  throw new BenjiWebhookError(
    "date_out_of_window",
    `Expected ${dateHeader} within ${toleranceMs} ms of now; it is ${age} ms old. ` +
      "Check this server's clock, and toleranceMs if webhooks reach you late.",
  );
}

async function refuseReplay(
  signature: string,
  seen: (signature: string) => boolean | Promise<boolean>,
): Promise<void> {
  const answer: unknown = await inTime(seen(signature), "seen");
  if (answer === false) return;
  // A `seen` without a return statement must not accept every replay.
  if (answer !== true)
    throw invalidOptions("Expected seen to answer true or false; another value came.");
  throw new BenjiWebhookError(
    "replayed",
    "Expected a signature that seen does not know; it came before. Check whether it is a repeated delivery.",
  );
}

/** Reads the event from the body of a verified webhook. */
export function readEvent(bytes: Uint8Array): BenjiWebhookEvent {
  const body = readObject(bytes);
  const event = ownField(body, WEBHOOK.event);
  if (typeof event !== "string" || event === "") {
    throw malformed(`Expected "${WEBHOOK.event}" as non-empty text in the body.`);
  }
  const kind = readText(body, WEBHOOK.entity) ?? readText(body, WEBHOOK.entityType);
  const entityType = kind === undefined ? undefined : wordFor(kind);
  const entityId = readText(body, WEBHOOK.entityId);
  return {
    event,
    ...(entityType !== undefined && { entityType }),
    ...(entityId !== undefined && { entityId }),
    body,
  };
}

function readObject(bytes: Uint8Array): JsonObject {
  const json = parseJson(bytes);
  if (json.status !== "json") {
    throw malformed(
      "Expected JSON in UTF-8 as body; the signature is right, the body is not JSON.",
    );
  }
  if (isJsonObject(json.value)) return json.value;
  throw malformed("Expected a JSON object as body; the signature is right, the body is not one.");
}

/** Returns the name of one of Benji's numbers; an undocumented one stays as it came. */
function wordFor(kind: string): BenjiEntityType {
  const known = Object.entries(WEBHOOK.entityTypes).find(([number]) => number === kind);
  return known ? known[1] : kind;
}

/** Reads text, or an integer as text. Absent, `null` and `""` are undefined. */
function readText(body: JsonObject, name: string): string | undefined {
  const value = ownField(body, name) ?? "";
  if (typeof value === "string") return value || undefined;
  // An integer above 2^53 - 1 has lost its last digits already: it would name another entity.
  if (typeof value === "number" && Number.isSafeInteger(value)) return String(value);
  throw malformed(`Expected "${name}" as text, or as an integer of at most 2^53 - 1.`);
}
