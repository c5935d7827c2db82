import { type NodeIncoming, nodeIncoming, takePieces } from "./nodeBody.js";

// Each caller sets its own limit in bytes: 16 kB in routes/route.ts, 64 kB in webhooks/verifyWebhook.ts, 1 MB
// in client/benjiAnswer.ts.

/** The bytes of a body, or why there are none. */
export type RawBody =
  | { status: "read"; bytes: Uint8Array<ArrayBuffer> }
  | { status: "too_large" }
  /** The deadline passed before the body was complete. */
  | { status: "too_slow" }
  /** Something else, such as a body parser, has read the body. */
  | { status: "already_read" }
  /** The connection ended before the body did. */
  | { status: "broken" };

/** The parsed JSON of a body, or why there is none. */
export type JsonBody =
  | { status: "json"; value: unknown }
  | { status: "not_json" }
  | Exclude<RawBody, { status: "read" }>;

/** The limits for one body. */
export interface BodyLimits {
  maxBytes: number;
  /** Left out where the caller has a deadline of its own. */
  timeoutMs?: number | undefined;
  /** The second argument of the handler, which may hold Node's own request. */
  host?: unknown;
}

/** The default of the option `bodyTimeoutMs`. */
export const DEFAULT_BODY_TIMEOUT_MS = 10_000;

/** The error message for a body that was read before. */
export const ALREADY_READ =
  "Expected a body that nobody has read; it was read before it came here. " +
  "Mount this route before body parsers such as express.json(), or hand over a clone made before.";

/** Reads the body of a request or an answer as JSON in UTF-8. */
export async function readJsonBody(
  message: Request | Response,
  limits: BodyLimits,
): Promise<JsonBody> {
  const body = await readBody(message, limits);
  return body.status === "read" ? parseJson(body.bytes) : body;
}

/**
 * Reads a body and counts its bytes, because `content-length` may be too small. Where `content-length`
 * is over the limit, the body is not read at all.
 */
export async function readBody(
  message: Request | Response,
  { maxBytes, timeoutMs, host }: BodyLimits,
): Promise<RawBody> {
  const incoming = nodeIncoming(host);
  if (message.bodyUsed || (!incoming && message.body?.locked)) return { status: "already_read" };
  const announced = Number(message.headers.get("content-length"));
  if (announced > maxBytes) return { status: "too_large" };
  const deadline = armDeadline(timeoutMs);
  try {
    const bytes = incoming
      ? await readIncoming(incoming, maxBytes, deadline.passed)
      : await readBytes(message.body, maxBytes, deadline.passed);
    if ("status" in bytes) return bytes;
    // In HTTP a body has the length that was announced: where no byte is left, something has read it.
    if (bytes.byteLength === 0 && announced > 0) return { status: "already_read" };
    return { status: "read", bytes };
  } catch (error) {
    return { status: saysAlreadyRead(error) ? "already_read" : "broken" };
  } finally {
    deadline.disarm();
  }
}

/** Some adapters report a body that was read before only by an error, each with another message. */
const saysAlreadyRead = (error: unknown): boolean =>
  error instanceof Error &&
  /unusable|disturbed|locked|already (?:been )?(?:read|used|consumed)/i.test(error.message);

type Collected = Uint8Array<ArrayBuffer> | { status: "too_large" | "too_slow" };

async function readBytes(
  body: ReadableStream<unknown> | null,
  maxBytes: number,
  passed: Promise<"passed"> | undefined,
): Promise<Collected> {
  const { take, taken } = collectUpTo(maxBytes);
  const reader = body?.getReader();
  const read = () => (passed && reader ? Promise.race([reader.read(), passed]) : reader?.read());
  for (let next = await read(); next !== undefined; next = await read()) {
    if (next === "passed") return { status: "too_slow" };
    if (next.done) break;
    // The stream is not cancelled: on Node that would close the socket before the refusal is sent.
    if (!take(asBytes(next.value))) return { status: "too_large" };
  }
  return taken();
}

async function readIncoming(
  incoming: NodeIncoming,
  maxBytes: number,
  passed: Promise<"passed"> | undefined,
): Promise<Collected> {
  const { take, taken } = collectUpTo(maxBytes);
  const how = await takePieces(incoming, take, passed);
  if (how === "enough") return { status: "too_large" };
  return how === "passed" ? { status: "too_slow" } : taken();
}

/** `take` returns whether there was room for a piece; `taken` returns all pieces as one array. */
function collectUpTo(maxBytes: number) {
  let bytes = new Uint8Array(0);
  let size = 0;
  const take = (piece: Uint8Array): boolean => {
    if (size + piece.byteLength > maxBytes) return false;
    bytes = withRoomFor(size + piece.byteLength, bytes);
    // Copied, because a piece of one byte may keep a whole buffer of the socket in memory.
    bytes.set(piece, size);
    size += piece.byteLength;
    return true;
  };
  return { take, taken: () => bytes.subarray(0, size) };
}

function asBytes(chunk: unknown): Uint8Array {
  // `instanceof` would fail in test environments that have more than one Uint8Array class.
  if (ArrayBuffer.isView(chunk)) {
    return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
  throw new TypeError("Expected the body's stream to give bytes.");
}

/**
 * A new array is at least twice as large, so that a body in many small pieces is not copied for each
 * piece.
 */
function withRoomFor(size: number, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (size <= bytes.byteLength) return bytes;
  const larger = new Uint8Array(Math.max(size, 2 * bytes.byteLength));
  larger.set(bytes);
  return larger;
}

/** One timer for the whole body: a sender cannot extend it by sending single bytes. */
function armDeadline(timeoutMs: number | undefined) {
  if (timeoutMs === undefined) return { passed: undefined, disarm: () => {} };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const passed = new Promise<"passed">((resolve) => {
    timer = setTimeout(() => resolve("passed"), timeoutMs);
  });
  return { passed, disarm: () => clearTimeout(timer) };
}

let utf8: TextDecoder | undefined;

/** Parses JSON in UTF-8. The parser's own error would quote the body, so it is dropped. */
export function parseJson(bytes: Uint8Array): JsonBody {
  try {
    // The decoder is created here, not at import: jsdom has no TextDecoder, and partners' tests may
    // import this file there.
    utf8 ??= new TextDecoder("utf-8", { fatal: true });
    const text = utf8.decode(bytes);
    return { status: "json", value: JSON.parse(text) as unknown };
  } catch {
    return { status: "not_json" };
  }
}
