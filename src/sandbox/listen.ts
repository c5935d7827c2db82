import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { createOwnHosts } from "./ownHosts.js";
import { createSandbox } from "./sandbox.js";
import type { Sandbox, SandboxOptions } from "./sandbox.js";
import { isDelivered, type SandboxWebhook } from "./webhooks/outbox.js";

/** The sandbox's own options, and where it listens. */
export interface ListenSandboxOptions extends SandboxOptions {
  /** Default: 4010. `0` picks a free port. */
  readonly port?: number | undefined;
  /** Default: `"127.0.0.1"`. */
  readonly host?: string | undefined;
  /** Allows a host that other machines can reach. Default: `false`. */
  readonly allowRemote?: boolean | undefined;
}

/** A sandbox that listens. */
export interface ListeningSandbox {
  /** The address without a slash at its end, such as `http://127.0.0.1:4010`. */
  readonly url: string;
  readonly sandbox: Sandbox;
  /** Stops listening and drops open connections. */
  readonly close: () => Promise<void>;
}

const MAX_BODY_BYTES = 64 * 1_024;

/**
 * Starts the sandbox on a port of this machine (Node only).
 *
 * Rejects with an error whose `code` is `"EADDRINUSE"` when the port is taken, and
 * `"ERR_SANDBOX_NOT_LOOPBACK"` when `host` is not loopback and `allowRemote` is not set.
 *
 * @example
 * ```ts
 * import { listenSandbox } from "react-benji-connect/sandbox";
 *
 * const redirectUrl = "http://localhost:5173/benji/callback";
 * const { url, sandbox, close } = await listenSandbox({ port: 0, redirectUrl });
 * // … run the test against `url`, look at `sandbox.requests` …
 * await close();
 * ```
 */
export async function listenSandbox(options: ListenSandboxOptions = {}): Promise<ListeningSandbox> {
  const { port = 4010, host = "127.0.0.1", allowRemote = false } = options;
  const { onWebhook = warnOfRefusal } = options;
  if (!allowRemote && !isLoopback(host)) throw notLoopbackError(host);

  const sandbox = createSandbox({ ...options, onWebhook });
  // `node:http` is imported here, so that this entry also loads on a runtime that is not Node.
  const { createServer } = await import("node:http");
  const answer = answerAt(sandbox, createOwnHosts({ ...options, host }));
  const server = createServer((incoming, outgoing) => void serve(answer, incoming, outgoing));
  await listen(server, port, host);

  const boundPort = (server.address() as AddressInfo).port;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${boundPort}`,
    sandbox,
    close: () => close(server),
  };
}

/** The default `onWebhook`. It warns, because no transaction can be confirmed without its webhook. */
function warnOfRefusal(webhook: SandboxWebhook): void {
  const { event, url, lastStatus } = webhook;
  if (isDelivered(webhook) || lastStatus === "lost" || lastStatus === "skipped") return;
  // eslint-disable-next-line no-console -- the one place where a developer without onWebhook sees it
  console.warn(
    `Expected 2xx from ${url} for the webhook "${event}"; got ${lastStatus}. ` +
      "Is a webhook handler mounted there, and is webhookUrl right?",
  );
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

function notLoopbackError(host: string): Error {
  const message = `The sandbox only listens on this machine, and "${host}" is not loopback. Pass allowRemote: true if you mean it.`;
  return Object.assign(new Error(message), { code: "ERR_SANDBOX_NOT_LOOPBACK" });
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      reject(cause.code === "EADDRINUSE" ? portTakenError(port, host, cause) : cause);
    });
    server.listen(port, host, resolve);
  });
}

function portTakenError(port: number, host: string, cause: Error): Error {
  const message = `Port ${port} on ${host} is taken. Stop what listens there, or pass another port (0 picks a free one).`;
  return Object.assign(new Error(message, { cause }), { code: "EADDRINUSE" });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}

type Answer = (request: Request) => Promise<Response>;

/** Refuses requests whose Host header is not a name of the sandbox; ownHosts.ts has the reason. */
function answerAt(sandbox: Sandbox, isOwnHost: (hostname: string) => boolean): Answer {
  return async (request) =>
    isOwnHost(new URL(request.url).hostname) ? sandbox.fetch(request) : refuseHost();
}

function refuseHost(): Response {
  const text =
    "The Host header names none of this sandbox's hosts. " +
    "If it is yours, name it in the option hosts or baseUrl.\n";
  return new Response(text, { status: 403, headers: { "Content-Type": "text/plain" } });
}

async function serve(
  answer: Answer,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  try {
    await send(await answer(await toRequest(incoming)), outgoing);
  } catch (error) {
    // The request cannot be read: its Host header is malformed, or its body is too large.
    const status = error instanceof BodyTooLarge ? 413 : 400;
    if (!outgoing.headersSent) outgoing.writeHead(status, { Connection: "close" });
    outgoing.end();
  }
}

async function toRequest(incoming: IncomingMessage): Promise<Request> {
  const { method = "GET", url = "/", headers } = incoming;
  const init: RequestInit = { method, headers: toHeaders(headers) };
  if (method !== "GET" && method !== "HEAD") init.body = await readBody(incoming);
  return new Request(`http://${headers.host ?? "localhost"}${url}`, init);
}

function toHeaders(incoming: IncomingMessage["headers"]): Headers {
  const headers = new Headers();
  for (const [name, value = ""] of Object.entries(incoming)) {
    headers.set(name, typeof value === "string" ? value : value.join(", "));
  }
  return headers;
}

class BodyTooLarge extends Error {}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MAX_BODY_BYTES) throw new BodyTooLarge();
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(await response.text());
}
