import { readdirSync, readFileSync } from "node:fs";
import { get } from "node:http";
import { dirname, join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { afterEach, describe, expect, it, vi } from "vitest";

import { listenSandbox } from "../../src/sandbox/index.js";
import type { ListeningSandbox, ListenSandboxOptions } from "../../src/sandbox/index.js";
import { SHOP } from "./visit.js";

const running: ListeningSandbox[] = [];

async function listen(options: ListenSandboxOptions = {}): Promise<ListeningSandbox> {
  const started = await listenSandbox({ port: 0, redirectUrl: SHOP, ...options });
  running.push(started);
  return started;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map(({ close }) => close()));
});

const tokenRequest = (body: string): RequestInit => ({
  method: "POST",
  headers: { "Content-Type": "application/json", "x-api-key": "sandbox-api-key" },
  body,
});

/** Uses node:http to set the Host header: `fetch` does not allow that. */
function textOver(url: string, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { Host: host } }, (response) => void text(response).then(resolve, reject));
  });
}

describe("listenSandbox", () => {
  it("the whole flow from token to return works over HTTP with listenSandbox", async () => {
    const { url, sandbox } = await listen();
    const body = JSON.stringify({ partnership_id: 49, mode: 1 });
    const created = await fetch(`${url}/auth/connect`, tokenRequest(body));
    const { data } = (await created.json()) as { data: { token: string; connect_url: string } };
    expect(data.connect_url).toBe(`${url}/49`);

    const back = await fetch(`${data.connect_url}?connect_token=${data.token}`, {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams({ outcome: "success" }),
    });
    expect(back.status).toBe(303);
    expect(back.headers.get("location")).toContain(`${SHOP}?status=success`);
    expect(sandbox.requests).toHaveLength(2);
  });

  it.each(["0.0.0.0", "::", "192.168.0.10", "127.evil.example", "shop.example"])(
    "listenSandbox refuses to listen on %s",
    async (host) => {
      await expect(listen({ host })).rejects.toMatchObject({ code: "ERR_SANDBOX_NOT_LOOPBACK" });
    },
  );

  it("listenSandbox listens on every address of the machine with allowRemote", async () => {
    const { url } = await listen({ host: "0.0.0.0", allowRemote: true });
    expect((await fetch(url.replace("0.0.0.0", "127.0.0.1"))).status).toBe(200);
  });

  it("listenSandbox reports a port that is in use", async () => {
    const port = Number(new URL((await listen()).url).port);
    await expect(listen({ port })).rejects.toMatchObject({
      code: "EADDRINUSE",
      message: expect.stringContaining(`Port ${port} on 127.0.0.1 is taken`) as string,
    });
  });

  it("a listening sandbox refuses a body of more than 64 KB", async () => {
    const { url } = await listen();
    const response = await fetch(`${url}/auth/connect`, tokenRequest("x".repeat(70_000)));
    expect(response.status).toBe(413);
  });

  it("a listening sandbox finds the partnership of a custom domain by the Host header", async () => {
    const { url } = await listen({ hosts: { "rewards.shop.example": "49" } });
    const page = await textOver(url, "rewards.shop.example");
    expect(page).toContain("Partner 49");
    expect(await textOver(url, "rewards.localhost")).toContain("The sandbox is running");
  });

  it("listenSandbox writes a webhook that the shop answered with 404 to the console, without the query of its URL", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const statuses = [404, 204];
    const { sandbox } = await listen({
      webhookUrl: "https://shop.example/webhooks/benji?key=secret",
      onWebhook: undefined, // counts as absent
      fetch: () => Promise.resolve(new Response(null, { status: statuses.shift() ?? 500 })),
    });
    await sandbox.triggerWebhook("campaign_ended");
    await sandbox.triggerWebhook("campaign_updated");
    expect(warn.mock.calls).toEqual([
      [
        'Expected 2xx from https://shop.example/webhooks/benji for the webhook "campaign_ended"; got 404. ' +
          "Is a webhook handler mounted there, and is webhookUrl right?",
      ],
    ]);
    warn.mockRestore();
  });

  it("a closed sandbox no longer answers requests", async () => {
    const { url, close } = await listenSandbox({ port: 0 });
    await fetch(url);
    await close();
    await expect(fetch(url)).rejects.toThrow();
  });
});

describe("the sandbox as an independent implementation", () => {
  it("the code of the sandbox imports only its own files, and modules of Node only in listen.ts", () => {
    const folder = fileURLToPath(new URL("../../src/sandbox/", import.meta.url));
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
    const imports = files
      .filter((file) => file.endsWith(".ts"))
      .flatMap((file) => {
        const path = join(folder, file);
        const source = readFileSync(path, "utf8").replace(/^ \* .*$/gm, "");
        return [...source.matchAll(/(?:from |import\()"([^"]+)"/g)].map(([, name = ""]) =>
          name.startsWith(".") ? resolve(dirname(path), name) : `${file} ${name}`,
        );
      });
    const foreign = imports.filter((name) => !name.startsWith(folder));
    expect(new Set(foreign.filter((name) => !name.startsWith("listen.ts node:")))).toEqual(
      new Set(),
    );
    expect(imports.length).toBeGreaterThan(10);
  });
});
