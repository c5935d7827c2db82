import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import {
  API_KEY,
  arriveAtBenji,
  button,
  comeBack,
  demo,
  newVisitor,
  openWorld,
  readResult,
} from "./world.js";

openWorld();

/** Every place of a page where something could have been left lying. Runs in the page. */
const searchPage = () =>
  JSON.stringify({
    session: { ...sessionStorage },
    local: { ...localStorage },
    cookies: document.cookie,
    history: history.state as unknown,
    name: window.name,
    referrer: document.referrer,
    address: location.href,
    page: document.documentElement.outerHTML,
  });
const everythingIn = (page: Page) => page.evaluate(searchPage);

it("leaves the connect token nowhere", async () => {
  const page = await newVisitor();
  const spoken: string[] = [];
  page.on("console", (message) => spoken.push(message.text()));
  // The page searches itself: nobody can ask it anything while it is about to be left.
  const seen: string[] = [];
  await page.exposeFunction("report", (text: string) => void seen.push(text));
  await page.goto(demo.shopUrl);
  await page.evaluate(`setInterval(() => report((${searchPage.toString()})()), 20)`);
  // Benji is slow, so that the waiting page can be searched with the token in its hands.
  let letGo = () => {};
  const slow = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(`${demo.sandboxUrl}/**`, (route) => slow.then(() => route.continue()));
  const departure = page.waitForRequest(`${demo.sandboxUrl}/**`);
  await button(page, "transfer").click();
  const { searchParams } = new URL((await departure).url());
  const token = searchParams.get("connect_token") ?? "";
  expect(token).not.toBe("");
  seen.length = 0;
  await expect.poll(() => seen.length).toBeGreaterThan(2);
  expect(seen.at(-1)).toContain('data-status=\\"redirecting\\"');
  expect(seen.join("")).not.toContain(token);
  letGo();
  await arriveAtBenji(page);

  const onTheWayBack = await comeBack(page);
  await readResult(page);
  expect(onTheWayBack).not.toContain(token);
  expect(await everythingIn(page)).not.toContain(token);

  await page.goto(demo.shopUrl);
  expect(await everythingIn(page)).not.toContain(token);
  expect(spoken.join("\n")).not.toContain(token);
});

it("shows the state to no element of the page and to no console", async () => {
  const page = await newVisitor();
  const spoken: string[] = [];
  page.on("console", (message) => spoken.push(message.text()));
  await page.goto(demo.shopUrl);
  await button(page, "connect").click();
  await arriveAtBenji(page);
  const state = new URL(page.url()).searchParams.get("state") ?? "";
  expect(state).toMatch(/^benji\.[\w-]{43}$/);
  await comeBack(page);
  await readResult(page);
  expect(await page.content()).not.toContain(state);
  expect(page.url()).not.toContain(state);
  expect(spoken.join("\n")).not.toContain(state);
});

it("lets the API key reach nothing that a browser loads", async () => {
  const page = await newVisitor();
  const bodies: Promise<string>[] = [];
  page.on("response", (response) => {
    if (response.url().startsWith(demo.shopUrl)) {
      bodies.push(response.text().then((text) => text + JSON.stringify(response.headers())));
    }
  });
  await page.goto(demo.shopUrl, { waitUntil: "networkidle" });
  const scripts = await page.locator("script[src]").evaluateAll((all) => all.length);
  const loaded = await Promise.all(bodies);
  expect(scripts).toBeGreaterThan(0);
  expect(loaded.join("")).toContain("/api/benji/connect-token"); // the script was searched
  expect(loaded.join("")).not.toContain(API_KEY);

  const answer = await page.request.post(`${demo.shopUrl}/api/benji/connect-token`, {
    headers: { origin: demo.shopUrl },
    data: { mode: "connect" },
  });
  expect(answer.status()).toBe(200);
  expect((await answer.text()) + JSON.stringify(answer.headers())).not.toContain(API_KEY);
});

it("gives no token to a page of another site", async () => {
  const page = await newVisitor();
  const answer = await page.request.post(`${demo.shopUrl}/api/benji/connect-token`, {
    headers: { origin: demo.sandboxUrl, "sec-fetch-site": "cross-site" },
    data: { mode: "connect" },
  });
  expect(answer.status()).toBe(403);
});
