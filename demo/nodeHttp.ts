import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";

/** Converts Node's request into a `Request`, as a partner's web framework would. */
export function toRequest(incoming: IncomingMessage, origin: string): Request {
  const { method = "GET", url = "/", headers } = incoming;
  const hasBody = method !== "GET" && method !== "HEAD";
  return new Request(new URL(url, origin), {
    method,
    headers: Object.entries(headers).map(([name, value]) => [name, String(value)]),
    ...(hasBody && { body: Readable.toWeb(incoming) as ReadableStream, duplex: "half" }),
  } as RequestInit);
}

export async function sendResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  // For `Response.error()` the browser shall see a network error.
  if (response.type === "error") return void outgoing.destroy();
  outgoing.setHeaders(response.headers); // keeps every Set-Cookie header
  outgoing.writeHead(response.status);
  outgoing.end(new Uint8Array(await response.arrayBuffer()));
}

export interface Listening {
  port: number;
  close(): Promise<void>;
}

/** Listens on both addresses that `localhost` can mean, so that no other program answers on one. */
export async function listenOnLocalhost(
  listener: RequestListener,
  port: number,
): Promise<Listening> {
  const first = await listen(listener, port, "127.0.0.1");
  try {
    const second = await listen(listener, first.port, "::1");
    return {
      port: first.port,
      close: async () => void (await Promise.all([first.close(), second.close()])),
    };
  } catch (error) {
    if (!isTaken(error)) return first; // a machine without IPv6
    await first.close();
    throw error;
  }
}

function listen(listener: RequestListener, port: number, host: string): Promise<Listening> {
  const server = createServer(listener);
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      const bound = (server.address() as AddressInfo).port;
      resolve({ port: bound, close: () => close(server) });
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

const isTaken = (error: unknown) => (error as NodeJS.ErrnoException).code === "EADDRINUSE";

/** Starts on the port or the next free one. Calls `say` for each port in use. */
export async function onFreePort<T>(
  port: number,
  start: (port: number) => Promise<T>,
  say: (line: string) => void,
): Promise<T> {
  try {
    return await start(port);
  } catch (error) {
    if (!isTaken(error) || port >= 65_535) throw error;
    if (port === 0) return onFreePort(0, start, say);
    say(`Port ${port} is taken, trying ${port + 1}.`);
    return onFreePort(port + 1, start, say);
  }
}
