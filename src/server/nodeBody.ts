import { ownField } from "./jsonObject.js";

/** What is used of Node's own request. */
export interface NodeIncoming {
  readonly readableDidRead: boolean;
  readonly readableEncoding: unknown;
  on: (event: string, listener: (chunk: Uint8Array) => void) => unknown;
  off: (event: string, listener: (chunk: Uint8Array) => void) => unknown;
  pause: () => unknown;
}

/**
 * Node's request, where the adapter hands it over as `{ incoming }` and nobody has read it. Its bytes
 * are counted as they come, like any other's, and no web stream has to be made for them: that
 * would be the largest single cost of a token.
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
 * Hands over each piece until there is no more, or until `take` has had enough.
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
