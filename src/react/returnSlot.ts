import { browserPorts } from "../core/browser.js";
import {
  cleanAddress,
  judgeClaim,
  type Landing,
  readReturn,
  settleReturn,
} from "../core/connectFlow.js";
import { readPointer } from "../core/historyPointer.js";
import type { ReturnOptions } from "../core/options.js";
import { isCallback, parseRedirect, type RedirectClaim } from "../core/parseRedirect.js";
import type { FlowPorts, StorageChoice } from "../core/ports.js";

export interface SlotOptions extends ReturnOptions {
  /** Where the start stored its record. Default `"session"`. */
  storage?: StorageChoice | undefined;
  /**
   * Your router's `replace`, called once a return with the cleaned address. Default:
   * `history.replaceState` before the first paint.
   */
  replaceUrl?: ((url: string) => void) | undefined;
}

/** The one return that this document has read; results are frozen and never derived again. */
interface Slot {
  claimText: string | undefined;
  landings: Map<string | null, Landing>;
  /** The address has been seen without the return. */
  isGone: boolean;
  isCleaned: boolean;
}

let slot: Slot | undefined;
let readers = 0;

const NONE: Landing = { result: Object.freeze({ status: "none" }) };

/** While somebody looks, a cleaned address does not take the result away. */
export function holdSlot(): () => void {
  readers++;
  return () => {
    readers--;
  };
}

/** What this reader may see, or `undefined` while that cannot be said yet. */
export function currentLanding(options: SlotOptions): Landing | undefined {
  const isUserLoading = "userKey" in options && options.userKey === undefined;
  if (isUserLoading || isPrerendering()) return undefined;
  const ports = slotPorts(options);
  const url = new URL(ports.currentUrl());
  if (!isCallback(url, options)) return NONE;
  return landingOf(ports, options, parseRedirect(url, options));
}

function landingOf(
  ports: FlowPorts,
  options: SlotOptions,
  claim: RedirectClaim | undefined,
): Landing {
  const isFirst = !slot;
  if (!slot || !stillMeans(slot, claim, ports)) slot = newSlot(claim);
  const user = options.userKey ?? null;
  const landing = slot.landings.get(user) ?? read(ports, options, slot, isFirst);
  slot.landings.set(user, landing);
  return landing;
}

const newSlot = (claim: RedirectClaim | undefined): Slot => ({
  claimText: claim && JSON.stringify(claim),
  landings: new Map(),
  isGone: false,
  isCleaned: false,
});

function stillMeans(held: Slot, claim: RedirectClaim | undefined, ports: FlowPorts): boolean {
  if (claim) return JSON.stringify(claim) === held.claimText && (readers > 0 || !held.isGone);
  held.isGone = true;
  if (readers > 0) return true;
  const pointer = readPointer(ports.historyState());
  return [...held.landings.values()].some(({ state }) => state && state === pointer);
}

// A second reader with another user is held against the claim that has left the address bar.
function read(ports: FlowPorts, options: SlotOptions, held: Slot, isFirst: boolean): Landing {
  const landing = held.claimText
    ? judgeClaim(ports, JSON.parse(held.claimText) as RedirectClaim, options)
    : readReturn(ports, options, isFirst);
  Object.freeze(landing.result);
  return landing;
}

const isPrerendering = () => (document as { prerendering?: boolean }).prerendering === true;

const slotPorts = ({ storage, replaceUrl }: SlotOptions): FlowPorts => ({
  ...browserPorts(storage),
  ...(replaceUrl && { replaceUrl }),
});

/** Writes down how the flow ended. */
export function settleCurrent(options: SlotOptions): void {
  const landing = currentLanding(options);
  if (landing && !slot?.isCleaned) settleReturn(slotPorts(options), landing);
}

/** Cleans the address, once a return. */
export function cleanCurrent(options: SlotOptions): void {
  const landing = currentLanding(options);
  if (!landing?.claim || !slot || slot.isCleaned) return;
  slot.isCleaned = true;
  cleanAddress(slotPorts(options), landing);
}

/** A page that was rendered ahead of a visit counts only once it is visited. */
export function onVisit(listener: () => void): () => void {
  document.addEventListener("prerenderingchange", listener);
  return () => document.removeEventListener("prerenderingchange", listener);
}
