import { returnPorts } from "../core/browser.js";
import type { ConfirmRedirect } from "../core/askForConfirmation.js";
import {
  cleanAddress,
  confirmReturn,
  judgeClaim,
  type Landing,
  readReturn,
  settleReturn,
} from "../core/connectFlow.js";
import { readPointer } from "../core/historyPointer.js";
import type { ReturnOptions } from "../core/options.js";
import { isCallback, parseRedirect, type RedirectClaim } from "../core/parseRedirect.js";
import type { ReturnPorts, StorageChoice } from "../core/ports.js";
import { rejected, type UnverifiedRedirect } from "../core/verifyRedirect.js";
import type { BenjiConnectError } from "../errors.js";
import { type BenjiEvents, callPartner, type OnBenjiEvent } from "./events.js";
import type { BenjiRedirectResult } from "./useBenjiRedirectResult.js";

export interface SlotOptions extends ReturnOptions {
  /** Where the start stored its record. Default `"session"`. */
  storage?: StorageChoice | undefined;
  /**
   * Your router's `replace`, called once a return with the cleaned address. Default:
   * `history.replaceState` before the first paint.
   */
  replaceUrl?: ((url: string) => void) | undefined;
  /** Asks your server whether a success counts; until then the result is `pending`. */
  confirm?: ConfirmRedirect<unknown> | undefined;
  /** Hears of the result, once a return, for analytics. */
  onEvent?: OnBenjiEvent | undefined;
}

export type AnyResult =
  | BenjiRedirectResult
  | BenjiRedirectResult<unknown, unknown>
  | UnverifiedRedirect;

/** What was read, and where the question to the partner's server stands. */
interface SlotLanding extends Landing {
  asking?: AbortController | undefined;
  confirmed?: AnyResult | undefined;
  /** What `onEvent` was told last. */
  reported?: AnyResult;
}

/** The one return that this document has read; results are frozen and never derived again. */
interface Slot {
  claimText: string | undefined;
  landings: Map<string, SlotLanding>;
  /** The address has been seen without the return. */
  isGone: boolean;
  isCleaned: boolean;
}

let slot: Slot | undefined;
let readers = 0;

const listeners = new Set<() => void>();

const NONE: SlotLanding = { isFresh: false, result: Object.freeze({ status: "none" }) };
/** Cannot be read yet. */
export const WAITING: AnyResult = Object.freeze({ status: "pending" });
/** Read, and the partner's server has been asked. */
const CONFIRMING: AnyResult = Object.freeze({ status: "pending" });

/** While somebody looks, a cleaned address does not take the result away. */
export function holdSlot(): () => void {
  readers++;
  return () => {
    readers--;
    // StrictMode lets go and holds again at once; only who stays away calls a question off.
    queueMicrotask(() => readers === 0 && callOffQuestions());
  };
}

/** Tells a reader that its result may have changed. */
export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  // A page that was rendered ahead of a visit counts only once it is visited.
  document.addEventListener("prerenderingchange", listener);
  return () => {
    listeners.delete(listener);
    document.removeEventListener("prerenderingchange", listener);
  };
}

/** The result for this reader, read from the address once and then kept. */
export function currentResult(options: SlotOptions): AnyResult {
  const landing = currentLanding(options);
  if (!landing) return WAITING;
  if (!options.confirm || landing.result.status !== "success") return landing.result;
  if (landing.confirmation !== undefined)
    landing.confirmed ??= agreed(landing, landing.confirmation);
  return landing.confirmed ?? CONFIRMING;
}

/** What this reader may see, or `undefined` while that cannot be said yet. */
function currentLanding(options: SlotOptions): SlotLanding | undefined {
  const isUserLoading = "userKey" in options && options.userKey === undefined;
  if (isUserLoading || isPrerendering()) return undefined;
  const ports = slotPorts(options);
  const url = new URL(ports.currentUrl());
  if (!isCallback(url, options)) return NONE;
  return landingOf(ports, options, parseRedirect(url, options));
}

function landingOf(
  ports: ReturnPorts,
  options: SlotOptions,
  claim: RedirectClaim | undefined,
): SlotLanding {
  const isFirst = !slot;
  if (!slot || !stillMeans(slot, claim, ports)) slot = newSlot(claim);
  const reader = readerKey(options);
  const landing = slot.landings.get(reader) ?? read(ports, options, slot, isFirst);
  slot.landings.set(reader, landing);
  return landing;
}

