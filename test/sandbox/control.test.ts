import { describe, expect, it } from "vitest";

import type { Sandbox, SandboxOptions } from "../../src/sandbox/index.js";
import { openSandbox, ORIGIN } from "./visit.js";

const API_KEY = { "x-api-key": "sandbox-api-key", "content-type": "application/json" };

const openWithInbox = (options: SandboxOptions = {}) =>
  openSandbox({
    webhookUrl: "https://shop.example/hook",
    fetch: () => Promise.resolve(new Response(null, { status: 204 })),
    ...options,
  });

const postAction = (sandbox: Sandbox, action: string, body: object, headers: object = API_KEY) =>
  sandbox.fetch(`${ORIGIN}/sandbox/${action}`, {
    method: "POST",
    headers: headers as Record<string, string>,
    body: JSON.stringify(body),
  });

describe("a running sandbox", () => {
  it("the actions trigger and resend of a running sandbox send a webhook and answer with the result of that webhook", async () => {
    const sandbox = openWithInbox();
    const triggered = await postAction(sandbox, "trigger", { event: "campaign_ended" });
    const webhook = {
      number: 1,
      event: "campaign_ended",
      url: "https://shop.example/hook",
      tries: 1,
      lastStatus: 204,
    };
    expect(await triggered.json()).toEqual({ code: "ok", data: { webhook } });
    const resent = await postAction(sandbox, "resend", { number: 1 });
    expect(await resent.json()).toEqual({
      code: "ok",
      data: { webhook: { ...webhook, number: 2 } },
    });
  });

  it.each([
    ["trigger", { event: "points_rained" }, 400],
    ["trigger", { event: "constructor" }, 400],
    ["trigger", {}, 400],
    ["resend", { number: "1" }, 400],
    ["resend", { number: 7 }, 409],
  ])(
    "the sandbox's action %s with the body %j is refused with HTTP %i",
    async (action, body, status) => {
      const response = await postAction(openWithInbox(), action, body);
      expect(response.status).toBe(status);
      expect(await response.json()).toEqual({
        error: expect.any(String) as string,
        message: expect.any(String) as string,
      });
    },
  );

  it("the sandbox's action trigger without a webhookUrl is refused, and the message names the option", async () => {
    const response = await postAction(openSandbox(), "trigger", { event: "campaign_ended" });
    expect([response.status, await response.text()]).toEqual([
      409,
      expect.stringContaining("webhookUrl"),
    ]);
  });

  const EVIL = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };

  it.each([
    ["no API key", { "content-type": "application/json" }, 401],
    ["another API key", { ...API_KEY, "x-api-key": "wrong" }, 401],
    ["no JSON content type", { "x-api-key": "sandbox-api-key" }, 415],
    ["what a form of another site can send", { ...EVIL, "content-type": "text/plain" }, 401],
  ])(
    "the sandbox's actions trigger and resend send no webhook for a request with %s (T38)",
    async (_, headers, status) => {
      const sandbox = openWithInbox();
      await sandbox.triggerWebhook("campaign_ended");
      const body = { event: "campaign_ended", number: 1 };
      for (const action of ["trigger", "resend"]) {
        expect((await postAction(sandbox, action, body, headers)).status).toBe(status);
      }
      expect(sandbox.webhooks).toHaveLength(1);
    },
  );

  it.each(["trigger", "resend"])(
    "the sandbox's action %s refuses a CORS preflight from another site (T38)",
    async (action) => {
      const init = { method: "OPTIONS", headers: { origin: "https://evil.example" } };
      const response = await openWithInbox().fetch(`${ORIGIN}/sandbox/${action}`, init);
      expect(response.status).toBe(405);
      expect(response.headers.has("access-control-allow-origin")).toBe(false);
    },
  );
});
