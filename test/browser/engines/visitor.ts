/** An element: a CSS selector, or the visible name of a button, link or heading. */
export type Target = string | { button: string } | { link: string } | { heading: string };

/** The document of a tab or of a frame. Every method with a target waits for it, except `count`. */
export interface View {
  /** `location.href` as the page has it: the address that a driver remembers is wrong after Back. */
  address(): Promise<string>;
  click(target: Target): Promise<void>;
  doubleClick(target: Target): Promise<void>;
  /** Focuses the target and presses a key on it. */
  press(target: Target, key: "Enter" | "Space"): Promise<void>;
  text(target: Target): Promise<string>;
  attribute(target: Target, name: string): Promise<string | null>;
  /** The number of such elements now. */
  count(target: Target): Promise<number>;
  /** Runs a function in the page. It is sent as text, so it can use only its arguments. */
  run<A extends unknown[], R>(script: (...args: A) => R, ...args: A): Promise<Awaited<R>>;
  waitFor(target: Target): Promise<void>;
  waitForAddress(isIt: (url: URL) => boolean): Promise<void>;
  frame(selector: string): Promise<View>;
}

/** A tab of a browser, with the actions of its user. */
export interface Visitor extends View {
  open(url: string): Promise<void>;
  reload(): Promise<void>;
  /** Does not wait for a load: a page from the back/forward cache does not load again. */
  back(): Promise<void>;
  forward(): Promise<void>;
  /** Another tab of the same browser. */
  newTab(): Promise<Visitor>;
  /** The tab that the page opens during `action`. */
  tabOpenedBy(action: () => Promise<void>): Promise<Visitor>;
  /** The texts on the console; empty if the driver cannot read the console. */
  readonly spoken: readonly string[];
  close(): Promise<void>;
}

/** An error or warning on a page's console, or an uncaught error. */
export interface Complaint {
  text: string;
  /** Its address; empty if it is unknown. */
  url: string;
}

export interface Engine {
  /** False for Chromium's headless shell, in which Back loads the page again. */
  readonly hasBackCache: boolean;
  /** A browser without any stored data. */
  newVisitor(): Promise<Visitor>;
  close(): Promise<void>;
}

export type OnComplaint = (complaint: Complaint) => void;

/** What each driver implements. `createView` builds a `View` from it. */
export interface Hands<E> {
  evaluate<A extends unknown[], R>(script: (...args: A) => R, args: A): Promise<Awaited<R>>;
  findAll(target: Target): Promise<E[]>;
  text(element: E): Promise<string>;
  attribute(element: E, name: string): Promise<string | null>;
  click(element: E): Promise<void>;
  doubleClick(element: E): Promise<void>;
  press(element: E, key: "Enter" | "Space"): Promise<void>;
  frame(element: E): Promise<View>;
}

/** The XPath of a target with a name, which both drivers accept; `undefined` for a CSS selector. */
export function xpathOf(target: Target): string | undefined {
  if (typeof target === "string") return undefined;
  const [[role, name] = ["", ""]] = Object.entries(target);
  const element = { button: "self::button", link: "self::a[@href]", heading: HEADING }[role];
  return `//*[${element}][normalize-space(.)=${JSON.stringify(name)}]`;
}

const HEADING = "self::h1 or self::h2 or self::h3";
const PATIENCE_MS = 20_000;
const PAUSE_MS = 25;

const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));

/** Repeats the attempt until it succeeds: a driver cannot read a page that is navigating. */
export async function eventually<R>(what: string, attempt: () => Promise<R>): Promise<R> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (cause) {
      if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}: ${cause}`, { cause });
      await pause();
    }
  }
}

/** Builds a `View` from the operations of a driver. */
export function createView<E>(hands: Hands<E>): View {
  const first = async (target: Target): Promise<E> => {
    const [element] = await hands.findAll(target);
    if (element === undefined) throw new Error("it is not there");
    return element;
  };
  const find = (target: Target) => eventually(JSON.stringify(target), () => first(target));
  // Repeats finding and reading together, because React may replace the element in between.
  const read = <R>(target: Target, ask: (element: E) => Promise<R>) =>
    eventually(JSON.stringify(target), async () => ask(await first(target)));
  const address = () => hands.evaluate(() => window.location.href, []);
  const arrive = async (isIt: (url: URL) => boolean) => {
    const now = await address();
    if (!isIt(new URL(now))) throw new Error(`still on ${now}`);
  };

  return {
    address: () => eventually("an address", address),
    click: async (target) => hands.click(await find(target)),
    doubleClick: async (target) => hands.doubleClick(await find(target)),
    press: async (target, key) => hands.press(await find(target), key),
    text: (target) => read(target, hands.text),
    attribute: (target, name) => read(target, (element) => hands.attribute(element, name)),
    count: async (target) => (await hands.findAll(target)).length,
    run: (script, ...args) => hands.evaluate(script, args),
    waitFor: async (target) => void (await find(target)),
    waitForAddress: (isIt) => eventually(`the address ${isIt}`, () => arrive(isIt)),
    frame: (selector) => read(selector, hands.frame),
  };
}
