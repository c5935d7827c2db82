// How all three routes read a request body: limits of size and time, broken bodies.
import { type AddressInfo, connect } from "node:net";
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import express from "express";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  createConfirmHandler,
  createConnectTokenHandler,
  createWebhookHandler,
  verifyWebhook,
} from "../../src/server/index.js";
import { benjiAnswering, KEY, URL_OF_BENJI } from "./benji.js";

const SALT = "test-salt";
const closing: (() => void)[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const close of closing.splice(0)) close();
});

function tokenRoute(options: { bodyTimeoutMs?: number } = {}) {
  const onError = vi.fn();
  const getUser = vi.fn(() => ({ id: "ada" }));
  const handle = createConnectTokenHandler({
    apiKey: KEY,
    baseUrl: URL_OF_BENJI,
    fetch: benjiAnswering().fetch,
    getUser,
    createRequest: () => ({ partnershipId: 49, mode: "connect" }),
    onError,
    ...options,
  });
  return { handle, onError, getUser };
}

function confirmRoute(options: { bodyTimeoutMs?: number } = {}) {
  const onError = vi.fn();
  const own = { getUser: () => "ada", isConfirmed: () => true, onError };
  return { handle: createConfirmHandler({ apiKey: KEY, ...own, ...options }), onError };
}

function webhookRoute(options: { bodyTimeoutMs?: number } = {}) {
  const onError = vi.fn();
  return { handle: createWebhookHandler({ salt: SALT, on: {}, onError, ...options }), onError };
}

const HEADERS = {
  "content-type": "application/json",
  "sec-fetch-site": "same-origin",
  "x-benji-signature": "0".repeat(64),
  "x-benji-timestamp": new Date().toUTCString(),
};

const post = (body: BodyInit, headers: Record<string, string> = {}) =>
  new Request("https://shop.test/route", {
    method: "POST",
    headers: { ...HEADERS, ...headers },
    body,
    duplex: "half",
  } as RequestInit);

/** A stream of chunks that counts how many of them were read. */
function chunked(chunk: () => unknown) {
  const read = { chunks: 0 };
  const body = new ReadableStream({
    pull: (controller) => {
      read.chunks++;
      controller.enqueue(chunk());
    },
  });
  return { body, read };
}

const statusAndBody = async (response: Response) =>
  [response.status, await response.json()] as const;

const ROUTES = [
  ["the token route", tokenRoute],
  ["the confirm route", confirmRoute],
  ["the webhook route", webhookRoute],
] as const;

