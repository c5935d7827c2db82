// Drives WebKit.
import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import {
  Builder,
  By,
  Capabilities,
  Key,
  type WebDriver,
  type WebElement,
} from "selenium-webdriver";
import {
  createView,
  type Engine,
  eventually,
  type Target,
  type View,
  type Visitor,
  xpathOf,
} from "./visitor.js";

/** The paths of WebKit's driver, its browser and an X server. */
export interface WebKitParts {
  driver: string;
  browser: string;
  /** `undefined` if the machine has a display. */
  xvfb: string | undefined;
}

// WebDriver cannot read the console: no complaint is reported, and `spoken` stays empty.
export async function launchWebKit(parts: WebKitParts): Promise<Engine> {
  const display = parts.xvfb === undefined ? undefined : await startDisplay(parts.xvfb);
  const env = { ...process.env, ...(display && { DISPLAY: display.name }) };
  const sessions = new Set<Session>();
  return {
    hasBackCache: true,
    newVisitor: async () => {
      const session = await startSession(parts, env, () => sessions.delete(session));
      sessions.add(session);
      return createVisitor(session, await session.driver.getWindowHandle());
    },
    close: async () => {
      await Promise.all([...sessions].map((session) => session.close()));
      display?.close();
    },
  };
}

/** Starts an X server on a free display number. */
async function startDisplay(xvfb: string) {
  const server = spawn(xvfb, ["-displayfd", "1", "-screen", "0", "1280x1024x24"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const name = await new Promise<string>((resolve, reject) => {
    server.once("exit", () => reject(new Error("Xvfb did not start.")));
    server.stdout.once("data", (number) => resolve(`:${String(number).trim()}`));
  });
  return { name, close: () => server.kill() };
}

/** A browser with its driver process, which accepts one session only. `inTurn` sends one command at a time. */
interface Session {
  driver: WebDriver;
  inTurn<R>(ask: () => Promise<R>): Promise<R>;
  close(): Promise<void>;
}

async function startSession(
  parts: WebKitParts,
  env: NodeJS.ProcessEnv,
  forget: () => void,
): Promise<Session> {
  const port = await freePort();
  const server = spawn(parts.driver, [`--port=${port}`], { env, stdio: "ignore" });
  const address = `http://127.0.0.1:${port}`;
  await eventually("WebKitWebDriver", () => fetch(`${address}/status`));
  const driver = await new Builder()
    .usingServer(address)
    .withCapabilities(capabilities(parts))
    .build();
  await driver.manage().setTimeouts({ script: 20_000, pageLoad: 30_000 });
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <R>(ask: () => Promise<R>) => {
    const answer = last.then(() => inTime(ask()));
    last = answer.catch(() => {});
    return answer;
  };
  const close = async () => {
    forget();
    await inTurn(() => driver.quit()).catch(() => {});
    await stop(server);
  };
  return { driver, inTurn, close };
}

// Sometimes the driver never answers, mostly after Back: then the test fails and can be repeated.
const inTime = <R>(answer: Promise<R>) =>
  Promise.race([
    answer,
    new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error("WebKitWebDriver does not answer")), 35_000).unref();
    }),
  ]);

const capabilities = ({ browser }: WebKitParts) =>
  new Capabilities({
    browserName: "MiniBrowser",
    "webkitgtk:browserOptions": { binary: browser, args: ["--automation"] },
  });

const stop = (server: ChildProcess) =>
  new Promise<void>((resolve) => {
    server.once("exit", () => resolve());
    server.kill();
  });

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

function createVisitor(session: Session, tab: string): Visitor {
  const { driver } = session;
  const here = createPlace(session, tab, []);
  const other = (handle: string) => createVisitor(session, handle);
  const tabs = () => session.inTurn(() => driver.getAllWindowHandles());
  return {
    ...createView(createHands(here)),
    spoken: [],
    open: (url) => here(() => driver.get(url)),
    reload: () => here(() => driver.navigate().refresh()),
    back: () => here(() => driver.executeScript("setTimeout(() => history.back())")),
    forward: () => here(() => driver.executeScript("setTimeout(() => history.forward())")),
    newTab: () =>
      session.inTurn(async () => {
        await driver.switchTo().newWindow("tab");
        return other(await driver.getWindowHandle());
      }),
    tabOpenedBy: async (action) => {
      const before = await tabs();
      await action();
      return other(await eventually("another tab", async () => newcomer(before, await tabs())));
    },
    close: session.close,
  };
}

function newcomer(before: string[], now: string[]): string {
  const tab = now.find((handle) => !before.includes(handle));
  if (tab === undefined) throw new Error("nothing has opened");
  return tab;
}

/** Runs a command in one document: the driver's commands apply to the selected tab and frame only. */
type Place = (<R>(ask: (driver: WebDriver) => Promise<R>) => Promise<R>) & {
  within(frame: WebElement): Place;
};

function createPlace(session: Session, tab: string, frames: WebElement[]): Place {
  const { driver } = session;
  const place = <R>(ask: (driver: WebDriver) => Promise<R>) =>
    session.inTurn(async () => {
      await driver.switchTo().window(tab);
      await driver.switchTo().defaultContent();
      for (const frame of frames) await driver.switchTo().frame(frame);
      return ask(driver);
    });
  const within = (frame: WebElement) => createPlace(session, tab, [...frames, frame]);
  return Object.assign(place, { within });
}

const KEYS = { Enter: Key.ENTER, Space: Key.SPACE };

const createHands = (here: Place) => ({
  evaluate: <A extends unknown[], R>(script: (...args: A) => R, args: A) =>
    here((driver) =>
      driver.executeScript<Awaited<R>>(`return (${script}).apply(null, arguments)`, ...args),
    ),
  findAll: (target: Target) => {
    const xpath = xpathOf(target);
    const by = xpath ? By.xpath(xpath) : By.css(target as string);
    return here((driver) => driver.findElements(by));
  },
  text: (element: WebElement) =>
    here((driver) => driver.executeScript<string>("return arguments[0].textContent", element)),
  attribute: (element: WebElement, name: string) =>
    here((driver) =>
      driver.executeScript<string | null>(
        "return arguments[0].getAttribute(arguments[1])",
        element,
        name,
      ),
    ),
  click: (element: WebElement) => here(() => element.click()),
  doubleClick: (element: WebElement) =>
    here((driver) => driver.actions().doubleClick(element).perform()),
  press: (element: WebElement, key: "Enter" | "Space") => here(() => element.sendKeys(KEYS[key])),
  frame: async (element: WebElement): Promise<View> =>
    createView(createHands(here.within(element))),
});
