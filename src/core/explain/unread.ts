import { parseRedirect } from "../back/parseRedirect.js";
import { say } from "./say.js";
import { inMs, isPage, pageUrl } from "../browser.js";

/** Long enough for a callback page that is loaded when it is needed. */
const PATIENCE_MS = 10_000;

let readers: "nobody" | "somebody" = "nobody";
let watch: "not yet" | "begun" = "not yet";

export const noteReader = (): void => void (readers = "somebody");

/** Says once where a return stands in the address, and no reader was mounted for a while. */
export function watchForUnread(): void {
  if (watch === "begun" || !isPage()) return;
  watch = "begun";
  if (!carriesReturn()) return;
  inMs(() => {
    if (readers === "somebody" || !carriesReturn()) return;
    say("a return that nobody reads", {
      expected: "a page that calls useBenjiRedirectResult (or getResult of createConnectFlow)",
      came: "a return of Benji's in the address, and no such page",
      todo: `Mount the hook on the page at ${new URL(pageUrl()).pathname}, or correct the Redirect URL in Pilot.`,
      see: "quick-start.md",
    });
  }, PATIENCE_MS);
}

const carriesReturn = () => parseRedirect(pageUrl()) !== undefined;
