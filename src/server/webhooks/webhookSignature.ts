import { got } from "../options.js";
import { invalidOptions } from "./webhookError.js";

const HMAC = { name: "HMAC", hash: "SHA-256" };

// A signature has 32 bytes. Benji does not document its encoding, so hex and base64 are both accepted:
// their lengths differ.
const HEX = /^[0-9a-f]{64}$/i;
const BASE64 = /^(?:[A-Za-z0-9+/]{43}|[A-Za-z0-9_-]{43})=?$/;

/** Signs bytes as Benji does: HMAC-SHA256, keyed with the salt's UTF-8 text. */
export async function signBytes(bytes: BufferSource, salt: string): Promise<Uint8Array> {
  const key = await importSalt(salt, "sign");
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes));
}

/** Whether one of the salts signed these bytes. `crypto.subtle` compares in constant time. */
export async function isSignedWith(
  salts: readonly string[],
  signature: BufferSource,
  bytes: BufferSource,
): Promise<boolean> {
  const verify = async (salt: string) =>
    crypto.subtle.verify("HMAC", await importSalt(salt, "verify"), signature, bytes);
  // Every salt is tried, so that the time does not tell which one was right.
  return (await Promise.all(salts.map(verify))).includes(true);
}

/** Joins what Benji signs: the text of the timestamp header, directly followed by the raw body. */
export function joinSigned(timestamp: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  // A header's text has one character for each of its bytes.
  const head = Uint8Array.from(timestamp, (character) => character.charCodeAt(0));
  const bytes = new Uint8Array(head.byteLength + body.byteLength);
  bytes.set(head);
  bytes.set(body, head.byteLength);
  return bytes;
}

/** Reads hex, base64 or base64url of 32 bytes; returns `undefined` for anything else. */
export function decodeSignature(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (HEX.test(text)) return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  if (!BASE64.test(text)) return undefined;
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** Writes lower-case hex, so that one signature has only one text. */
export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Base64 with padding. */
export const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

/**
 * @throws BenjiWebhookError `invalid_request`, where there is no salt: anybody can sign without one.
 */
export function parseSalts(salt: unknown): readonly string[] {
  const salts: readonly unknown[] = Array.isArray(salt) ? salt : [salt];
  if (salts.length > 0) return salts.map(checkSalt);
  throw invalidOptions("Expected salt with at least one salt; got an empty list.");
}

/** @throws BenjiWebhookError `invalid_request` */
export function checkSalt(salt: unknown): string {
  if (typeof salt === "string" && salt.trim() !== "") return salt;
  throw invalidOptions(
    `Expected salt as non-empty text; ${got(salt)}. ` +
      "Check that the subscription's salt reaches this server's configuration.",
  );
}

const importSalt = (salt: string, use: "sign" | "verify") =>
  crypto.subtle.importKey("raw", new TextEncoder().encode(salt), HMAC, false, [use]);