describe.each(ROUTES)("%s", (_, makeRoute) => {
  it.each(["2", "0", "-1", "no number", "9999999999999"])(
    "the route stops reading a body at the limit, although its content-length is %s (T35)",
    async (length) => {
      const { body, read } = chunked(() => new Uint8Array(8 * 1024).fill(32));
      const response = await makeRoute().handle(post(body, { "content-length": length }));
      expect(await statusAndBody(response)).toEqual([413, { error: "body_too_large" }]);
      expect(read.chunks).toBeLessThan(12);
    },
  );

  it("the route answers 408 when the time for a body is over, even if bytes still arrive (T35)", async () => {
    vi.useFakeTimers();
    const dripping = new ReadableStream({
      pull: async (controller) => {
        await new Promise((resolve) => setTimeout(resolve, 900));
        controller.enqueue(Uint8Array.of(32));
      },
    });
    const answer = makeRoute({ bodyTimeoutMs: 5_000 }).handle(post(dripping));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await statusAndBody(await answer)).toEqual([408, { error: "body_too_slow" }]);
  });

  it("the default time for a body is ten seconds, and a finished request leaves no timer", async () => {
    vi.useFakeTimers();
    const silent = new ReadableStream({ start() {} });
    let answered = false;
    const answer = makeRoute().handle(post(silent));
    void answer.then(() => (answered = true));
    await vi.advanceTimersByTimeAsync(9_999);
    expect(answered).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect((await answer).status).toBe(408);
    await makeRoute().handle(post("{}"));
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([0, -1, NaN, Infinity, "10"])(
    "the route cannot be created with a bodyTimeoutMs of %j",
    (bodyTimeoutMs) => {
      expect(() => makeRoute({ bodyTimeoutMs: bodyTimeoutMs as number })).toThrow("bodyTimeoutMs");
    },
  );

  it.each<[string, (request: Request) => unknown]>([
    ["read whole", (request) => request.text()],
    ["locked", (request) => request.body?.getReader()],
    [
      "read in part",
      async ({ body }) => {
        const reader = body?.getReader();
        await reader?.read();
        reader?.releaseLock();
      },
    ],
  ])(
    "a body that was already %s is answered with body_already_read and reported to onError",
    async (__, read) => {
      const { handle, onError } = makeRoute();
      const request = post('{"a":1}');
      await read(request);
      const [status, { error }] = await statusAndBody(await handle(request));
      expect([status, error]).toEqual([500, "body_already_read"]);
      expect(onError.mock.calls.map(([error]) => (error as Error).message)).toEqual([
        expect.stringContaining("it was read before it came here"),
      ]);
    },
  );

  it("a body that Express's JSON parser has read is answered with body_already_read over real HTTP", async () => {
    const { handle, onError } = makeRoute();
    const app = express();
    app.use(express.json());
    app.all("/route", getRequestListener(handle));
    const server = createServer(app).listen(0, "127.0.0.1");
    closing.push(() => server.close());
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/route`, {
      method: "POST",
      headers: HEADERS,
      body: '{"a":1}',
    });
    expect(await statusAndBody(response)).toEqual([500, { error: "body_already_read" }]);
    expect(onError).toHaveBeenCalledOnce();
  });

  it("a body that breaks off is answered with 400, and not as body_already_read", async () => {
    const { handle } = makeRoute();
    const cut = new ReadableStream({
      start: (controller) => {
        controller.enqueue(Uint8Array.of(123));
        controller.error(new Error("terminated"));
      },
    });
    const [status, { error }] = await statusAndBody(await handle(post(cut)));
    expect([status, ["invalid_json", "body_malformed"].includes(error as string)]).toEqual([
      400,
      true,
    ]);
  });

  it("the route refuses a stream whose chunks are not bytes", async () => {
    const { body } = chunked(() => "text".repeat(10_000));
    expect((await makeRoute().handle(post(body))).status).toBeGreaterThanOrEqual(400);
  });
});

describe("behind Node's own server", () => {
  async function serve(handle: ReturnType<typeof tokenRoute>["handle"]) {
    const server = createServer(getRequestListener(handle)).listen(0, "127.0.0.1");
    closing.push(() => {
      server.closeAllConnections();
      server.close();
    });
    await new Promise((resolve) => server.once("listening", resolve));
    return (server.address() as AddressInfo).port;
  }

  /** Sends a chunked body, and returns the status and the number of bytes written until it came. */
  async function send(port: number, pieces: () => Buffer | undefined) {
    const socket = connect(port, "127.0.0.1");
    let [text, sent] = ["", 0];
    const head =
      "POST / HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n" +
      "Sec-Fetch-Site: same-origin\r\nTransfer-Encoding: chunked\r\n\r\n";
    const pump = (): void => {
      for (let piece = pieces(); piece && !text; piece = pieces()) {
        sent += piece.byteLength;
        const size = piece.byteLength.toString(16);
        if (!socket.write(Buffer.concat([Buffer.from(`${size}\r\n`), piece, Buffer.from("\r\n")])))
          return;
      }
    };
    return new Promise<{ status: number; sent: number }>((resolve) => {
      const end = () => {
        socket.destroy();
        resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), sent });
      };
      socket.on("connect", () => socket.write(head, pump));
      socket.on("drain", pump);
      socket.on("data", (bytes) => {
        text += bytes.toString();
        end();
      });
      socket.on("close", end);
      socket.on("error", end);
    });
  }

  it("a body of 100 MB is refused long before its end, and the next request is served (T35)", async () => {
    const { handle, getUser } = tokenRoute();
    const port = await serve(handle);
    const piece = Buffer.alloc(64 * 1024, " ");
    let left = 1_600;
    const { status, sent } = await send(port, () => (left-- > 0 ? piece : undefined));
    expect(status).toBe(413);
    expect(sent).toBeLessThan(16 * 1024 * 1024);
    expect(getUser).not.toHaveBeenCalled();
    const next = await fetch(`http://127.0.0.1:${port}`, {
      method: "POST",
      headers: HEADERS,
      body: '{"a":1}',
    });
    expect(next.status).toBe(200);
  });

  it("a body that never ends is answered with 408 after bodyTimeoutMs (T35)", async () => {
    const port = await serve(tokenRoute({ bodyTimeoutMs: 50 }).handle);
    let left = 1;
    const { status } = await send(port, () => (left-- > 0 ? Buffer.from("{") : undefined));
    expect(status).toBe(408);
  });

  it("a body in two pieces is accepted, and a body of a broken connection is reported to onError", async () => {
    const { handle, onError, getUser } = tokenRoute();
    const port = await serve(handle);
    const pieces = [Buffer.from('{"a":'), Buffer.from("1}")];
    const socket = connect(port, "127.0.0.1");
    const head = "POST / HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n";
    socket.write(`${head}Sec-Fetch-Site: same-origin\r\nContent-Length: 7\r\n\r\n`);
    socket.write(pieces[0] as Buffer);
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.write(pieces[1] as Buffer);
    const text = await new Promise<string>((resolve) =>
      socket.once("data", (bytes) => resolve(bytes.toString())),
    );
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
    socket.write(`${head}Sec-Fetch-Site: same-origin\r\nContent-Length: 7\r\n\r\n{`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([getUser.mock.calls.length, onError.mock.calls.length]).toEqual([1, 1]);
  });
});

