import { invalidRequest } from "../client/apiError.js";
import { parseSecret } from "../client/callBenji.js";
import { got } from "../options.js";
import { createHmac, type Hmac } from "../sha256.js";

/**
 * The secret that signs the state's cookie; token and confirm route share it. In a list the first one
 * signs and all verify, so that a secret can be replaced in two deployments.
 */
export interface SigningOptions {
  /** The partner API key. A key for the cookie is derived from it; the API key itself signs nothing. */
  apiKey?: string | readonly string[] | undefined;
  /**
   * At least 32 random bytes of your own, as text, instead of the API key: for a confirm route that
   * runs without the key. Then both routes need it.
   */
  stateSecret?: string | readonly string[] | undefined;
}

/** Returns the keys, of which the first one signs. They are derived at the first request and kept. */
export type SigningKeys = () => Promise<readonly Hmac[]>;

const MIN_SECRET_BYTES = 32;
// Part of the key's derivation: another text makes the cookies of all open flows invalid.
const LABEL = "react-benji-connect state cookie 1";

/** @throws BenjiApiError `invalid_request` */
export function parseSigningKeys({ apiKey, stateSecret }: SigningOptions): SigningKeys {
  const secrets =
    stateSecret === undefined ? parseApiKeys(apiKey) : toList(stateSecret).map(parseStateSecret);
  if (secrets.length === 0) throw invalidRequest("Expected stateSecret with at least one secret.");
  let keys: Promise<readonly Hmac[]> | undefined;
  return () => (keys ??= Promise.all(secrets.map(deriveKey)));
}

/**
 * Returns the API keys, the current one first.
 *
 * @throws BenjiApiError `invalid_request`
 */
export function parseApiKeys(apiKey: unknown): readonly [string, ...string[]] {
  const [first, ...others] = toList(apiKey).map((key) => parseSecret(key, "apiKey"));
  if (first !== undefined) return [first, ...others];
  throw invalidRequest("Expected apiKey with at least one key; got an empty list.");
}

const toList = (secret: unknown): readonly unknown[] => (Array.isArray(secret) ? secret : [secret]);

function parseStateSecret(secret: unknown): string {
  const bytes = typeof secret === "string" ? new TextEncoder().encode(secret).byteLength : 0;
  if (typeof secret === "string" && bytes >= MIN_SECRET_BYTES) return secret;
  throw invalidRequest(
    `Expected stateSecret as text of at least ${MIN_SECRET_BYTES} random bytes, ` +
      `such as the output of: openssl rand -base64 32; ${got(secret)}${typeof secret === "string" ? ` of ${bytes} bytes` : ""}.`,
  );
}

/** Derives a key by HKDF (RFC 5869): what it signs reveals nothing about the API key. */
async function deriveKey(secret: string): Promise<Hmac> {
  const { subtle } = crypto;
  const encoder = new TextEncoder();
  const from = await subtle.importKey("raw", encoder.encode(secret), "HKDF", false, ["deriveBits"]);
  const salt = new Uint8Array();
  const how = { name: "HKDF", hash: "SHA-256", salt, info: encoder.encode(LABEL) };
  return createHmac(new Uint8Array(await subtle.deriveBits(how, from, 256)));
}
