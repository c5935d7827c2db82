import { parseRedirect } from "../back/parseRedirect.js";
import { say } from "./logMistake.js";
import { inMs, isPage, pageUrl } from "../browser.js";

/** Long enough for a callback page that is loaded lazily. */
const PATIENCE_MS = 10_000;

type Readers = "nobody" | "is here" | "has read";
let readers: Readers = "nobody";
let watch: "not yet" | "begun" = "not yet";

/** Notes that a reader is on the page, or that it has read a return. */
export function noteReader(now: Exclude<Readers, "nobody">): void {
  if (readers !== "has read") readers = now;
}

export const hasRead = (): boolean => readers === "has read";

/** Explains a return in the address that no reader reads within 10 s. */
export function watchForUnread(): void {
  if (watch === "begun" || !isPage()) return;
  watch = "begun";
  if (!carriesReturn()) return;
  inMs(() => {
    if (readers !== "nobody" || !carriesReturn()) return;
    say("a return that nobody reads", {
      expected: "a page that calls useBenjiRedirectResult (or getResult of createConnectFlow)",
      came: "a return of Benji's in the address, and no such page",
      todo: `Mount the hook on the page at ${new URL(pageUrl()).pathname}, or correct the Redirect URL in Pilot.`,
      see: "quick-start.md",
    });
  }, PATIENCE_MS);
}

const carriesReturn = () => parseRedirect(pageUrl()) !== undefined;