it("a body that comes in hundreds of pieces of one byte is accepted", async () => {
  const { handle } = tokenRoute();
  const text = JSON.stringify({ note: "é".repeat(400) });
  const bytes = new TextEncoder().encode(text);
  const pieces = new ReadableStream({
    start: (controller) => {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  expect((await handle(post(pieces))).status).toBe(200);
});

it.each([
  ["token", tokenRoute],
  ["confirm", confirmRoute],
  ["webhook", webhookRoute],
])(
  "a thousand requests whose bodies have sent one byte so far hold less than 1 kB each in arrays of the %s route (T35)",
  async (_, route) => {
    const { handle } = route();
    const cancels: (() => void)[] = [];
    const before = process.memoryUsage().arrayBuffers;
    const answers = Array.from({ length: 1_000 }, () => {
      const body = new ReadableStream({
        start: (controller) => {
          controller.enqueue(Uint8Array.of(123));
          cancels.push(() => controller.close());
        },
      });
      return handle(post(body));
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000 * 1_000);
    for (const cancel of cancels) cancel();
    await Promise.all(answers);
  },
);

it("the server entry can be imported on a runtime without TextDecoder and TextEncoder", async () => {
  vi.stubGlobal("TextDecoder", undefined);
  vi.stubGlobal("TextEncoder", undefined);
  vi.resetModules();
  await expect(import("../../src/server/index.js")).resolves.toBeDefined();
  vi.unstubAllGlobals();
});

it("verifyWebhook throws body_already_read if the body was read before", async () => {
  const request = post("{}");
  await request.text();
  await expect(verifyWebhook(request, { salt: SALT })).rejects.toMatchObject({
    code: "body_already_read",
    httpStatus: 500,
  });
});