// Whoever is signed in as somebody else, or believes less, is not shown what another reader may see.
const readerKey = ({ userKey = null, dangerouslyAcceptReturnsWithoutState }: SlotOptions) =>
  JSON.stringify([userKey, !!dangerouslyAcceptReturnsWithoutState]);

const newSlot = (claim: RedirectClaim | undefined): Slot => ({
  claimText: claim && JSON.stringify(claim),
  landings: new Map(),
  isGone: false,
  isCleaned: false,
});

function stillMeans(held: Slot, claim: RedirectClaim | undefined, ports: ReturnPorts): boolean {
  if (claim) return JSON.stringify(claim) === held.claimText && (readers > 0 || !held.isGone);
  held.isGone = true;
  if (readers > 0) return true;
  const pointer = readPointer(ports.historyState());
  return [...held.landings.values()].some(({ state }) => state && state === pointer);
}

// A second reader with another user is held against the claim that has left the address bar.
function read(ports: ReturnPorts, options: SlotOptions, held: Slot, isFirst: boolean): Landing {
  const landing = held.claimText
    ? judgeClaim(ports, JSON.parse(held.claimText) as RedirectClaim, options)
    : readReturn(ports, options, isFirst);
  Object.freeze(landing.result);
  return landing;
}

const isPrerendering = () => (document as { prerendering?: boolean }).prerendering === true;

const slotPorts = ({ storage, replaceUrl }: SlotOptions): ReturnPorts => ({
  ...returnPorts(storage),
  ...(replaceUrl && { replaceUrl }),
});

/** Writes down how the flow ended. */
export function settleCurrent(options: SlotOptions): void {
  const landing = currentLanding(options);
  if (landing) settleReturn(slotPorts(options), landing);
}

/** Cleans the address, once a return. */
export function cleanCurrent(options: SlotOptions): void {
  const landing = currentLanding(options);
  if (!landing?.isFresh || !slot || slot.isCleaned) return;
  slot.isCleaned = true;
  cleanAddress(slotPorts(options), landing);
}

/** Asks the partner's server, once a flow however many readers wait for it. */
export function confirmCurrent(options: SlotOptions): void {
  const landing = currentLanding(options);
  const isOpen = landing?.result.status === "success" && !landing.asking && !landing.confirmed;
  if (options.confirm && isOpen) void ask(landing, options.confirm, slotPorts(options));
}

/** Tells analytics what was delivered. */
export function reportCurrent(options: SlotOptions): void {
  const { onEvent } = options;
  const landing = currentLanding(options);
  const result = currentResult(options);
  if (!onEvent || !landing || landing.reported === result) return;
  if (result.status === "pending" || result.status === "none") return;
  landing.reported = result;
  callPartner(() => onEvent("returned", withoutIds(result)));
}

const withoutIds = (result: BenjiEvents["returned"]): BenjiEvents["returned"] => {
  const { status, mode, reason, replayed } = result;
  return {
    status,
    ...(mode && { mode }),
    ...(reason && { reason }),
    ...(replayed !== undefined && { replayed }),
  };
};

async function ask(
  landing: SlotLanding,
  confirm: ConfirmRedirect<unknown>,
  ports: ReturnPorts,
): Promise<void> {
  const asking = new AbortController();
  landing.asking = asking;
  let confirmed: AnyResult;
  try {
    const answer = await confirmReturn(ports, landing, confirm, asking.signal);
    confirmed = answer === false ? rejected("not_confirmed") : agreed(landing, answer);
  } catch (error) {
    const retry = () => {
      landing.confirmed = undefined;
      void ask(landing, confirm, ports);
      notify();
    };
    confirmed = { status: "unconfirmed", error: error as BenjiConnectError, retry };
  }
  if (landing.asking !== asking) return;
  landing.asking = undefined;
  landing.confirmed = Object.freeze(confirmed);
  notify();
}

const agreed = ({ result }: SlotLanding, confirmation: unknown): AnyResult =>
  Object.freeze({ ...result, confirmation });

const notify = () => {
  for (const listener of listeners) listener();
};

function callOffQuestions(): void {
  for (const landing of slot?.landings.values() ?? []) {
    landing.asking?.abort();
    landing.asking = undefined;
  }
}
