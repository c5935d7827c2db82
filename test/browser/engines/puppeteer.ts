import puppeteer, {
  type Browser,
  type BrowserContext,
  type ElementHandle,
  type Frame,
  type Page,
} from "puppeteer-core";
import { chromiumArgs } from "../../../scripts/ensure-browser.mjs";
import {
  createView,
  type Engine,
  type HearComplaint,
  type Target,
  type View,
  type Visitor,
  xpathOf,
} from "./visitor.js";

export const launchChromium = (executablePath: string, hear: HearComplaint) =>
  puppeteer.launch({ executablePath, args: chromiumArgs }).then((it) => createEngine(it, hear));

export const launchFirefox = (executablePath: string, hear: HearComplaint) =>
  puppeteer.launch({ browser: "firefox", executablePath }).then((it) => createEngine(it, hear));

async function createEngine(browser: Browser, hear: HearComplaint): Promise<Engine> {
  const version = await browser.version();
  return {
    hasBackCache: !version.startsWith("HeadlessChrome"),
    newVisitor: async () => {
      const context = await browser.createBrowserContext();
      return createVisitor(context, await context.newPage(), hear);
    },
    close: () => browser.close(),
  };
}

function createVisitor(context: BrowserContext, page: Page, hear: HearComplaint): Visitor {
  const spoken = listenTo(page, hear);
  const visitor = (other: Page) => createVisitor(context, other, hear);
  return {
    ...createView(createHands(page, () => page.mainFrame())),
    spoken,
    open: async (url) => void (await page.goto(url)),
    reload: async () => void (await page.reload()),
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

function listenTo(page: Page, hear: HearComplaint): string[] {
  const spoken: string[] = [];
  page.on("console", (message) => {
    const text = message.text();
    spoken.push(text);
    const isComplaint = message.type() === "error" || message.type() === "warn";
    if (isComplaint) hear({ text, url: message.location().url ?? "" });
  });
  page.on("pageerror", (error) => hear({ text: String(error), url: "" }));
  return spoken;
}

const KEYS = { Enter: "Enter", Space: " " } as const;

// Asked each time: a page that was rendered ahead comes with a main frame of its own.
const createHands = (page: Page, frame: () => Frame) => ({
  evaluate: <A extends unknown[], R>(script: (...args: A) => R, args: A) =>
    frame().evaluate(script as (...all: unknown[]) => unknown, ...args) as Promise<Awaited<R>>,
  findAll: (target: Target) => {
    const xpath = xpathOf(target);
    return frame().$$(xpath ? `::-p-xpath(${xpath})` : (target as string));
  },
  text: (element: ElementHandle) => element.evaluate((it) => it.textContent ?? ""),
  attribute: (element: ElementHandle, name: string) =>
    element.evaluate((it, wanted) => it.getAttribute(wanted), name),
  // A tab in the background paints nothing, and a click waits for its target to be seen.
  click: (element: ElementHandle) => page.bringToFront().then(() => element.click()),
  doubleClick: (element: ElementHandle) =>
    page.bringToFront().then(() => element.click({ count: 2 })),
  press: (element: ElementHandle, key: "Enter" | "Space") =>
    page.bringToFront().then(() => element.press(KEYS[key])),
  frame: async (element: ElementHandle): Promise<View> => {
    const inner = (await element.contentFrame())!;
    return createView(createHands(page, () => inner));
  },
});
