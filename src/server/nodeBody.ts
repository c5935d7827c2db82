import { ownField } from "./jsonObject.js";

/** The part of Node's own request that is used. */
export interface NodeIncoming {
  readonly readableDidRead: boolean;
  readonly readableEncoding: unknown;
  on: (event: string, listener: (chunk: Uint8Array) => void) => unknown;
  off: (event: string, listener: (chunk: Uint8Array) => void) => unknown;
  pause: () => unknown;
}

/**
 * Returns Node's own request where the adapter passes it as `{ incoming }` and its body is unread. The
 * body is then read without a web stream, which would be the slowest single step of the token route.
 */
export function nodeIncoming(host: unknown): NodeIncoming | undefined {
  const incoming = ownField(host, "incoming") as Partial<NodeIncoming> | undefined;
  const isUnread = incoming?.readableDidRead === false && incoming.readableEncoding === null;
  const hasMethods = [incoming?.on, incoming?.off, incoming?.pause].every(
    (method) => typeof method === "function",
  );
  return isUnread && hasMethods ? (incoming as NodeIncoming) : undefined;
}

/**
 * Passes each piece to `take` until the body ends, `take` returns false or the deadline has passed.
 *
 * @throws Error where the connection ends before the body does
 */
export function takePieces(
  incoming: NodeIncoming,
  take: (piece: Uint8Array) => boolean,
  passed: Promise<"passed"> | undefined,
): Promise<"ended" | "enough" | "passed"> {
  return new Promise((resolve, reject) => {
    const finish = (how: "ended" | "enough" | "passed" | "broken") => {
      for (const [event, listener] of listeners) incoming.off(event, listener);
      if (how !== "ended") incoming.pause();
      if (how === "broken") reject(new Error("Expected the whole body; the connection ended."));
      else resolve(how);
    };
    const listeners: [string, (piece: Uint8Array) => void][] = [
      ["data", (piece) => take(piece) || finish("enough")],
      ["end", () => finish("ended")],
      ["error", () => finish("broken")],
      ["close", () => finish("broken")],
    ];
    for (const [event, listener] of listeners) incoming.on(event, listener);
    void passed?.then(finish);
  });
}
