import {
  finishAtBenji,
  type FinishAtBenjiOptions,
  type FinishOutcome,
  type PlaywrightPage,
} from "react-benji-connect/testing";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { type Answer, type Demo, type Intercept, startDemo } from "../../demo/start.js";
import { launchEngine } from "./engines/launch.js";
import type { Complaint, Engine, View, Visitor } from "./engines/visitor.js";

export const API_KEY = "canary-api-key-5b1d";
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LABELS = {
  connect: "Connect rewards",
  transfer: "Transfer 1,000 points",
  redeem: "Redeem points",
};
export type Mode = keyof typeof LABELS;

/** Benji's query parameters, not taken from the code under test. */
const RETURN_NAMES = ["status", "state", "benji_user_uuid", "benji_user_id", "trigger_event_id"];

export let demo: Demo;
/** The requests to the shop in this test, oldest first. */
export let received: Request[] = [];
let engine: Engine;
let visitors: Visitor[] = [];
let complaints: string[] = [];
/** Console messages of the library itself: its explanations in development. */
let explained: string[] = [];
let intercept: Intercept = pass;

/** Starts the demo shop, the sandbox and a browser for all tests of a file. Call it once per file. */
export function openShopAndBenji(): void {
  beforeAll(async () => {
    [demo, engine] = await Promise.all([
      startDemo({ shopPort: 0, sandboxPort: 0, apiKey: API_KEY, intercept: record }),
      launchEngine(recordComplaint),
    ]);
  });
  afterEach(async () => {
    const found = complaints;
    const gone = visitors;
    complaints = [];
    explained = [];
    visitors = [];
    received = [];
    intercept = pass;
    await Promise.all(gone.map((visitor) => visitor.close()));
    expect(found).toEqual([]); // errors and warnings on the console
  });
  afterAll(async () => {
    await Promise.all([engine?.close(), demo?.close()]);
  });
}

function recordComplaint({ text, url }: Complaint): void {
  if (text.includes("react-benji-connect: ")) return void explained.push(text);
  // The sandbox's pages may answer 410: without a back/forward cache, Back loads a page with a used token.
  if (!url.startsWith(demo.sandboxUrl)) complaints.push(text);
}

function pass(request: Request, answer: Answer) {
  return answer(request);
}

function record(request: Request, answer: Answer) {
  received.push(request);
  return intercept(request, (next) => answerPage(next) ?? answer(next));
}

/** Serves pages of the tests on the shop's origin. For `undefined` the shop itself answers. */
let answerPage: (request: Request) => Promise<Response> | undefined = () => undefined;

export function servePages(prefix: string, answer: (pathname: string) => Response): void {
  answerPage = ({ url }) => {
    const { pathname } = new URL(url);
    return pathname.startsWith(prefix) ? Promise.resolve(answer(pathname)) : undefined;
  };
}

/** For the rest of this test `next` answers the requests to the shop, in place of the shop. */
export function interceptShop(next: Intercept): void {
  intercept = next;
}

/** Ends `interceptShop`: the shop answers again. */
export const letThrough = () => interceptShop(pass);

/** A promise that the test resolves by `open`. */
export function closedGate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

/** A browser without any stored data. */
export async function newVisitor(): Promise<Visitor> {
  const visitor = await engine.newVisitor();
  visitors.push(visitor);
  return visitor;
}

/** True if the engine has a back/forward cache. */
export const hasBackCache = () => engine.hasBackCache;

/** The library's explanations on the console in this test so far. */
export const explanations = () => explained;

/** For a test that causes errors on the console on purpose. */
export const forgetComplaints = () => {
  complaints = [];
};

export const callbackUrl = (query: string) => `${demo.shopUrl}/benji/callback?${query}`;
/** A selector by mode, because the text of the button changes during a start. */
export const button = (mode: Mode) => `button[data-mode=${mode}]`;
export const RESULT = "[data-testid=result]";

const isHostedPage = (url: URL) => url.origin === demo.sandboxUrl && url.searchParams.has("state");
const isCallback = (url: URL) => url.origin === demo.shopUrl && url.pathname === "/benji/callback";

export const arriveAtBenji = (visitor: Visitor) => visitor.waitForAddress(isHostedPage);
export const arriveAtCallback = (visitor: Visitor) => visitor.waitForAddress(isCallback);

/** From the shop to Benji's hosted page, by clicking. */
export async function leave(visitor: Visitor, mode: Mode = "connect"): Promise<void> {
  await visitor.open(demo.shopUrl);
  await visitor.click({ button: LABELS[mode] });
  await arriveAtBenji(visitor);
}

/** The methods of a Playwright page that `finishAtBenji` needs, for any engine. */
const pageOf = (view: View): PlaywrightPage => ({
  locator: (selector) => ({
    click: () => view.click(selector),
    check: () => view.click(selector),
    getAttribute: (name) => view.attribute(selector, name),
    waitFor: ({ state } = {}) =>
      state === "detached"
        ? expect.poll(() => view.count(selector)).toBe(0)
        : view.waitFor(selector),
  }),
});

type Finish = [outcome?: FinishOutcome, options?: FinishAtBenjiOptions];

export const finish = (view: View, ...[outcome = "success", options]: Finish) =>
  finishAtBenji(pageOf(view), outcome, options);

/** Finishes at Benji and returns the address of the return before it was cleaned. */
export async function comeBack(visitor: Visitor, ...how: Finish): Promise<string> {
  const before = received.length;
  await finish(visitor, ...how);
  await arriveAtCallback(visitor);
  const addresses = received.slice(before).map(({ url }) => url);
  return addresses.find((url) => isCallback(new URL(url)))!;
}

/** The fields of the callback page's final result. */
export async function readResult(view: View): Promise<Record<string, string>> {
  await view.waitFor(`${RESULT}:not([data-status=pending])`);
  return view.run((selector) => {
    const element = document.querySelector<HTMLElement>(selector)!;
    const cells = [...element.querySelectorAll<HTMLElement>("[data-field]")];
    const fields = cells.map((cell) => [cell.dataset["field"], cell.textContent]);
    return { status: element.dataset["status"], ...Object.fromEntries(fields) };
  }, RESULT);
}

/** The whole document, as it stands now. */
export const markup = (view: View) => view.run(() => document.documentElement.outerHTML);

/** Expects the shop's own query in the address, and no parameter of Benji. */
export async function expectCleanAddress(view: View): Promise<void> {
  const { searchParams } = new URL(await view.address());
  expect(searchParams.get("shop")).toBe("corner");
  expect(RETURN_NAMES.filter((name) => searchParams.has(name))).toEqual([]);
}
