import { WEBHOOK } from "../../contract.js";
import type { BenjiWebhookEventName } from "./webhook.js";
import { BenjiWebhookError } from "./webhookError.js";
import { checkSalt, signBytes, toBase64, toHex } from "./webhookSignature.js";

/** What {@link createTestWebhook} puts into the body. */
export interface TestWebhook {
  event: BenjiWebhookEventName | (string & {});
  /** Goes out as `entity`. */
  entityType?: string | number;
  /** Goes out as `entity_id`. */
  entityId?: string | number;
  /** Goes out as it is. */
  [extra: string]: unknown;
}

/** Options of {@link createTestWebhook}. */
export interface TestWebhookOptions {
  /** The salt that your route under test is given. Required. */
  salt: string;
  /** Where the request says it goes. Default: `https://partner.example/webhooks/benji`. */
  url?: string;
  /** How the signature is written. Default: `"hex"`. Benji's own choice is not documented. */
  encoding?: "hex" | "base64";
  /** What `x-webhook-datetime` says, to the second. Default: now. */
  date?: Date;
}

/**
 * Makes a webhook as Benji would sign it, for the tests of your route. Nothing is sent, and the body
 * is not checked: you can try out what your route does with a malformed one.
 *
 * @throws BenjiWebhookError `invalid_request`
 * @see contract.md, section 4: Webhooks
 *
 * @example
 * ```ts
 * import { createTestWebhook } from "react-benji-connect/server";
 *
 * declare function POST(request: Request): Promise<Response>;
 *
 * const webhook = { event: "transaction_created", entityType: 3, entityId: 243 };
 * const request = await createTestWebhook(webhook, { salt: "test-salt" });
 * console.assert((await POST(request)).status === 204);
 * ```
 */
export async function createTestWebhook(
  { event, entityType, entityId, ...extra }: TestWebhook,
  {
    salt,
    url = "https://partner.example/webhooks/benji",
    encoding = "hex",
    date = new Date(),
  }: TestWebhookOptions,
): Promise<Request> {
  checkSalt(salt);
  if (Number.isNaN(date.getTime())) {
    throw new BenjiWebhookError("invalid_request", "Expected date as a valid Date.");
  }
  const said = {
    [WEBHOOK.event]: event,
    [WEBHOOK.entity]: entityType,
    [WEBHOOK.entityId]: entityId,
    ...extra,
  };
  const body = new TextEncoder().encode(JSON.stringify(said));
  const signature = await signBytes(body, salt);
  return new Request(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      [WEBHOOK.signatureHeader]: encoding === "base64" ? toBase64(signature) : toHex(signature),
      [WEBHOOK.dateHeader]: date.toUTCString(),
    },
    body,
  });
}
