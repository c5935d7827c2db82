/** The part of `node:crypto` that is used, where a runtime has it. */
interface NodeCrypto {
  /** Exists from Node 20.12 on. */
  hash?: (algorithm: "sha256", text: string, encoding: "base64url") => string;
  createHash: (algorithm: "sha256") => NodeDigest;
  createHmac: (algorithm: "sha256", key: Uint8Array) => NodeDigest;
}

interface NodeDigest {
  update: (text: string) => { digest: (encoding: "base64url") => string };
}

interface NodeGlobal {
  process?: { getBuiltinModule?: (id: "node:crypto") => NodeCrypto | undefined };
}

// Used where it exists: WebCrypto uses another thread, which costs a tenth of the token route's time.
const nodeCrypto = (): NodeCrypto | undefined =>
  (globalThis as NodeGlobal).process?.getBuiltinModule?.("node:crypto");

/** SHA-256 of a text, as 43 characters of base64url. */
export async function sha256(text: string): Promise<string> {
  const node = nodeCrypto();
  if (node?.hash) return node.hash("sha256", text, "base64url");
  if (node) return node.createHash("sha256").update(text).digest("base64url");
  return toBase64Url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

/** HMAC-SHA256 of a text, as 43 characters of base64url. */
export type Hmac = (text: string) => Promise<string>;

/** Returns the function that signs texts with a key. WebCrypto imports the key only once. */
export async function createHmac(key: Uint8Array<ArrayBuffer>): Promise<Hmac> {
  const node = nodeCrypto();
  if (node) {
    return (text) =>
      Promise.resolve(node.createHmac("sha256", key).update(text).digest("base64url"));
  }
  const how = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", key, how, false, ["sign"]);
  return async (text) =>
    toBase64Url(await crypto.subtle.sign("HMAC", imported, new TextEncoder().encode(text)));
}

const toBase64Url = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
