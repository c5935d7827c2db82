import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Browser, chromium, type Page } from "playwright-core";
import { buildHostedConnectUrl } from "react-benji-connect/core";
import {
  listenSandbox,
  type ListeningSandbox,
  type SandboxScenario,
} from "react-benji-connect/sandbox";
import { finishAtBenji } from "react-benji-connect/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { chromiumArgs, ensure } from "../../scripts/ensure-browser.mjs";

const executablePath = await ensure({ install: false }).catch(() => undefined);

const STATE = "state-1";

describe.skipIf(!executablePath)("finishAtBenji, with a page of Playwright's", () => {
  let shop: Server;
  let shopUrl: string;
  let sandbox: ListeningSandbox;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    // A page with a <details> of its own, which finishAtBenji must not open.
    const markup = '<details data-testid="shop"><summary>Help</summary>No</details>';
    shop = createServer((_request, response) => {
      response.setHeader("content-type", "text/html");
      response.end(markup);
    });
    await new Promise<void>((resolve) => shop.listen(0, "127.0.0.1", resolve));
    shopUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
    [sandbox, browser] = await Promise.all([
      listenSandbox({ port: 0, redirectUrl: `${shopUrl}/benji/callback` }),
      chromium.launch({ executablePath: executablePath!, args: chromiumArgs }),
    ]);
  });
  beforeEach(async () => {
    page = await browser.newPage();
    page.setDefaultTimeout(15_000);
  });
  afterEach(() => page.close());
  afterAll(async () => {
    await Promise.all([browser?.close(), sandbox?.close()]);
    shop?.close();
  });

  /** Navigates from the shop to the hosted page, like a click. It does not wait for the page. */
  async function leaveForBenji(): Promise<void> {
    const answer = await fetch(`${sandbox.url}/auth/connect`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": "sandbox-api-key" },
      body: JSON.stringify({ partnership_id: 49, mode: 1 }),
    });
    const { data } = (await answer.json()) as { data: { token: string; connect_url: string } };
    const hosted = buildHostedConnectUrl(
      data.connect_url,
      { connectToken: data.token, state: STATE },
      { trustedHosts: [new URL(sandbox.url).host], pageUrl: shopUrl },
    );
    await page.goto(shopUrl);
    await page.evaluate((url) => {
      setTimeout(() => window.location.assign(url), 200);
    }, hosted);
  }

  const arrive = () => page.waitForURL(`${shopUrl}/benji/callback?**`);
  const query = () => [...new URL(page.url()).searchParams];
  const title = () => page.locator("h1").textContent();

  it.each(["success", "error"] as const)(
    "finishAtBenji returns to the shop with a %s",
    async (status) => {
      await leaveForBenji();
      await finishAtBenji(page, status);
      await arrive();
      expect(Object.fromEntries(query())).toMatchObject({ status, state: STATE });
    },
  );

  it("finishAtBenji closes the page without a return", async () => {
    await leaveForBenji();
    await finishAtBenji(page, "close");
    expect(await title()).toBe("You can close this window");
  });

  const ID = expect.stringMatching(/^[0-9a-f-]{36}$/);
  const returning: [SandboxScenario, ...unknown[]][] = [
    ["success", ["status", "success"], ["state", STATE], ["benji_user_uuid", ID]],
    ["error", ["status", "error"], ["state", STATE]],
    ["slow", ["status", "success"], ["state", STATE]],
    ["no-uuid", ["status", "success"], ["benji_user_id", expect.stringMatching(/^\d+$/)]],
    ["no-state", ["status", "success"], ["benji_user_uuid", ID]],
    ["duplicated-parameters", ["status", "success"], ["status", "error"]],
    ["extra-parameters", ["status", "success"], ["state", STATE]],
    ["tampered-uuid", ["status", "success"], ["benji_user_uuid", ID]],
  ];

  it.each(returning)(
    "finishAtBenji plays the scenario %s from the drawer of the sandbox's page, and the browser returns to the shop",
    async (scenario, ...params) => {
      await leaveForBenji();
      await finishAtBenji(page, "success", { scenario });
      await arrive();
      expect(query()).toEqual(expect.arrayContaining(params));
      expect(query().some(([name]) => name === "state")).toBe(scenario !== "no-state");
    },
  );

  it.each([
    ["close", "You can close this window"],
    ["no-redirect-url", "All done"],
  ] as const)(
    "finishAtBenji plays the scenario %s from the drawer of the sandbox's page, and the browser stays there",
    async (scenario, says) => {
      await leaveForBenji();
      await finishAtBenji(page, "success", { scenario });
      expect(await title()).toBe(says);
    },
  );

  it.each([
    ["expired-token", "This link has expired"],
    ["used-token", "This link was already used"],
  ] as const)(
    'after finishAtBenji with the scenario %s a call with "back" goes back to the shop',
    async (scenario, says) => {
      await leaveForBenji();
      await finishAtBenji(page, "success", { scenario });
      expect(await title()).toBe(says);
      await finishAtBenji(page, "back");
      await arrive();
      expect(Object.fromEntries(query())).toMatchObject({ status: "error", state: STATE });
    },
  );

  it("finishAtBenji plays its own scenario even if a test has set another one with setNextScenario", async () => {
    sandbox.sandbox.setNextScenario("close");
    await leaveForBenji();
    await finishAtBenji(page, "success", { scenario: "success" });
    await arrive();
    expect(Object.fromEntries(query())).toMatchObject({ status: "success" });
  });
});
