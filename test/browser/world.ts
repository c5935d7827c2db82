import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { type Demo, startDemo } from "../../demo/start.js";
import { chromiumArgs } from "../../scripts/ensure-browser.mjs";

export const API_KEY = "canary-api-key-5b1d";
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
export const LABELS = {
  connect: "Connect rewards",
  transfer: "Transfer 1,000 points",
  redeem: "Redeem points",
};
export type Mode = keyof typeof LABELS;

/** Benji's five names, spelled out here on purpose. */
const RETURN_NAMES = ["status", "state", "benji_user_uuid", "benji_user_id", "trigger_event_id"];

export let demo: Demo;
let browser: Browser;
let contexts: BrowserContext[] = [];
let complaints: string[] = [];

/** Call once a file: a shop and a sandbox on free ports, and a browser to visit them. */
export function openWorld(): void {
  beforeAll(async () => {
    [demo, browser] = await Promise.all([
      startDemo({ shopPort: 0, sandboxPort: 0, apiKey: API_KEY }),
      chromium.launch({
        executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
        args: chromiumArgs,
        ignoreDefaultArgs: ["--disable-back-forward-cache"],
      }),
    ]);
  });
  afterEach(async () => {
    const heard = complaints;
    complaints = [];
    await Promise.all(contexts.map((context) => context.close()));
    contexts = [];
    expect(heard).toEqual([]); // whatever the console or React had to complain about
  });
  afterAll(async () => {
    await Promise.all([browser?.close(), demo?.close()]);
  });
}

/** A browser that has never been here. */
export async function newVisitor(): Promise<Page> {
  const context = await browser.newContext();
  context.setDefaultTimeout(15_000);
  contexts.push(context);
  const page = await context.newPage();
  page.on("console", (message) => {
    // Benji's own pages may say 410: without a back/forward cache, Back loads a used token again.
    const isBenjis = message.location().url.startsWith(demo.sandboxUrl);
    const isComplaint = message.type() === "error" || message.type() === "warning";
    if (isComplaint && !isBenjis) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  return page;
}

/** For a test that makes the browser complain on purpose. */
export const forgetComplaints = () => {
  complaints = [];
};

export const callbackUrl = (query: string) => `${demo.shopUrl}/benji/callback?${query}`;
export const button = (page: Page, mode: Mode) => page.getByRole("button", { name: LABELS[mode] });
export const result = (page: Page) => page.getByTestId("result");

const onHostedPage = (url: URL) => url.origin === demo.sandboxUrl && url.searchParams.has("state");
const onCallback = (url: URL) => url.pathname === "/benji/callback";

export async function arriveAtBenji(page: Page): Promise<void> {
  await page.waitForURL(onHostedPage);
}

/** From the shop to Benji's hosted page, by clicking. */
export async function leave(page: Page, mode: Mode = "connect"): Promise<void> {
  await page.goto(demo.shopUrl);
  await button(page, mode).click();
  await arriveAtBenji(page);
}

export async function finish(page: Page, outcome: "success" | "error" = "success"): Promise<void> {
  await page.locator(`button[name=outcome][value=${outcome}]`).click();
}

/** Finishes at Benji; the address that came back, as it was before it was cleaned. */
export async function comeBack(
  page: Page,
  outcome: "success" | "error" = "success",
): Promise<string> {
  const arrival = page.waitForRequest(
    (request) => request.isNavigationRequest() && onCallback(new URL(request.url())),
  );
  await finish(page, outcome);
  const url = (await arrival).url();
  await page.waitForURL(onCallback);
  return url;
}

/** What the callback page shows; absent fields are left out. */
export async function readResult(page: Page): Promise<Record<string, string>> {
  await result(page).waitFor();
  return result(page).evaluate((element) => {
    const cells = [...element.querySelectorAll<HTMLElement>("[data-field]:not([data-absent])")];
    const fields = cells.map((cell) => [cell.dataset["field"], cell.textContent]);
    return { status: element.dataset["status"], ...Object.fromEntries(fields) };
  });
}

/** The address bar keeps the shop's own query and nothing of Benji's. */
export function expectCleanAddress(page: Page): void {
  const { searchParams } = new URL(page.url());
  expect(searchParams.get("shop")).toBe("corner");
  expect(RETURN_NAMES.filter((name) => searchParams.has(name))).toEqual([]);
}

/** Requests of this page, as "METHOD path". */
export function logRequests(page: Page): string[] {
  const log: string[] = [];
  page.on("request", (request) =>
    log.push(`${request.method()} ${new URL(request.url()).pathname}`),
  );
  return log;
}
