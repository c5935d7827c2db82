import { createHmac } from "node:crypto";
import { expect } from "vitest";
import {
  BenjiWebhookError,
  verifyWebhook,
  type VerifyWebhookOptions,
} from "../../src/server/index.js";

/** The salt: tests check that no output contains it. */
export const SALT = "salt_canary_ü_7c1d";
export const NOW = Date.parse("2026-03-04T05:06:07Z");
export const DATE = "Wed, 04 Mar 2026 05:06:07 GMT";
/** Benji's documented example body, not taken from the code under test. */
export const BODY = '{"event":"reward_transaction_updated","entity":3,"entity_id":243}';

export type Body = string | Uint8Array<ArrayBuffer>;
type Encoding = "hex" | "base64" | "base64url";

/** Signs the date and then the body with Node's own HMAC, which is independent of the library. */
export const sign = (body: Body, salt = SALT, encoding: Encoding = "hex", date = DATE) =>
  createHmac("sha256", salt).update(date).update(body).digest(encoding);

/** Signs the body without the date, as Benji did until 2026-01-16. */
export const signBodyAlone = (body: Body, salt = SALT) =>
  createHmac("sha256", salt).update(body).digest("hex");

/** A webhook as Benji would send it, except for the given fields. A header that is null is omitted. */
export function webhook({
  body = BODY as Body,
  date = DATE as string | null,
  signature = sign(body, SALT, "hex", date ?? "") as string | null,
  headers = {} as Record<string, string>,
} = {}) {
  return new Request("https://shop.test/webhooks/benji", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(signature !== null && { "x-benji-signature": signature }),
      ...(date !== null && { "x-benji-timestamp": date }),
      ...headers,
    },
    body,
  });
}

export const verify = (request: Request, options: Partial<VerifyWebhookOptions> = {}) =>
  verifyWebhook(request, { salt: SALT, now: () => NOW, ...options });

export const webhookOf = (fields: object) => webhook({ body: JSON.stringify(fields) });

export async function refusalOf(work: Promise<unknown>): Promise<BenjiWebhookError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(BenjiWebhookError);
  return error as BenjiWebhookError;
}

export const expectCode = async (work: Promise<unknown>, code: string) =>
  expect((await refusalOf(work)).code).toBe(code);

/** A webhook whose body may be a stream, so that a test can see whether the library read it. */
export function streamedWebhook(
  body: BodyInit,
  signature: string,
  headers: Record<string, string> = {},
) {
  return new Request("https://shop.test/webhooks/benji", {
    method: "POST",
    headers: { "x-benji-signature": signature, "x-benji-timestamp": DATE, ...headers },
    body,
    duplex: "half",
  } as RequestInit);
}
