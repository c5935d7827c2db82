/** What a body turned out to be. */
export type JsonBody =
  | { status: "json"; value: unknown }
  | { status: "too_large" }
  | { status: "not_json" }
  /** The connection ended before the body did. */
  | { status: "broken" };

/**
 * Reads the body of a request or an answer as JSON (UTF-8), and stops reading after `maxBytes`.
 *
 * @throws TypeError where something else has read the body before.
 */
export async function readJsonBody(
  message: Request | Response,
  maxBytes: number,
): Promise<JsonBody> {
  if (message.bodyUsed) throw new TypeError("The body was read before it came here.");
  if (Number(message.headers.get("content-length")) > maxBytes) return { status: "too_large" };
  try {
    const bytes = isLengthKnown(message)
      ? new Uint8Array(await message.arrayBuffer())
      : await readBytes(message.body, maxBytes);
    return bytes && bytes.byteLength <= maxBytes ? parseJson(bytes) : { status: "too_large" };
  } catch {
    return { status: "broken" };
  }
}

// HTTP holds a body to the length it announced, and reading it in one go costs a fraction of a
// stream. What was compressed has another length once it is unpacked.
const isLengthKnown = ({ headers }: Request | Response) =>
  /^\d+$/.test(headers.get("content-length") ?? "") && !headers.has("content-encoding");

async function readBytes(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = body?.getReader();
  for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
    size += next.value.byteLength;
    // Not cancelled: on Node that would close the socket before the refusal is sent.
    if (size > maxBytes) return undefined;
    chunks.push(next.value);
  }
  return concat(chunks, size);
}

function concat(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

const utf8 = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true });

function parseJson(bytes: Uint8Array): JsonBody {
  try {
    const text = utf8.decode(bytes);
    return { status: "json", value: JSON.parse(text) as unknown };
  } catch {
    return { status: "not_json" };
  }
}
