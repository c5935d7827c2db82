import { type Browser, chromium, type Page } from "playwright-core";
import type { SandboxScenario } from "react-benji-connect/sandbox";
import { finishAtBenji } from "react-benji-connect/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

// From run.mjs.
const { SHOP_URL = "", CHROMIUM_PATH = "", CHROMIUM_ARGS = "[]" } = process.env;
const CALLBACK = `${SHOP_URL}/benji/callback`;

const LINKED = /^Linked [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const NOTHING = /^Nothing was linked$/;
const UNCONFIRMED = /^We could not ask our server$/;
const NO_RETURN = /^Nothing has come back from Benji$/;

interface Expected {
  /** What Benji says before the member goes on. */
  benji?: string;
  /** How the member goes on from there. */
  then?: "back" | "by hand";
  /** What the callback page shows in the end. */
  shop: RegExp;
}

/** Everything that the sandbox can play. */
const EXPECTED: Record<SandboxScenario, Expected> = {
  success: { shop: LINKED },
  error: { shop: NOTHING },
  close: { benji: "You can close this window", then: "by hand", shop: NO_RETURN },
  slow: { shop: LINKED },
  "no-uuid": { shop: /^Linked \d+$/ },
  "no-state": { shop: /^Please start again \(state_missing\)$/ },
  "duplicated-parameters": { shop: /^Please start again \(params_ambiguous\)$/ },
  "extra-parameters": { shop: LINKED },
  "tampered-uuid": { shop: /^Please start again \(not_confirmed\)$/ },
  "expired-token": { benji: "This link has expired", then: "back", shop: NOTHING },
  "used-token": { benji: "This link was already used", then: "back", shop: NOTHING },
  "no-redirect-url": { benji: "All done", then: "by hand", shop: NO_RETURN },
  // This shop only waits for the webhook of a connection, which these change nothing of …
  "slow-transaction": { shop: LINKED },
  "failed-transaction": { shop: LINKED },
  "repeated-webhooks": { shop: LINKED },
  "out-of-order-webhooks": { shop: LINKED },
  "loyalty-number": { shop: LINKED },
  "undocumented-merchant-external-id": { shop: LINKED },
  "undocumented-partner-external-id": { shop: LINKED },
  // … but for these two.
  "late-webhooks": { shop: LINKED },
  "lost-webhooks": { shop: UNCONFIRMED },
};
const SCENARIOS = Object.entries(EXPECTED) as [SandboxScenario, Expected][];

let browser: Browser;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  const args = JSON.parse(CHROMIUM_ARGS) as string[];
  browser = await chromium.launch({ executablePath: CHROMIUM_PATH, args });
});
afterAll(() => browser?.close());

// A browser that has never been here, and so a new member.
beforeEach(async () => {
  page = await browser.newPage();
  page.setDefaultTimeout(30_000);
  complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    const isOurs = message.location().url.startsWith(SHOP_URL);
    if (isOurs && message.type() === "error") complaints.push(message.text());
  });
});
afterEach(async () => {
  await page.context().close();
  expect(complaints).toEqual([]);
});

async function leave(name = "Connect rewards"): Promise<void> {
  await page.goto(SHOP_URL);
  await page.getByRole("button", { name }).click();
}

/** What the callback page shows in the end. Nothing of Benji's stays in the address. */
async function readCallback(): Promise<string | null> {
  await page.waitForURL((url) => url.href.startsWith(CALLBACK));
  const words = await page.locator("p[data-status]:not([data-status=pending])").textContent();
  const { searchParams } = new URL(page.url());
  for (const name of ["status", "state", "benji_user_uuid", "benji_user_id", "trigger_event_id"])
    expect(searchParams.has(name)).toBe(false);
  return words;
}

describe("from the shop to Benji and back", () => {
  it("knows every scenario that the sandbox has", async () => {
    await leave();
    const choices = page.locator("input[name=scenario]");
    await choices.first().waitFor({ state: "attached" });
    const names = await choices.evaluateAll((inputs) =>
      inputs.map((input) => input.getAttribute("value")),
    );
    expect(names.sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  it.each(SCENARIOS)("scenario %s", async (scenario, { benji, then, shop }) => {
    await leave();
    await finishAtBenji(page, "success", { scenario });
    if (benji) expect(await page.locator("h1").textContent()).toBe(benji);
    if (then === "back") await finishAtBenji(page, "back");
    if (then === "by hand") await page.goto(`${CALLBACK}?shop=partner`);
    expect(await readCallback()).toMatch(shop);
    // The Redirect URL's own query.
    expect(new URL(page.url()).searchParams.get("shop")).toBe("partner");
  });

  it("hears of a member who gives up", async () => {
    await leave();
    await finishAtBenji(page, "error");
    expect(await readCallback()).toMatch(NOTHING);
  });

  it("transfers points, and still has the cart", async () => {
    await leave("Transfer 500 points");
    await finishAtBenji(page, "success");
    expect(await readCallback()).toMatch(/^Linked [0-9a-f-]{36}, cart 3$/);
  });

  it("says the same after a reload", async () => {
    await leave();
    await finishAtBenji(page, "success");
    const words = await readCallback();
    await page.reload();
    expect([words, await readCallback()]).toEqual([expect.stringMatching(LINKED), words]);
  });
});
