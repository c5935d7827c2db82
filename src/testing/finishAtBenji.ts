import type { SandboxScenario } from "react-benji-connect/sandbox";

/** The part of Playwright's `Page` that is used. You pass it in, so it is no dependency. */
export interface PlaywrightPage {
  locator(selector: string): PlaywrightLocator;
}

/** The part of Playwright's `Locator` that is used. */
export interface PlaywrightLocator {
  click(): Promise<unknown>;
  check(): Promise<unknown>;
  getAttribute(name: string): Promise<string | null>;
  waitFor(options?: { state?: "detached" }): Promise<unknown>;
}

/** A button of the sandbox's hosted page. `"back"` leaves a page that shows a problem. */
export type FinishOutcome = "success" | "error" | "close" | "back";

export interface FinishAtBenjiOptions {
  /** Selected on the sandbox's page before the button is pressed. */
  scenario?: SandboxScenario | undefined;
}

/**
 * Finishes a flow on the sandbox's hosted page: waits for the page, presses a button, and resolves
 * when that button is gone.
 *
 * @example
 * ```ts
 * import { expect, test } from "@playwright/test";
 * import { finishAtBenji } from "react-benji-connect/testing";
 *
 * test("links rewards", async ({ page }) => {
 *   await page.goto("http://localhost:3000");
 *   await page.getByRole("button", { name: "Connect rewards" }).click();
 *   await finishAtBenji(page, "success", { scenario: "no-uuid" });
 *   await expect(page.getByText("Your rewards are linked")).toBeVisible();
 * });
 * ```
 */
export async function finishAtBenji(
  page: PlaywrightPage,
  outcome: FinishOutcome,
  { scenario }: FinishAtBenjiOptions = {},
): Promise<void> {
  const button = page.locator(`button[name="outcome"][value="${outcome}"]`);
  // Waits for the sandbox's page first: the shop's page may have `<details>` too.
  await button.waitFor();
  if (scenario) await choose(page, scenario);
  await button.click();
  await button.waitFor({ state: "detached" });
}

async function choose(page: PlaywrightPage, scenario: SandboxScenario): Promise<void> {
  const isOpen = (await page.locator("details").getAttribute("open")) !== null;
  if (!isOpen) await page.locator("details > summary").click();
  await page.locator(`input[name="scenario"][value="${scenario}"]`).check();
}
