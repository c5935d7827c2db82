import { type Browser, chromium, type Page } from "playwright-core";
import type { SandboxScenario } from "react-benji-connect/sandbox";
import { finishAtBenji } from "react-benji-connect/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

// run.mjs sets these variables.
const { SHOP_URL = "", CHROMIUM_PATH = "", CHROMIUM_ARGS = "[]" } = process.env;
const CALLBACK = `${SHOP_URL}/benji/callback`;

const LINKED = /^Done, cart 0$/;
const NOTHING = /^Start again \(error\)$/;
const UNCONFIRMED = /^Not confirmed yet: ask again$/;
const REFUSED = /^Start again \(not_confirmed\)$/;
const NO_RETURN = /^Start again \(none\)$/;

interface Expected {
  /** The text on Benji's page before the member leaves it. */
  benji?: string;
  /** How the member leaves Benji's page. */
  then?: "back" | "by hand";
  /** The final text of the callback page. */
  shop: RegExp;
}

/** How a connection ends in each scenario of the sandbox. */
const EXPECTED: Record<SandboxScenario, Expected> = {
  success: { shop: UNCONFIRMED }, // the documented answer has no row with the member's id
  error: { shop: NOTHING },
  close: { benji: "You can close this window", then: "by hand", shop: NO_RETURN },
  slow: { shop: LINKED },
  "no-uuid": { shop: UNCONFIRMED },
  "no-state": { shop: /^Start again \(state_missing\)$/ },
  "duplicated-parameters": { shop: /^Start again \(params_ambiguous\)$/ },
  "extra-parameters": { shop: LINKED },
  "tampered-uuid": { shop: UNCONFIRMED },
  "expired-token": { benji: "This link has expired", then: "back", shop: NOTHING },
  "used-token": { benji: "This link was already used", then: "back", shop: NOTHING },
  "no-redirect-url": { benji: "All done", then: "by hand", shop: NO_RETURN },
  "slow-transaction": { shop: LINKED },
  "failed-transaction": { shop: LINKED },
  "late-webhooks": { shop: LINKED },
  "repeated-webhooks": { shop: LINKED },
  "out-of-order-webhooks": { shop: LINKED },
  "lost-webhooks": { shop: LINKED },
  "loyalty-number": { shop: UNCONFIRMED },
  "undocumented-merchant-external-id": { shop: LINKED },
  "undocumented-partner-external-id": { shop: UNCONFIRMED }, // the shop reads the merchant row
};
const SCENARIOS = Object.entries(EXPECTED) as [SandboxScenario, Expected][];

const TRANSFERRED = /^Done, cart 3$/;

/** How a transfer ends in scenarios about webhooks and the transaction. */
const TRANSFERS: [SandboxScenario, RegExp][] = [
  ["extra-parameters", TRANSFERRED],
  ["tampered-uuid", REFUSED],
  ["slow-transaction", TRANSFERRED],
  ["failed-transaction", REFUSED],
  ["late-webhooks", TRANSFERRED],
  ["repeated-webhooks", TRANSFERRED],
  ["out-of-order-webhooks", TRANSFERRED],
  ["lost-webhooks", UNCONFIRMED],
];

let browser: Browser;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  const args = JSON.parse(CHROMIUM_ARGS) as string[];
  browser = await chromium.launch({ executablePath: CHROMIUM_PATH, args });
});
afterAll(() => browser?.close());

// A new browser without cookies, and so a new member.
beforeEach(async () => {
  page = await browser.newPage();
  page.setDefaultTimeout(30_000);
  complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    const isOurs = message.location().url.startsWith(SHOP_URL);
    // Chromium logs a 409 as an error; here the confirm route has refused on purpose.
    const isNo = message.text().includes("409 (Conflict)");
    if (isOurs && !isNo && message.type() === "error") complaints.push(message.text());
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

/** The final text of the callback page. Expects no parameter of Benji in the address. */
async function readCallback(): Promise<string | null> {
  await page.waitForURL((url) => url.href.startsWith(CALLBACK));
  const text = await page.locator("#root > *").filter({ hasNotText: "One moment" }).textContent();
  const { searchParams } = new URL(page.url());
  for (const name of ["status", "state", "benji_user_uuid", "benji_user_id", "trigger_event_id"])
    expect(searchParams.has(name)).toBe(false);
  return text;
}

describe("from the shop to Benji and back", () => {
  it("the scenarios of these tests are all the scenarios of the sandbox", async () => {
    await leave();
    const choices = page.locator("input[name=scenario]");
    await choices.first().waitFor({ state: "attached" });
    const names = await choices.evaluateAll((inputs) =>
      inputs.map((input) => input.getAttribute("value")),
    );
    expect(names.sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  it.each(SCENARIOS)(
    "a connection in the scenario %s ends with the expected text on the callback page",
    async (scenario, { benji, then, shop }) => {
      await leave();
      await finishAtBenji(page, "success", { scenario });
      if (benji) expect(await page.locator("h1").textContent()).toBe(benji);
      if (then === "back") await finishAtBenji(page, "back");
      if (then === "by hand") await page.goto(`${CALLBACK}?shop=partner`);
      expect(await readCallback()).toMatch(shop);
      // The Redirect URL's own query is kept.
      expect(new URL(page.url()).searchParams.get("shop")).toBe("partner");
    },
  );

  it("the callback page offers a new start if the member chooses the error at Benji", async () => {
    await leave();
    await finishAtBenji(page, "error");
    expect(await readCallback()).toMatch(NOTHING);
  });

  it.each(TRANSFERS)(
    "a transfer in the scenario %s ends with the expected text on the callback page",
    async (scenario, shop) => {
      await leave("Transfer 500 points");
      await finishAtBenji(page, "success", { scenario });
      expect(await readCallback()).toMatch(shop);
    },
  );

  it("the callback page shows the same text after a reload", async () => {
    await leave();
    await finishAtBenji(page, "success");
    const text = await readCallback();
    await page.reload();
    expect([text, await readCallback()]).toEqual([expect.stringMatching(LINKED), text]);
  });
});
