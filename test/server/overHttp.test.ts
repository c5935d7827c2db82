// createConnectToken against a real HTTP server.
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { createBenjiClient } from "../../src/server/index.js";
import { CONNECT_URL, KEY, TOKEN } from "./benji.js";

let close = () => {};
afterEach(() => close());

/** Starts an HTTP server on loopback and returns its URL. */
async function listen(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ask = (baseUrl: string, timeoutMs = 5_000) =>
  createBenjiClient({ apiKey: KEY, baseUrl, timeoutMs }).createConnectToken({
    partnershipId: 49,
    mode: 1,
  });

it("createConnectToken works with the platform's fetch", async () => {
  const data = { token: TOKEN, connect_url: CONNECT_URL };
  const baseUrl = await listen((_, response) => response.end(JSON.stringify({ code: "ok", data })));
  expect(await ask(baseUrl)).toEqual({ token: TOKEN, connectUrl: CONNECT_URL });
});

it("a redirect by Benji is not followed, and fails as api_malformed", async () => {
  const paths: unknown[] = [];
  const baseUrl = await listen((request, response) => {
    paths.push(request.url);
    response.writeHead(307, { location: "/elsewhere" }).end();
  });
  await expect(ask(baseUrl)).rejects.toMatchObject({ code: "api_malformed", httpStatus: 307 });
  expect(paths).toEqual(["/auth/connect"]);
});

it("the connection to Benji is closed if an answer does not end within the timeout", async () => {
  let hangUp = () => {};
  const hungUp = new Promise<void>((resolve) => (hangUp = resolve));
  const baseUrl = await listen((_, response) => {
    response.on("close", hangUp);
    response.write('{"code":');
  });
  await expect(ask(baseUrl, 300)).rejects.toMatchObject({ code: "api_timeout" });
  await hungUp;
});

it("a refused connection fails as api_unreachable with the system's code ECONNREFUSED", async () => {
  const baseUrl = await listen(() => {});
  close();
  await expect(ask(baseUrl)).rejects.toMatchObject({
    code: "api_unreachable",
    cause: { code: "ECONNREFUSED" },
  });
});
