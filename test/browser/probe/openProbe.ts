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

/** Call once a file, instead of `openShopAndBenji`: the same, and the probe under /probe/. */
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

/** How the probe uses the library from its next page load on; Benji sends its members to it. */
export function setUpProbe(next: ProbeOptions = {}): void {
  options = next;
  sendMembersTo("/probe/callback?shop=corner");
}

export const sendMembersTo = (path: string) => demo.sandbox.setRedirectUrl(demo.shopUrl + path);

/** Runs in the probe's pages before everything else, from their next load on. */
export function plant(run: (() => void) | undefined): void {
  before = run ? `(${run})()` : "";
}

// Without a policy and open to frames and other origins: the demo is the strict one.
function answerProbe(pathname: string): Response {
  const headers = { "cache-control": "no-cache", "access-control-allow-origin": "*" };
  if (pathname === "/probe/before.js") return javascript(before, headers);
  const file = files.get(pathname);
  if (file !== undefined) return javascript(file, headers);
  const page = files.get("/probe/index.html")!.replace('content="{}"', `content="${inMarkup()}"`);
  return new Response(page, {
    // The least strict policy, so that a Referer would show what is left in the address.
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

/** From the probe to Benji; the hosted page's address. */
export async function leaveProbe(visitor: Visitor): Promise<string> {
  await openStart(visitor);
  await pressStart(visitor);
  await arriveAtBenji(visitor);
  return visitor.address();
}

export const stateOf = (hosted: string) => new URL(hosted).searchParams.get("state") ?? "";

/** A return that Benji could have written, with a state of ours and none of its names percent-encoded. */
export const returnOf = (state: string, rest = "benji_user_uuid=u-1", status = "success") =>
  `shop=corner&status=${status}&state=${state}&${rest}`;

/** Finishes at Benji and reads what the probe makes of it. */
export async function finishProbe(visitor: Visitor): Promise<Result> {
  await finish(visitor);
  return readProbe(visitor);
}

export type Result = Record<string, unknown> & { status: string };

/** What the first reader shows, once it shows something. */
export async function readProbe(view: View): Promise<Result> {
  await view.waitFor("[data-result]:not([data-result=pending])");
  return JSON.parse(await view.text("[data-result]")) as Result;
}

/** How a start failed. */
export async function readError(view: View): Promise<string> {
  await expect.poll(() => view.text("#error")).not.toBe("");
  return view.text("#error");
}

export const readUnfinished = (view: View) => view.text("#unfinished");

/** What the shop's interface was asked. */
export const posts = (path = "/api/") =>
  received.filter(({ method, url }) => method === "POST" && new URL(url).pathname.startsWith(path));
