import { returnPorts } from "../core/browser.js";
import type { ConfirmRedirect } from "../core/back/askForConfirmation.js";
import { callPartner } from "../core/callPartner.js";
import {
  cleanAddress,
  confirmReturn,
  judgeClaim,
  type Landing,
  recallReturn,
  settleReturn,
  tellRouter,
} from "../core/journey.js";
import { readPointer } from "../core/back/historyPointer.js";
import type { ReturnOptions } from "../core/options.js";
import { isCallback, parseRedirect, type RedirectClaim } from "../core/back/parseRedirect.js";
import type { ReturnPorts, StorageChoice } from "../core/ports.js";
import { rejected, type UnverifiedRedirect } from "../core/back/verifyRedirect.js";
import type { BenjiConnectError } from "../errors.js";
import type { BenjiEvents, OnBenjiEvent } from "./events.js";
import type { BenjiRedirectResult } from "./useBenjiRedirectResult.js";

export interface SlotOptions extends ReturnOptions {
  /** Where the start stored its record. Default `"session"`. */
  storage?: StorageChoice | undefined;
  /**
   * Your router's `replace`, for a router that keeps the address to itself. Called once a return, after
   * the address bar was cleaned, with path, query and hash; may answer a promise.
   */
  replaceUrl?: ((url: string) => unknown) | undefined;
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
  claim: RedirectClaim | undefined;
  /** By reader: whoever is somebody else, or believes less, is not shown what another may see. */
  landings: Map<string, SlotLanding>;
  /** The address has been seen without the return. */
  isGone?: boolean;
  /** A reader has been on another page than the callback since. */
  isLeft?: boolean;
  /** A reader was committed. Until then it is one visit, however often it renders. */
  isHeld?: boolean;
  isCleaned?: boolean;
  isTold?: boolean;
  isRouterTold?: boolean;
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
  if (slot) slot.isHeld = true;
  return () => {
    readers--;
    // StrictMode lets go and holds again at once; only who stays away calls a question off.
    queueMicrotask(() => readers || callOffQuestions());
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
  return landing ? resultFor(options, landing) : WAITING;
}

function resultFor({ confirm }: SlotOptions, landing: SlotLanding): AnyResult {
  const { result, confirmation } = landing;
  if (!confirm || result.status !== "success") return result;
  if (confirmation !== undefined) landing.confirmed ??= agreed(landing, confirmation);
  return landing.confirmed ?? CONFIRMING;
}

/** What this reader may see, or `undefined` while that cannot be said yet. */
function currentLanding(options: SlotOptions): SlotLanding | undefined {
  const isUserLoading = "userKey" in options && options.userKey === undefined;
  if (isUserLoading || (document as { prerendering?: boolean }).prerendering) return undefined;
  const ports = returnPorts(options.storage);
  const url = new URL(ports.currentUrl());
  if (!isCallback(url, options)) {
    if (slot) slot.isLeft = true;
    return NONE;
  }
  const claim = parseRedirect(url, options);
  const isFirst = !slot;
  if (!slot || !stillMeans(slot, claim, ports))
    slot = { claim, landings: new Map(), isHeld: readers > 0 };
  const { userKey = null, dangerouslyAcceptReturnsWithoutState } = options;
  const reader = JSON.stringify([userKey, !!dangerouslyAcceptReturnsWithoutState]);
  const landing = slot.landings.get(reader) ?? read(ports, options, slot.claim, isFirst);
  slot.landings.set(reader, landing);
  return landing;
}

function stillMeans(held: Slot, claim: RedirectClaim | undefined, ports: ReturnPorts): boolean {
  if (claim)
    return JSON.stringify(claim) === JSON.stringify(held.claim) && (readers > 0 || !held.isGone);
  if (!held.claim && !held.isHeld) return true;
  held.isGone = true;
  const pointer = readPointer(ports.historyState());
  // A page that is hidden, not unmounted, may have read another address meanwhile.
  if (readers > 0 && !held.isLeft && (held.claim || !pointer)) return true;
  return [...held.landings.values()].some((landing) => pointer && landing.claim?.state === pointer);
}

// A second reader with another user is held against the claim that has left the address bar.
function read(
  ports: ReturnPorts,
  options: SlotOptions,
  claim: RedirectClaim | undefined,
  isFirst: boolean,
): Landing {
  const landing = claim ? judgeClaim(ports, options, claim) : recallReturn(ports, options, isFirst);
  Object.freeze(landing.result);
  return landing;
}

/** Before the paint: writes down how the flow ended, cleans the address, asks the partner's server. */
export function settleCurrent(options: SlotOptions): void {
  const landing = currentLanding(options);
  if (!landing) return;
  const { confirm, storage } = options;
  const ports = returnPorts(storage);
  settleReturn(ports, landing);
  if (slot && !slot.isCleaned) {
    slot.isCleaned = landing.isFresh;
    cleanAddress(ports, landing);
  }
  const isOpen = resultFor(options, landing) === CONFIRMING && !landing.asking;
  if (confirm && isOpen) void ask(landing, confirm, ports);
}

/** After it: routers want to be called once the commit is over. Tells analytics what was delivered. */
export function reportCurrent(options: SlotOptions): void {
  const landing = currentLanding(options);
  if (!landing) return;
  const { onEvent, replaceUrl, storage } = options;
  // One reader may know the router and another not, whoever comes first.
  if (slot && landing.isFresh && !(replaceUrl ? slot.isRouterTold : slot.isTold)) {
    slot.isTold = true;
    slot.isRouterTold = !!replaceUrl;
    tellRouter(returnPorts(storage), landing, replaceUrl).catch((thrown: unknown) =>
      reportError(thrown),
    );
  }
  const result = resultFor(options, landing);
  if (!onEvent || landing.reported === result) return;
  if (result.status === "pending" || result.status === "none") return;
  landing.reported = result;
  const { status, mode, reason, replayed }: BenjiEvents["returned"] = result; // and no ids
  callPartner(() => onEvent("returned", { status, mode, reason, replayed }));
}

// Once a flow, however many readers wait for the answer.
async function ask(
  landing: SlotLanding,
  confirm: ConfirmRedirect<unknown>,
  ports: ReturnPorts,
): Promise<void> {
  const asking = new AbortController();
  landing.asking = asking;
  let confirmed: AnyResult;
  try {
    const { claim = { status: "success" } } = landing;
    const answer = await confirmReturn(ports, claim, confirm, asking.signal);
    confirmed = answer === false ? rejected("not_confirmed") : agreed(landing, answer);
  } catch (error) {
    const retry = () => {
      if (landing.asking) return;
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
