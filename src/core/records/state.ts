import { BenjiConnectError } from "../../errors.js";

/** Marks a `state` of this library; one of another provider is ignored. */
const PREFIX = "benji.";
const BYTES = 32;

export const isOurState = (state: string): boolean => state.startsWith(PREFIX);

/** 256 random bits as base64url. There is no fallback to a weaker generator. */
export function createState(randomBytes: (length: number) => Uint8Array): string {
  try {
    const text = btoa(String.fromCharCode(...randomBytes(BYTES)));
    return PREFIX + text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  } catch (cause) {
    throw new BenjiConnectError("crypto_unavailable", "", { cause });
  }
}
