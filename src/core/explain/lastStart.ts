import { isObject } from "./describeValue.js";
import { nowMs, pageUrl, readCookie, writeCookie } from "../browser.js";

/** Where the newest start of this browser was made. It contains no state and no token. */
export interface Trail {
  origin: string;
  storage: string;
  /** ms since 1970 */
  startedAt: number;
}

/** Stores in a cookie where a flow begins, to explain a return on another origin. Development only. */
export function leaveTrail(storage: unknown): void {
  const url = pageUrl();
  if (!/^https?:/.test(url)) return;
  const trail: Trail = {
    origin: new URL(url).origin,
    storage: wordFor(storage),
    startedAt: nowMs(),
  };
  writeCookie(JSON.stringify(trail));
}

export const wordFor = (storage: unknown): string =>
  storage === undefined ? "session" : typeof storage === "string" ? storage : "your own";

export function readTrail(): Trail | undefined {
  try {
    const trail: unknown = JSON.parse(readCookie() ?? "");
    if (!isObject(trail) || typeof trail["startedAt"] !== "number") return undefined;
    const { origin, storage } = trail;
    if (typeof origin !== "string" || typeof storage !== "string") return undefined;
    // Any site under the same domain can write this cookie: text that is no origin must not be printed.
    if (!/^https?:\/\/[\w.:[\]-]+$/.test(origin)) return undefined;
    return { origin, storage, startedAt: trail["startedAt"] };
  } catch {
    return undefined;
  }
}
