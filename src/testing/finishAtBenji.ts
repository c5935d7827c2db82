import type { SandboxScenario } from "react-benji-connect/sandbox";

/** What is needed of Playwright's `Page`. Passed in, so that this package does not depend on it. */
export interface PlaywrightPage {
  locator(selector: string): PlaywrightLocator;
}

/** What is needed of Playwright's `Locator`. */
export interface PlaywrightLocator {
  click(): Promise<unknown>;
  check(): Promise<unknown>;
  getAttribute(name: string): Promise<string | null>;
  waitFor(options?: { state?: "detached" }): Promise<unknown>;
}

/** A button of the sandbox's hosted page. `"back"` is the way out of a page about a problem. */
export type FinishOutcome = "success" | "error" | "close" | "back";

export interface FinishAtBenjiOptions {
  /** Chosen in the drawer first. */
  scenario?: SandboxScenario | undefined;
}

/**
 * Finishes a flow on the sandbox's hosted page: waits for it, presses a button, and is done when
 * that button is gone.
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
  // The shop may have a drawer of its own.
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
