import { WEBHOOK } from "../../contract.js";
import { parseHttpUrl } from "../client/baseUrl.js";
import { got, ownOptions } from "../options.js";
import { type BenjiWebhookEventName, parseSigned, type SignedForm } from "./verifyWebhook.js";
import { invalidOptions } from "./webhookError.js";
import { checkSalt, joinSigned, signBytes, toBase64, toHex } from "./webhookSignature.js";

/** What {@link createTestWebhook} puts into the body. */
export interface TestWebhook {
  event: BenjiWebhookEventName | (string & {});
  /** Sent as `entity`; `"user"`, `"campaign"` and `"transaction"` as Benji's number. */
  entityType?: string | number | undefined;
  /** Sent as `entity_id`; Benji sends a UUID. */
  entityId?: string | number | undefined;
  /** Other fields are sent unchanged. */
  [extra: string]: unknown;
}

/** Options of {@link createTestWebhook}. */
export interface TestWebhookOptions {
  /** The salt of the route under test. Required. */
  salt: string;
  /** The URL of the request. Default: `https://partner.example/webhooks/benji`. */
  url?: string | undefined;
  /** The encoding of the signature. Default: `"hex"`. Benji does not document its own. */
  encoding?: "hex" | "base64" | undefined;
  /** The time in `x-benji-timestamp`, in whole seconds. Default: now. */
  date?: Date | undefined;
  /**
   * What the signature covers. Default: `"timestamp-and-body"`. `"body"` is Benji's form until
   * 2026-01-16, with the date in `x-webhook-datetime`.
   */
  signed?: SignedForm | undefined;
}

/**
 * Makes a webhook's request, signed as Benji would sign it, for the tests of your route. Nothing is
 * sent, and the body is not checked: you can try out what your route does with a malformed one.
 *
 * @throws BenjiWebhookError `invalid_request`
 * @see docs/contract.md, "Webhooks"
 *
 * @example
 * ```ts
 * import { createTestWebhook } from "react-benji-connect/server";
 *
 * declare function POST(request: Request): Promise<Response>;
 *
 * const webhook = {
 *   event: "transaction_created",
 *   entityType: "transaction",
 *   entityId: "3f0c7c5e-9b1d-4e6a-8f2b-0a58a9feac02",
 * };
 * const request = await createTestWebhook(webhook, { salt: "test-salt" });
 * console.assert((await POST(request)).status === 204);
 * ```
 */
export async function createTestWebhook(
  { event, entityType, entityId, ...extra }: TestWebhook,
  given: TestWebhookOptions,
): Promise<Request> {
  const options = ownOptions(given, "the options", invalidOptions);
  const { salt, encoding = "hex", date = new Date() } = options;
  const { url = "https://partner.example/webhooks/benji" } = options;
  checkSalt(salt);
  const signed = parseSigned(options.signed);
  if (encoding !== "hex" && encoding !== "base64")
    throw invalidOptions(`Expected encoding as "hex" or "base64"; ${got(encoding)}.`);
  if (typeof date?.getTime !== "function" || Number.isNaN(date.getTime()))
    throw invalidOptions(`Expected date as a valid Date; ${got(date)}.`);
  if (!parseHttpUrl(url))
    throw invalidOptions(`Expected url as an absolute http or https URL; ${got(url)}.`);
  const said = {
    [WEBHOOK.event]: event,
    [WEBHOOK.entity]: numberOf(entityType),
    [WEBHOOK.entityId]: entityId,
    ...extra,
  };
  const body = new TextEncoder().encode(JSON.stringify(said));
  const timestamp = date.toUTCString();
  const isOlder = signed === "body";
  const signature = await signBytes(isOlder ? body : joinSigned(timestamp, body), salt);
  return new Request(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      [WEBHOOK.signatureHeader]: encoding === "base64" ? toBase64(signature) : toHex(signature),
      [isOlder ? WEBHOOK.olderDateHeader : WEBHOOK.timestampHeader]: timestamp,
    },
    body,
  });
}

const numberOf = (entityType: string | number | undefined) => {
  const known = Object.entries(WEBHOOK.entityTypes).find(([, name]) => name === entityType);
  return known ? Number(known[0]) : entityType;
};
