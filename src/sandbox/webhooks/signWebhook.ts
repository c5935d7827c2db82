import { toHex } from "../records/identity.js";

/** How webhooks are signed. */
export interface SandboxSigningOptions {
  /** The salt that signs webhooks. Default: `"sandbox-webhook-salt"`. */
  readonly webhookSalt?: string | undefined;
  /** The encoding of the signature; no document names it. Default: `"hex"`. */
  readonly webhookSignature?: "hex" | "base64" | undefined;
  /**
   * What the signature covers. Default: `"timestamp-and-body"`, Benji's form since 2026-01-17. `"body"`
   * is the form before that, with the date in `x-webhook-datetime`.
   */
  readonly webhookSigned?: "timestamp-and-body" | "body" | undefined;
}

/** A webhook's body, and its headers with signature and date. */
export interface SignedWebhook {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export async function signWebhook(
  body: string,
  date: Date,
  {
    webhookSalt = "sandbox-webhook-salt",
    webhookSignature = "hex",
    webhookSigned = "timestamp-and-body",
  }: SandboxSigningOptions,
): Promise<SignedWebhook> {
  const timestamp = date.toUTCString();
  const isOlder = webhookSigned === "body";
  const signature = await hmac(isOlder ? body : timestamp + body, webhookSalt);
  return {
    body,
    headers: {
      "Content-Type": "application/json",
      "x-benji-signature":
        webhookSignature === "hex" ? toHex(signature) : btoa(String.fromCharCode(...signature)),
      [isOlder ? "x-webhook-datetime" : "x-benji-timestamp"]: timestamp,
    },
  };
}

async function hmac(text: string, salt: string): Promise<Uint8Array> {
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(salt), algorithm, false, [
    "sign",
  ]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(text)));
}
