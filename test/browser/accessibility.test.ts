import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumArgs } from "../../scripts/ensure-browser.mjs";
import { engineName } from "./engines/launch.js";
import { closedGate, demo, interceptShop, openShopAndBenji } from "./shopAndBenji.js";

// Chromium only: the tests read its accessibility tree through Playwright.
describe.runIf(engineName === "chromium")("the texts for a screen reader", () => {
  openShopAndBenji();
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
      args: chromiumArgs,
    });
  });
  afterAll(() => browser?.close());

  const openShop = async () => {
    page = await browser.newPage();
    await page.goto(demo.shopUrl);
  };
  const offers = () => page.locator(".offers").ariaSnapshot();
  const said = () => page.locator("body > [role=status]").ariaSnapshot();
  const focused = () => page.evaluate(() => document.activeElement?.textContent);

  it("each button is named after its action, and Tab reaches the buttons in the order of the page", async () => {
    await openShop();
    expect(await offers()).toMatchInlineSnapshot(`
      "- heading "Link your rewards" [level=2]
      - paragraph: See your points next to your order, once and for all.
      - button "Connect rewards"
      - heading "Bring points over" [level=2]
      - paragraph: Move 1,000 points here and go on to the checkout.
      - button "Transfer 1,000 points"
      - heading "Pay with points" [level=2]
      - paragraph: 500 points are a flat white. You can change how many.
      - button "Redeem points""
    `);
    const names = [];
    for (let tab = 0; tab < 5; tab++) {
      await page.keyboard.press("Tab");
      names.push(await focused());
    }
    expect(names.slice(-3)).toEqual(["Connect rewards", "Transfer 1,000 points", "Redeem points"]);
  });

  /** The texts of the live regions in Chromium's accessibility tree, which has no inert or hidden elements. */
  async function liveTexts(): Promise<string[]> {
    const session = await page.context().newCDPSession(page);
    const { nodes } = await session.send("Accessibility.getFullAXTree");
    const byId = new Map(nodes.map((node) => [node.nodeId, node]));
    const textOf = (id: string): string => {
      const node = byId.get(id);
      if (node?.role?.value === "StaticText") return String(node.name?.value);
      return (node?.childIds ?? []).map(textOf).join("");
    };
    return nodes
      .filter(({ ignored, role }) => !ignored && role?.value === "status")
      .map(({ nodeId }) => textOf(nodeId));
  }

  /** Opens a modal around the shop's offers, inside React's root, so that React handles their clicks. */
  const MODALS: Record<string, () => void> = {
    "a dialog that showModal() has opened": () => {
      const dialog = document.createElement("dialog");
      const offers = document.querySelector(".offers")!;
      offers.replaceWith(dialog);
      dialog.append(offers);
      dialog.showModal();
    },
    "a dialog that sets aria-hidden on the rest of the page": () => {
      const dialog = document.querySelector(".offers")!;
      dialog.setAttribute("role", "dialog");
      const hideAround = (inside: Element) => {
        for (const each of inside.parentElement?.children ?? [])
          if (each !== inside) each.setAttribute("aria-hidden", "true");
        if (inside.parentElement !== document.body) hideAround(inside.parentElement!);
      };
      hideAround(dialog);
      new MutationObserver(() => hideAround(dialog)).observe(document.body, { childList: true });
    },
  };

  /** Lets the token route wait for the returned gate, and then answer 500. */
  const holdTokenRoute = () => {
    const gate = closedGate();
    interceptShop(async (request, answer) => {
      if (request.method !== "POST") return answer(request);
      await gate.opened;
      return new Response(null, { status: 500 });
    });
    return gate;
  };

  it.each(Object.keys(MODALS))(
    "in %s the live regions have the text of the wait, then of the failed start (F47)",
    async (modal) => {
      await openShop();
      const gate = holdTokenRoute();
      await page.evaluate(MODALS[modal]!);
      await page.getByRole("button", { name: "Redeem points" }).click();
      await page.locator("[aria-busy=true]").waitFor();
      expect(await liveTexts()).toEqual(["Connecting to Benji"]);
      gate.open();
      await page.locator("[data-status=failed]").waitFor();
      expect(await liveTexts()).toEqual([
        "We could not reach the rewards service. Please try again.",
      ]);
    },
  );

  it("a screen reader announces the wait and the failure; the failure also describes the focused button", async () => {
    await openShop();
    const gate = holdTokenRoute();
    await page.getByRole("button", { name: "Redeem points" }).focus();
    await page.keyboard.press("Enter");
    await page.locator("[aria-busy=true]").waitFor();
    expect(await said()).toMatchInlineSnapshot(`"- status: Connecting to Benji"`);
    gate.open();
    await page.locator("[data-status=failed]").waitFor();
    expect(await focused()).toBe("Redeem points");
    expect(await said()).toMatchInlineSnapshot(
      `"- status: We could not reach the rewards service. Please try again."`,
    );
    expect(await offers()).toMatchInlineSnapshot(`
      "- heading "Link your rewards" [level=2]
      - paragraph: See your points next to your order, once and for all.
      - button "Connect rewards"
      - heading "Bring points over" [level=2]
      - paragraph: Move 1,000 points here and go on to the checkout.
      - button "Transfer 1,000 points"
      - heading "Pay with points" [level=2]
      - paragraph: 500 points are a flat white. You can change how many.
      - button "Redeem points"
      - text: We could not reach the rewards service. Please try again."
    `);
    const button = page.getByRole("button", { name: "Redeem points" });
    const describedBy = (await button.getAttribute("aria-describedby")) ?? "";
    expect(await page.locator(`[id="${describedBy}"]`).textContent()).toBe(
      "We could not reach the rewards service. Please try again.",
    );
  });
});
