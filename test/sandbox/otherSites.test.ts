import { request as ask } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";

import { listenSandbox } from "../../src/sandbox/index.js";
import type { ListeningSandbox, ListenSandboxOptions, Sandbox } from "../../src/sandbox/index.js";
import { createBenjiClient } from "../../src/server/index.js";
import { createToken, locationOf, open, openSandbox, ORIGIN, SHOP } from "./visit.js";

const HOOK = "https://shop.example/hook";
const ANSWERED = () => Promise.resolve(new Response());

const post = (sandbox: Sandbox, address: string, headers: Record<string, string>) =>
  sandbox.fetch(ORIGIN + address, {
    method: "POST",
    headers,
    body: new URLSearchParams({ outcome: "success" }),
  });

describe("a form of the hosted page (T38)", () => {
  it.each([
    ["another site", { origin: "https://evil.example" }],
    ["another port of this machine", { origin: "http://localhost:4011" }],
    ["an opaque origin", { origin: "null" }],
    ["an invalid origin", { origin: "localhost:4010" }],
    ["another site that only Sec-Fetch-Site names", { "sec-fetch-site": "cross-site" }],
    [
      "another site with Sec-Fetch-Site: same-origin",
      { origin: "https://evil.example", "sec-fetch-site": "same-origin" },
    ],
    [
      "a sibling site that only Sec-Fetch-Site names",
      { origin: ORIGIN, "sec-fetch-site": "same-site" },
    ],
  ])(
    "a form sent to the hosted page from %s is refused, signs no webhook and leaves the token valid",
    async (_, headers) => {
      const sandbox = openSandbox({ webhookUrl: HOOK, fetch: ANSWERED });
      const address = `/49?connect_token=${await createToken(sandbox)}`;
      expect((await post(sandbox, address, headers)).status).toBe(403);
      expect((await post(sandbox, "/49?mode=3", headers)).status).toBe(403);
      await sandbox.webhooksSettled();
      expect(sandbox.webhooks).toEqual([]);
      expect((await open(sandbox, address)).status).toBe(200);
    },
  );

  it.each([
    ["the sandbox itself", { origin: ORIGIN, "sec-fetch-site": "same-origin" }],
    ["a client that sends neither Origin nor Sec-Fetch-Site", {}],
  ])("a form sent to the hosted page from %s is accepted", async (_, headers) => {
    expect((await post(openSandbox(), "/49", headers)).status).toBe(303);
  });

  it("a form sent to the hosted page from the public address behind a proxy is accepted", async () => {
    const sandbox = openSandbox({ baseUrl: "https://sandbox.shop.example/" });
    const headers = { origin: "https://sandbox.shop.example" };
    expect((await post(sandbox, "/49", headers)).status).toBe(303);
  });
});

it.each(["http://sandbox:4010", "http://192.168.1.20:4010", "http://benji.test"])(
  "a flow on %s, for docker-compose or a phone, works with dangerouslyAllowHttpInDevelopment (T44)",
  async (origin) => {
    const sandbox = openSandbox();
    const benji = createBenjiClient({
      apiKey: "sandbox-api-key",
      baseUrl: origin,
      dangerouslyAllowHttpInDevelopment: true,
      fetch: (url, init) => sandbox.fetch(url, init),
    });
    const { token, connectUrl } = await benji.createConnectToken({ partnershipId: 49, mode: 1 });
    expect(connectUrl).toBe(`${origin}/49`);
    // Browsers send no Sec-Fetch-Site to an origin that is not potentially trustworthy.
    const back = await sandbox.fetch(`${connectUrl}?connect_token=${token}`, {
      method: "POST",
      headers: { origin },
      body: new URLSearchParams({ outcome: "success" }),
    });
    expect([back.status, locationOf(back)]).toEqual([
      303,
      expect.stringContaining("status=success"),
    ]);
  },
);

describe("the hosted page", () => {
  it("the hosted page may be framed only by pages on loopback", async () => {
    const policy = (await open(openSandbox(), "/49")).headers.get("content-security-policy") ?? "";
    const sources = /frame-ancestors ([^;]*)/.exec(policy)?.[1]?.split(" ") ?? [];
    expect(sources).toContain("'self'");
    for (const source of sources) {
      expect(source).toMatch(/^'self'$|^https?:\/\/(?:\*\.)?(?:localhost|127\.0\.0\.1):\*$/);
    }
  });

  it("the hosted page has the referrer policy same-origin, with which its own form sends its origin", async () => {
    const page = await open(openSandbox(), "/49");
    expect(page.headers.get("referrer-policy")).toBe("same-origin");
  });

  it("the return to the shop sends no referrer", async () => {
    const back = await post(openSandbox(), "/49", { origin: ORIGIN });
    expect(back.headers.get("referrer-policy")).toBe("no-referrer");
  });
});

describe("a sandbox that listens (T38)", () => {
  const running: ListeningSandbox[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map(({ close }) => close()));
  });

  async function listen(options: ListenSandboxOptions = {}): Promise<ListeningSandbox> {
    const started = await listenSandbox({
      port: 0,
      redirectUrl: SHOP,
      webhookUrl: HOOK,
      fetch: ANSWERED,
      ...options,
    });
    running.push(started);
    return started;
  }

  /** Uses node:http to set the Host header: `fetch` does not allow that. */
  function send(url: string, host: string, method = "POST") {
    return new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      const outgoing = ask(`${url}/49?mode=3`, { method, headers: { host } }, (response) => {
        const { statusCode: status } = response;
        void text(response).then((body) => resolve({ status, body }), reject);
      });
      outgoing.on("error", reject).end(method === "POST" ? "outcome=success" : undefined);
    });
  }

  const DECLARED = { hosts: { "rewards.shop.example": "49" }, baseUrl: "https://box.example:8443" };

  it.each([
    [{}, "evil.example"],
    [{}, "localhost.evil.example"],
    [{}, "127.0.0.1.evil.example"],
    [{}, "192.168.1.5"],
    [{}, "sandbox"],
    [DECLARED, "shop.example"],
    [{ allowRemote: true }, "evil.example"],
    [{ allowRemote: true }, "evil.example:80"],
  ])(
    "a sandbox that listens with %j refuses the Host %s and signs no webhook",
    async (...facts) => {
      const [options, host] = facts;
      const { url, sandbox } = await listen(options);
      const refusals = await Promise.all([send(url, host), send(url, host, "GET")]);
      expect(refusals.map(({ status }) => status)).toEqual([403, 403]);
      expect(refusals[0]?.body).toMatch(/hosts.*baseUrl/s);
      await sandbox.webhooksSettled();
      expect(sandbox.webhooks).toEqual([]);
    },
  );

  it.each([
    [{}, "localhost"],
    [{}, "LOCALHOST:1"],
    [{}, "rewards.localhost:4010"],
    [{}, "127.0.0.1"],
    [{}, "[::1]:4010"],
    [DECLARED, "rewards.shop.example"],
    [DECLARED, "box.example"],
    [{ allowRemote: true }, "192.168.1.5:4010"],
    [{ allowRemote: true }, "[fe80::1]"],
    [{ allowRemote: true }, "sandbox:4010"],
    [{ allowRemote: true }, "shop.test"],
    [{ allowRemote: true }, "shop.local"],
    [{ allowRemote: true }, "shop.internal"],
  ])("a sandbox that listens with %j answers the Host %s", async (options, host) => {
    const { url } = await listen(options);
    expect((await send(url, host)).status).toBe(303);
  });
});
