/** What is used of `node:crypto`, where a runtime has it. */
interface NodeCrypto {
  createHash: (algorithm: "sha256") => {
    update: (text: string) => { digest: (encoding: "base64url") => string };
  };
}

interface NodeGlobal {
  process?: { getBuiltinModule?: (id: "node:crypto") => NodeCrypto | undefined };
}

/** SHA-256 of a text, as 43 characters of base64url. */
export async function sha256(text: string): Promise<string> {
  // WebCrypto would wake another thread, at a tenth of what the token route costs.
  const node = (globalThis as NodeGlobal).process?.getBuiltinModule?.("node:crypto");
  if (node) return node.createHash("sha256").update(text).digest("base64url");
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(digest)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace("=", "");
}
