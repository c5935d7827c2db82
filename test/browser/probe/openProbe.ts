import { afterEach, beforeAll, expect } from "vitest";
import type { View, Visitor } from "../engines/visitor.js";
import {
  arriveAtBenji,
  demo,
  finish,
  openShopAndBenji,
  received,
  servePages,
} from "../shopAndBenji.js";
import { buildProbe } from "./build.js";
import type { ProbeOptions } from "./options.js";

let files: Map<string, string>;
let options: ProbeOptions = {};
let before = "";

/** Like `openShopAndBenji`, with the probe under /probe/: a page whose options a test sets. */
export function openProbe(): void {
  openShopAndBenji();
  beforeAll(async () => {
    files = await buildProbe();
    servePages("/probe/", answerProbe);
  });
  afterEach(() => {
    options = {};
    before = "";
    demo.sandbox.setRedirectUrl(`${demo.shopUrl}/benji/callback?shop=corner`);
  });
}

/** Sets the probe's options from its next page load on, and its callback as the Redirect URL. */
export function setUpProbe(next: ProbeOptions = {}): void {
  options = next;
  sendMembersTo("/probe/callback?shop=corner");
}

export const sendMembersTo = (path: string) => demo.sandbox.setRedirectUrl(demo.shopUrl + path);

/** Lets the probe's pages run this function before their own JavaScript, from the next load on. */
export function plant(run: (() => void) | undefined): void {
  before = run ? `(${run})()` : "";
}

// Without a Content-Security-Policy and open to frames and other origins, unlike the demo.
function answerProbe(pathname: string): Response {
  const headers = { "cache-control": "no-cache", "access-control-allow-origin": "*" };
  if (pathname === "/probe/before.js") return javascript(before, headers);
  const file = files.get(pathname);
  if (file !== undefined) return javascript(file, headers);
  const page = files.get("/probe/index.html")!.replace('content="{}"', `content="${inMarkup()}"`);
  return new Response(page, {
    // With this policy the Referer has the whole address: a parameter that was left in it would show.
    headers: { ...headers, "content-type": "text/html", "referrer-policy": "unsafe-url" },
  });
}

const javascript = (text: string, headers: Record<string, string>) =>
  new Response(text, { headers: { ...headers, "content-type": "text/javascript" } });

const inMarkup = () =>
  JSON.stringify(options).replace(/[&"<]/g, (character) => `&#${character.charCodeAt(0)};`);

export const probeUrl = (query: string) => `${demo.shopUrl}/probe/callback?${query}`;

export const openStart = (visitor: Visitor) => visitor.open(`${demo.shopUrl}/probe/start`);
export const pressStart = (view: View) => view.click({ button: "Start" });

/** Goes from the probe to Benji and returns the address of the hosted page. */
export async function leaveProbe(visitor: Visitor): Promise<string> {
  await openStart(visitor);
  await pressStart(visitor);
  await arriveAtBenji(visitor);
  return visitor.address();
}

export const stateOf = (hosted: string) => new URL(hosted).searchParams.get("state") ?? "";

/** The query of a return with this state. `rest` is not percent-encoded. */
export const returnOf = (state: string, rest = "benji_user_uuid=u-1", status = "success") =>
  `shop=corner&status=${status}&state=${state}&${rest}`;

/** Finishes at Benji and reads the probe's result. */
export async function finishProbe(visitor: Visitor): Promise<Result> {
  await finish(visitor);
  return readProbe(visitor);
}

export type Result = Record<string, unknown> & { status: string };

/** The result that the first reader shows, once it is no longer pending. */
export async function readProbe(view: View): Promise<Result> {
  await view.waitFor("[data-result]:not([data-result=pending])");
  return JSON.parse(await view.text("[data-result]")) as Result;
}

/** The error code of a failed start. */
export async function readError(view: View): Promise<string> {
  await expect.poll(() => view.text("#error")).not.toBe("");
  return view.text("#error");
}

export const readUnfinished = (view: View) => view.text("#unfinished");

/** The POST requests to the shop's API in this test. */
export const posts = (path = "/api/") =>
  received.filter(({ method, url }) => method === "POST" && new URL(url).pathname.startsWith(path));
