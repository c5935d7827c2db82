/** What a test points at: a CSS selector, or the name a person would call it by. */
export type Target = string | { button: string } | { link: string } | { heading: string };

/** A document: the one of a tab, or of a frame in it. Everything here waits for its target. */
export interface View {
  /** `location.href`, asked in the page: what a driver remembers is stale after Back. */
  address(): Promise<string>;
  click(target: Target): Promise<void>;
  doubleClick(target: Target): Promise<void>;
  /** Focuses the target and presses a key on it. */
  press(target: Target, key: "Enter" | "Space"): Promise<void>;
  text(target: Target): Promise<string>;
  attribute(target: Target, name: string): Promise<string | null>;
  /** How many there are now; the one verb that does not wait. */
  count(target: Target): Promise<number>;
  /** Runs in the page. The function travels as text: it sees its arguments and nothing else. */
  run<A extends unknown[], R>(script: (...args: A) => R, ...args: A): Promise<Awaited<R>>;
  waitFor(target: Target): Promise<void>;
  waitForAddress(isIt: (url: URL) => boolean): Promise<void>;
  frame(selector: string): Promise<View>;
}

/** A tab of a browser, with the actions of its user. */
export interface Visitor extends View {
  open(url: string): Promise<void>;
  reload(): Promise<void>;
  /** Asks for it and does not wait: a page out of the back/forward cache never loads. */
  back(): Promise<void>;
  forward(): Promise<void>;
  /** Another tab of the same browser. */
  newTab(): Promise<Visitor>;
  /** The tab that something on this page opens. */
  tabOpenedBy(action: () => Promise<void>): Promise<Visitor>;
  /** Everything on the console; stays empty where the driver cannot read it. */
  readonly spoken: readonly string[];
  close(): Promise<void>;
}

/** What a page's console or its scripts had to complain about. */
export interface Complaint {
  text: string;
  /** Where it comes from, if that is known. */
  url: string;
}

export interface Engine {
  /** Chromium's headless shell restores nothing: Back loads the page anew there. */
  readonly hasBackCache: boolean;
  /** A browser without any stored data. */
  newVisitor(): Promise<Visitor>;
  close(): Promise<void>;
}

export type OnComplaint = (complaint: Complaint) => void;

/** The little that is different from driver to driver. */
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

/** A name as an XPath, which both drivers understand. `undefined` for a CSS selector. */
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

/** Tries again until it works: a page that is on its way somewhere cannot be asked anything. */
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

/** Builds every method of a document from a driver's few. */
export function createView<E>(hands: Hands<E>): View {
  const first = async (target: Target): Promise<E> => {
    const [element] = await hands.findAll(target);
    if (element === undefined) throw new Error("it is not there");
    return element;
  };
  const find = (target: Target) => eventually(JSON.stringify(target), () => first(target));
  // Reading is tried again as a whole: React may replace the element in between.
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
