// Opens a bundler's output in Chromium. Playwright answers for the shop's server and for Benji.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const SHOP = "https://shop.example";
const BENJI = "https://connect.withbenji.com";
const PAGE = `<!doctype html><div id="root"></div><script src="/bundle.js"></script>`;
const SCRIPT = /\.m?js$/;

/** Checks that a member presses the button, comes back from Benji, and sees the success. */
export async function travels(browser, folder) {
  await onPage(browser, folder, async (page, errors) => {
    await page.goto(SHOP);
    await page.getByRole("button", { name: "Connect rewards" }).click();
    await page.waitForURL(/\/callback/);
    const result = await page.locator("#result").textContent();
    if (result !== "success" || errors.length > 0)
      throw new Error(`expected success, got ${result} ${errors.join("; ")}`);
    if (page.url() !== `${SHOP}/callback`) throw new Error(`the address is ${page.url()}`);
  });
}

/** Checks the same in an app that a framework serves: only Benji's page is simulated. */
export async function travelsThrough(browser, url, benji) {
  const context = await browser.newContext();
  await context.addCookies([{ name: "session", value: "ada", url }]);
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", ({ message }) => errors.push(message));
  page.setDefaultTimeout(30_000);
  await answerBenji(page, benji, url);
  try {
    await page.goto(url, { waitUntil: "networkidle" }); // the page is hydrated then
    await page.getByRole("button", { name: "Connect rewards" }).click();
    await page.locator("#result", { hasText: "success" }).waitFor();
    if (page.url() !== `${url}/callback`) throw new Error(`the address is ${page.url()}`);
    if (errors.length > 0) throw new Error(errors.join("; "));
  } finally {
    await context.close();
  }
}

/** The library's console messages about a misspelt mode. */
export async function saysOfMistake(browser, folder) {
  return onPage(browser, folder, async (page, errors, said) => {
    await page.goto(`${SHOP}/?mode=Transfer`);
    await page.getByRole("button", { name: "Connect rewards" }).waitFor();
    if (errors.length > 0) throw new Error(errors.join("; "));
    return said.filter((text) => text.startsWith("react-benji-connect: "));
  });
}

async function onPage(browser, folder, work) {
  const ownPage = join(folder, "index.html");
  const body = existsSync(ownPage) ? readFileSync(ownPage, "utf8") : PAGE;
  const page = await browser.newPage();
  const errors = [];
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", ({ message }) => errors.push(message));
  page.setDefaultTimeout(30_000);
  await page.route(`${SHOP}/**`, (route) => {
    const { pathname } = new URL(route.request().url());
    if (SCRIPT.test(pathname)) return route.fulfill({ path: join(folder, pathname) });
    if (pathname === "/token")
      return route.fulfill({ json: { token: "token", connect_url: `${BENJI}/shop` } });
    return route.fulfill({ contentType: "text/html; charset=utf-8", body });
  });
  await answerBenji(page, BENJI, SHOP);
  try {
    return await work(page, errors, said);
  } finally {
    await page.close();
  }
}

/** Simulates Benji's page, which sends the member back at once. */
function answerBenji(page, benji, shop) {
  return page.route(`${benji}/**`, (route) => {
    const state = new URL(route.request().url()).searchParams.get("state");
    const location = `${shop}/callback?status=success&benji_user_uuid=uuid&state=${state}`;
    return route.fulfill({
      contentType: "text/html",
      body: `<script>location.replace(${JSON.stringify(location)})</script>`,
    });
  });
}
