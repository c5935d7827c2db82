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

/** Benji's five names, written out here on purpose. */
const RETURN_NAMES = ["status", "state", "benji_user_uuid", "benji_user_id", "trigger_event_id"];

export let demo: Demo;
/** What the shop was asked in this test, oldest first. */
export let received: Request[] = [];
let engine: Engine;
let visitors: Visitor[] = [];
let complaints: string[] = [];
/** What the library itself says in development, where a test makes a mistake on purpose. */
let explained: string[] = [];
let intercept: Intercept = pass;

/** Call once a file: a shop and a sandbox on free ports, and a browser to visit them. */
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
    expect(found).toEqual([]); // whatever the console or React had to complain about
  });
  afterAll(async () => {
    await Promise.all([engine?.close(), demo?.close()]);
  });
}

function recordComplaint({ text, url }: Complaint): void {
  if (text.includes("react-benji-connect: ")) return void explained.push(text);
  // Benji's own pages may say 410: without a back/forward cache, Back loads a used token again.
  if (!url.startsWith(demo.sandboxUrl)) complaints.push(text);
}

function pass(request: Request, answer: Answer) {
  return answer(request);
}

function record(request: Request, answer: Answer) {
  received.push(request);
  return intercept(request, (next) => answerPage(next) ?? answer(next));
}

/** Pages of the tests' own under the shop's address; `undefined` leaves a request to the shop. */
let answerPage: (request: Request) => Promise<Response> | undefined = () => undefined;

export function servePages(prefix: string, answer: (pathname: string) => Response): void {
  answerPage = ({ url }) => {
    const { pathname } = new URL(url);
    return pathname.startsWith(prefix) ? Promise.resolve(answer(pathname)) : undefined;
  };
}

/** For the rest of this test: answers the shop's visitors before the shop does. */
export function interceptShop(next: Intercept): void {
  intercept = next;
}

/** The shop answers by itself again. */
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

/** Whether Back restores a page as it was left. */
export const hasBackCache = () => engine.hasBackCache;

/** What the console has explained in this test so far. */
export const explanations = () => explained;

/** For a test that makes the browser complain on purpose. */
export const forgetComplaints = () => {
  complaints = [];
};

export const callbackUrl = (query: string) => `${demo.shopUrl}/benji/callback?${query}`;
/** By its mode and not by its text, which changes while it waits. */
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

/** As much of a page of Playwright's as `finishAtBenji` needs, in whichever engine. */
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

/** Finishes at Benji; the address that came back, as it was before it was cleaned. */
export async function comeBack(visitor: Visitor, ...how: Finish): Promise<string> {
  const before = received.length;
  await finish(visitor, ...how);
  await arriveAtCallback(visitor);
  const addresses = received.slice(before).map(({ url }) => url);
  return addresses.find((url) => isCallback(new URL(url)))!;
}

/** What the callback page shows in the end. */
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

/** The address bar keeps the shop's own query and nothing of Benji's. */
export async function expectCleanAddress(view: View): Promise<void> {
  const { searchParams } = new URL(await view.address());
  expect(searchParams.get("shop")).toBe("corner");
  expect(RETURN_NAMES.filter((name) => searchParams.has(name))).toEqual([]);
}
