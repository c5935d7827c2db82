import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** Starts a server on 127.0.0.1 until the test ends. The shop is on `localhost`, which is another site. */
export async function openServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A page of another site. */
export const openOtherSite = (body: string) =>
  openServer((_, outgoing) => {
    outgoing.writeHead(200, { "content-type": "text/html" });
    outgoing.end(`<!doctype html><title>Free points</title>${body}`);
  });
