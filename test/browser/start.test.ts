import { expect, it } from "vitest";
import {
  arriveAtBenji,
  button,
  comeBack,
  demo,
  leave,
  logRequests,
  newVisitor,
  openWorld,
  readResult,
} from "./world.js";

openWorld();

interface Marks {
  isSameDocument?: boolean;
  persisted?: boolean;
}

const tokensMade = () =>
  demo.sandbox.requests.filter(({ path }) => path === "/auth/connect").length;

it("asks for one token and leaves once, however often the button is pressed", async () => {
  const page = await newVisitor();
  const log = logRequests(page);
  const before = tokensMade();
  await page.goto(demo.shopUrl);
  // The answer is late, so that every press finds the page still there.
  await page.route("**/api/benji/connect-token", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 400));
    await route.continue();
  });
  await button(page, "connect").evaluate((element: HTMLElement) => {
    element.click();
    element.click();
  });
  await page.locator('button[data-mode="connect"]').dblclick();
  await arriveAtBenji(page);
  await page.waitForTimeout(600); // a second token would be here by now
  expect(tokensMade() - before).toBe(1);
  expect(log.filter((line) => line === "GET /49")).toHaveLength(1);
});

it("asks for one token on a plain double click", async () => {
  const page = await newVisitor();
  const before = tokensMade();
  await page.goto(demo.shopUrl);
  await button(page, "transfer").dblclick();
  await arriveAtBenji(page);
  expect(tokensMade() - before).toBe(1);
});

it.each(["Enter", "Space"])("starts from the keyboard with %s", async (key) => {
  const page = await newVisitor();
  await page.goto(demo.shopUrl);
  await button(page, "redeem").focus();
  await page.keyboard.press(key);
  await arriveAtBenji(page);
});

it("is usable again after Back from Benji's page, and a second start ends well", async () => {
  const page = await newVisitor();
  await page.goto(demo.shopUrl);
  await page.evaluate(() => {
    Object.assign(window, { isSameDocument: true });
    addEventListener("pageshow", (event) => Object.assign(window, { persisted: event.persisted }));
  });
  await button(page, "connect").click();
  await arriveAtBenji(page);
  await page.goBack({ waitUntil: "commit" });
  const start = button(page, "connect");
  await start.waitFor();
  const { isSameDocument, persisted } = await page.evaluate(() => {
    const { isSameDocument = false, persisted = false } = window as unknown as Marks;
    return { isSameDocument, persisted };
  });
  // A headless shell has no Back cache and loads the page anew.
  if (isSameDocument) expect(persisted).toBe(true);
  expect(await start.getAttribute("data-status")).toBe("idle");
  expect(await start.getAttribute("aria-busy")).toBe("false");

  await start.click();
  await arriveAtBenji(page);
  await comeBack(page);
  expect(await readResult(page)).toMatchObject({ status: "success", replayed: "false" });
});

it("shows a failed start in words, and the next press works", async () => {
  const page = await newVisitor();
  await page.goto(demo.shopUrl);
  await page.route("**/api/benji/connect-token", (route) => route.fulfill({ json: { token: 7 } }), {
    times: 1,
  });
  await button(page, "connect").click();
  await page.locator('[data-benji-error="token_malformed"]').waitFor();
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  await button(page, "connect").click();
  await arriveAtBenji(page);
});

it("keeps two tabs apart", async () => {
  const page = await newVisitor();
  const other = await page.context().newPage();
  await leave(page, "transfer");
  await leave(other, "redeem");
  await comeBack(page);
  await comeBack(other);
  expect(await readResult(page)).toMatchObject({ status: "success", mode: "transfer" });
  expect(await readResult(other)).toMatchObject({ status: "success", mode: "redeem" });
});
