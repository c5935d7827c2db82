// Drives Chromium and Firefox.
import puppeteer, {
  type Browser,
  type BrowserContext,
  type ElementHandle,
  type Frame,
  type LaunchOptions,
  type Page,
} from "puppeteer-core";
import { chromiumArgs } from "../../../scripts/ensure-browser.mjs";
import {
  createView,
  type Engine,
  eventually,
  type OnComplaint,
  type Target,
  type View,
  type Visitor,
  xpathOf,
} from "./visitor.js";

/** Long, because a browser starts slowly on a busy machine. */
const LAUNCH_MS = 100_000;

export const launchChromium = (executablePath: string, onComplaint: OnComplaint) =>
  launch({ executablePath, args: chromiumArgs }, onComplaint);

export const launchFirefox = (executablePath: string, onComplaint: OnComplaint) =>
  launch({ browser: "firefox", executablePath }, onComplaint);

const launch = (options: LaunchOptions, onComplaint: OnComplaint) =>
  puppeteer.launch({ timeout: LAUNCH_MS, ...options }).then((it) => createEngine(it, onComplaint));

async function createEngine(browser: Browser, onComplaint: OnComplaint): Promise<Engine> {
  const version = await browser.version();
  return {
    hasBackCache: !version.startsWith("HeadlessChrome"),
    newVisitor: async () => {
      const context = await browser.createBrowserContext();
      return createVisitor(context, await context.newPage(), onComplaint);
    },
    close: () => browser.close(),
  };
}

function createVisitor(context: BrowserContext, page: Page, onComplaint: OnComplaint): Visitor {
  const spoken = listenTo(page, onComplaint);
  const visitor = (other: Page) => createVisitor(context, other, onComplaint);
  const view = createView(createHands(page, () => page.mainFrame()));
  return {
    ...view,
    spoken,
    // Brings the tab to the front: a tab in the background is hidden, and a hidden page does not call
    // its confirm route again.
    open: (url) => page.bringToFront().then(() => loadAnew(page, () => page.goto(url))),
    waitFor: (target) => page.bringToFront().then(() => view.waitFor(target)),
    reload: () => loadAnew(page, () => page.reload()),
    back: () => page.evaluate(() => void setTimeout(() => history.back())),
    forward: () => page.evaluate(() => void setTimeout(() => history.forward())),
    newTab: async () => visitor(await context.newPage()),
    tabOpenedBy: async (action) => {
      const opened = new Promise<Page | null>((resolve) => page.once("popup", resolve));
      await action();
      return visitor((await opened)!);
    },
    close: () => context.close(),
  };
}

/**
 * Resolves once another document has loaded. It also asks the page itself: Puppeteer with Firefox gets no
 * event when Back restores a page from the back/forward cache, and then misses the next load.
 */
async function loadAnew(page: Page, load: () => Promise<unknown>): Promise<void> {
  const mark = () => page.evaluate(() => void Object.assign(window, { isBeforeLoad: true }));
  await eventually("a document to leave", mark);
  const isAnother = () => page.evaluate(() => !("isBeforeLoad" in window));
  const isComplete = () => page.evaluate(() => document.readyState === "complete");
  const loaded = eventually("another document", async () => {
    if (!(await isAnother()) || !(await isComplete()))
      throw new Error("still the one before, or still loading");
  });
  await Promise.race([load(), loaded]);
  // With Firefox, `load` sometimes resolves while the document has no body yet.
  await eventually("a complete document", async () => {
    if (!(await isComplete())) throw new Error("still loading");
  });
}

function listenTo(page: Page, onComplaint: OnComplaint): string[] {
  const spoken: string[] = [];
  page.on("console", (message) => {
    const text = message.text();
    spoken.push(text);
    const isComplaint = message.type() === "error" || message.type() === "warn";
    if (isComplaint) onComplaint({ text, url: message.location().url ?? "" });
  });
  page.on("pageerror", (error) => onComplaint({ text: String(error), url: "" }));
  return spoken;
}

const KEYS = { Enter: "Enter", Space: " " } as const;

type Click = (element: ElementHandle, count: number) => Promise<void>;

const clickOn: Click = (element, count) => element.click({ count });

/**
 * Clicks in a frame at coordinates of the whole page. Firefox 140 does not tell its driver which frame a
 * document is in (it knows no locator "context"), so the driver cannot compute them.
 */
const clickInside =
  (page: Page, frame: ElementHandle): Click =>
  async (element, count) => {
    const outer = await frame.evaluate((it) => {
      const { x, y } = it.getBoundingClientRect();
      return { x: x + it.clientLeft, y: y + it.clientTop };
    });
    const inner = await element.evaluate((it) => {
      it.scrollIntoView({ block: "nearest" });
      const { x, y, width, height } = it.getBoundingClientRect();
      return { x: x + width / 2, y: y + height / 2 };
    });
    await page.mouse.click(outer.x + inner.x, outer.y + inner.y, { count });
  };

// `frame` is called each time: a prerendered page has another main frame.
const createHands = (page: Page, frame: () => Frame, click: Click = clickOn) => ({
  evaluate: <A extends unknown[], R>(script: (...args: A) => R, args: A) =>
    frame().evaluate(script as (...all: unknown[]) => unknown, ...args) as Promise<Awaited<R>>,
  findAll: (target: Target) => {
    const xpath = xpathOf(target);
    return frame().$$(xpath ? `::-p-xpath(${xpath})` : (target as string));
  },
  text: (element: ElementHandle) => element.evaluate((it) => it.textContent ?? ""),
  attribute: (element: ElementHandle, name: string) =>
    element.evaluate((it, wanted) => it.getAttribute(wanted), name),
  // A click waits until its target is painted, and a tab in the background is not painted.
  click: (element: ElementHandle) => page.bringToFront().then(() => click(element, 1)),
  doubleClick: (element: ElementHandle) => page.bringToFront().then(() => click(element, 2)),
  press: (element: ElementHandle, key: "Enter" | "Space") =>
    page.bringToFront().then(() => element.press(KEYS[key])),
  frame: async (element: ElementHandle): Promise<View> => {
    const inner = (await element.contentFrame())!;
    return createView(createHands(page, () => inner, clickInside(page, element)));
  },
});
