/**
 * Decides when each step of the way back runs; `connector.ts` does so for the way out. A visit is
 * one return that this page has read. A view is what one user is shown of a visit. `settleReturn`
 * in journey.ts settles a return: it marks the flow as used. After the browser's Back button,
 * `findReturn` there finds the return again.
 *
 * A reader (a hook, or a `createConnectFlow`) keeps its visit, even if the address changes, until
 * the reader is detached or the page shows another return.
 */
import type { BenjiConnectError } from "../errors.js";
import type { RouteOptions } from "./askRoute.js";
import type { ConfirmRedirect } from "./back/askForConfirmation.js";
import { readPointer } from "./back/historyPointer.js";
import { toUrl } from "./addresses/url.js";
import {
  isCallback,
  isSameClaim,
  linkOf,
  parseRedirect,
  type ReadableClaim,
} from "./back/parseRedirect.js";
import { removeRedirectParams } from "./back/removeRedirectParams.js";
import type { AnyRedirectResult } from "./back/resultTypes.js";
import { rejected, type SuccessRedirect } from "./back/verifyRedirect.js";
import { callPartner, reportThrown } from "./callPartner.js";
import { explainResult } from "./explain/explain.js";
import type { BenjiEvents, OnBenjiEvent } from "./events.js";
import {
  cleanAddress,
  confirmReturn,
  findReturn,
  type FoundReturn,
  judgeReturn,
  settleReturn,
  notifyRouter,
  type Verdict,
} from "./journey.js";
import { isUserLoading, type ReturnOptions, userKeyText } from "./options.js";
import type { ReturnPorts } from "./ports.js";

/** The options of one reader; they may change with every call. */
export interface ReaderOptions extends ReturnOptions, RouteOptions {
  /**
   * Your router's `replace`, for a router that keeps its own copy of the address. Called once per
   * return, after the address bar was cleaned, with path, query and hash; may return a promise.
   */
  replaceUrl?: ((url: string) => unknown) | undefined;
  /**
   * A function that asks your server whether a success counts, or the URL of that route. The result
   * is `pending` until the server has answered. The route receives the claim by POST as JSON;
   * `createConfirmHandler` makes this route.
   */
  confirm?: string | ConfirmRedirect<unknown> | undefined;
  /**
   * How long the result stays `pending` on "not yet", in ms. Default 20,000. A hidden page waits until
   * it is shown, and asks once more.
   */
  waitMs?: number | undefined;
  /** For analytics: called once per return with the result, and again when `confirm` changes it. */
  onEvent?: OnBenjiEvent | undefined;
}

/** Reads returns for one hook or one `createConnectFlow`. */
export interface ReturnReader<O extends ReaderOptions = ReaderOptions> {
  /** Returns the result for this reader. Reads and judges the address; writes nothing yet. */
  getResult: (options: O) => AnyRedirectResult;
  /**
   * The result in a server render and in hydration. The browser shows the real result after the
   * first `deliver`.
   */
  getServerResult: () => AnyRedirectResult;
  /** Settles the return and cleans the address now; otherwise a microtask after `getResult` does so. */
  settle: () => void;
  /** Asks the partner's server, notifies the router and reports the event: each once per return. */
  deliver: (options: O) => void;
  /** Attaches the reader. Calls the listener when the result may have changed. Returns the detach function. */
  subscribe: (listener: () => void) => () => void;
}

/** The state of the question that `confirm` asks the partner's server. */
type Question =
  /** A reader with `confirm` was rendered, and has not asked yet. */
  | { status: "open" }
  | { status: "asking"; controller: AbortController }
  | { status: "answered"; result: AnyRedirectResult };

/** What one user is shown of a visit. */
interface View extends Verdict {
  /** The success into which a confirmation is merged; `undefined` where there is nothing to confirm. */
  success?: SuccessRedirect | undefined;
  question?: Question | undefined;
  /** The readers with `confirm`; when the last one leaves, a running question is aborted. */
  askers: Set<object>;
  /** The result that `onEvent` last received. */
  reported?: AnyRedirectResult;
}

/** One return that this page has read. */
interface Visit extends FoundReturn {
  /** The address that the return was read from; after the cleaning, the clean address. */
  url: string;
  /** The pointer in `history.state` at that address (see historyPointer.ts), as last read. */
  pointer?: string | undefined;
  progress: "read" | "cleaned" | "settled";
  notified: "nobody" | "listeners" | "router";
  /** Keyed by the user key and by whether a return without a state is accepted. */
  views: Map<string, View>;
  /**
   * The readers that are attached now. `undefined`: none has attached yet. Empty: the visit has ended,
   * because its last reader has left or the address has changed.
   */
  readers?: Set<object>;
}

/** The data that all readers of a page share. */
export interface Page {
  /** Newest first. */
  visits: Visit[];
  listeners: Set<() => void>;
}

export const createPage = (): Page => ({ visits: [], listeners: new Set() });

/** The data of the page that the browser shows. */
export const thisPage: Page = /* @__PURE__ */ createPage();

const NONE: AnyRedirectResult = { status: "none" };
/** The return cannot be read yet, or its user is still loading. */
const WAITING: AnyRedirectResult = { status: "pending" };
/** The return was read, and `confirm` has not answered yet. */
const CONFIRMING: AnyRedirectResult = { status: "pending" };

/** `portsFor` is called before every use, because the option `storage` may change. */
export function createReturnReader<O extends ReaderOptions>(
  page: Page,
  portsFor: (options?: O) => ReturnPorts,
): ReturnReader<O> {
  let visit: Visit | undefined;
  let view: View | undefined;
  let settle = () => {};
  let isHydrating = false;
  let attachment: "not yet" | "attached" | "detached" | "gone" = "not yet";
  /** The result delivered without a confirmation. It stays if another reader asks for one. */
  let delivered: AnyRedirectResult | undefined;

  const show = (nextVisit?: Visit, nextView?: View) => {
    if (nextVisit !== visit) visit?.readers?.delete(reader);
    if (nextView !== view) stopAsking(view, reader);
    visit = nextVisit;
    view = nextView;
    if (visit && attachment === "attached") (visit.readers ??= new Set()).add(reader);
  };

  const reader: ReturnReader<O> = {
    getResult: (options) => {
      const ports = portsFor(options);
      if (isHydrating || ports.isPrerendering()) return WAITING;
      const read = findVisit(page, ports, options, visit);
      show(read, read && viewOf(ports, options, read));
      settle = () => read && settleVisit(ports, read);
      if (!read) return NONE;
      if (!view) return WAITING;
      return !options.confirm && delivered === view.result
        ? delivered
        : resultOf(view, options.confirm);
    },

    getServerResult: () => {
      isHydrating = true;
      return WAITING;
    },

    settle: () => settle(),

    deliver: (options) => {
      if (isHydrating) {
        isHydrating = false;
        reader.deliver(options);
        isHydrating = true;
        // The router is notified before the result is shown: in Next.js, a later notification would
        // cancel a navigation that the page starts when it shows the result.
        queueMicrotask(() => {
          isHydrating = false;
          notify(page);
        });
        return;
      }
      const result = reader.getResult(options);
      const ports = portsFor(options);
      explainResult(ports, options, result, visit);
      if (!visit || !view) return;
      settle();
      notifyOnce(ports, visit, options.replaceUrl);
      if (options.confirm) view.askers.add(reader);
      if (result === CONFIRMING) askOrWait(page, ports, view, options);
      else report(view, result, options.onEvent);
      if (result === view.result) delivered = result;
    },

    subscribe: (listener) => {
      const ignoreEntries = portsFor().onEntryChange(listener);
      page.listeners.add(listener);
      const isShownAgain = attachment === "gone";
      attachment = "attached";
      if (isShownAgain) show();
      else show(visit, view);
      return () => {
        ignoreEntries();
        page.listeners.delete(listener);
        visit?.readers?.delete(reader);
        attachment = "detached";
        // StrictMode detaches and attaches again at once: only a reader that stays detached is gone.
        queueMicrotask(() => {
          if (attachment === "attached") return;
          attachment = "gone";
          delivered = undefined;
          show();
        });
      };
    },
  };
  return reader;
}

// --- visits

/** Returns the visit that a reader shows: its own, one of another reader, or a new one. */
function findVisit(
  page: Page,
  ports: ReturnPorts,
  options: ReaderOptions,
  kept: Visit | undefined,
): Visit | undefined {
  const text = options.url ?? ports.currentUrl();
  const url = toUrl(text);
  if (!url || !isCallback(url, options)) return kept;
  const claim = parseRedirect(url, options);
  const pointer = readPointer(ports.historyState());
  const namesAnother = claim
    ? !isSameClaim(kept?.claim, claim)
    : pointer && pointer !== kept?.state;
  if (kept && !namesAnother) return kept;

  const isPresent = (other: Visit) => {
    if (pointer && !claim) return pointer === other.state;
    // When the address changes, a visit that no reader has attached to ends: it gets an empty set.
    // Cleaning the address does not end it, because `url` is then the clean one.
    if (!claim && other.url !== text) other.readers ??= new Set();
    if (other.readers?.size === 0) return false;
    return claim ? isSameClaim(other.claim, claim) : pointer === other.pointer;
  };
  return (
    page.visits.find(isPresent) ??
    beginVisit(page, text, findReturn(ports, options, url, !page.visits.length))
  );
}

/** Memory keeps only the newest visits. Older ones are read again from storage, as after a reload. */
const MAX_VISITS = 20;

function beginVisit(page: Page, url: string, found: FoundReturn | undefined): Visit | undefined {
  if (!found) return undefined;
  const visit: Visit = {
    ...found,
    url,
    progress: found.state ? "settled" : "read",
    notified: found.state ? "router" : "nobody",
    views: new Map(),
  };
  page.visits.unshift(visit);
  page.visits.splice(MAX_VISITS);
  return visit;
}

/** Returns the view of this user; `undefined` while the user may still be loading. */
function viewOf(ports: ReturnPorts, options: ReaderOptions, visit: Visit): View | undefined {
  const { userKey, dangerouslyAcceptReturnsWithoutState: accepts } = options;
  const key = JSON.stringify([userKeyText(userKey), !("state" in visit.claim) && !!accepts]);
  const known = visit.views.get(key);
  if (known && !isUserLoading(options)) return known;
  const verdict = judgeReturn(ports, options, visit.claim);
  if (known || !verdict) return verdict && known;
  Object.freeze(verdict.result);
  const view = { ...verdict, success: successOf(verdict, visit), askers: new Set<object>() };
  visit.views.set(key, view);
  const { claim } = verdict;
  if (claim) visit.state ||= claim.state ?? (options.confirm ? linkOf(claim) : "");
  // Settles the return after the render, never in it, and even if React discards this render.
  queueMicrotask(() => settleVisit(ports, visit));
  return view;
}

function successOf({ result, claim }: Verdict, visit: Visit): SuccessRedirect | undefined {
  if (result.status === "success") return result;
  if (claim?.status !== "success") return undefined;
  // A return without a state is a success only if the partner's server confirms it.
  const { status, ...ids } = claim;
  return { ...ids, status, begunElsewhere: true, replayed: visit.progress === "settled" };
}

/**
 * Settles the return once, with the first claim that a view believes. Cleans the address, and cleans
 * it again if a router has restored the return, as a locale redirect does.
 */
function settleVisit(ports: ReturnPorts, visit: Visit): void {
  const views = [...visit.views.values()];
  const claim = views.find((view) => view.claim)?.claim;
  const { progress } = visit;
  if (!views.length) return;
  if (progress !== "settled") {
    visit.progress = claim ? "settled" : "cleaned";
    if (claim) settleReturn(ports, claim, visit.state, visit.url);
  }
  const clean = cleanAddress(ports, visit.claim, visit.state);
  if (clean === undefined && progress !== "read") return;
  visit.url = clean ?? removeRedirectParams(visit.url);
  visit.pointer = readPointer(ports.historyState());
}

/** Notifies the router once; again if only a later reader has `replaceUrl`. */
function notifyOnce(
  ports: ReturnPorts,
  visit: Visit,
  replaceUrl: ReaderOptions["replaceUrl"],
): void {
  if (visit.notified === "router" || (visit.notified === "listeners" && !replaceUrl)) return;
  visit.notified = replaceUrl ? "router" : "listeners";
  const { pointer } = visit;
  // A router writes its own `history.state`, which has no pointer until `notifyRouter` adds it again.
  if (replaceUrl) visit.pointer = undefined;
  void notifyRouter(ports, visit.url, visit.state, replaceUrl)
    .catch(reportThrown)
    .then(() => (visit.pointer = pointer));
}

// --- what one user is shown

function resultOf(view: View, confirm: ReaderOptions["confirm"]): AnyRedirectResult {
  const { result, success, confirmation } = view;
  if (confirm && success)
    view.question ??=
      confirmation === undefined ? { status: "open" } : agreed({ ...success, confirmation });
  switch (view.question?.status) {
    case undefined:
      return result;
    case "answered":
      return view.question.result;
    default:
      return CONFIRMING;
  }
}

const agreed = (result: AnyRedirectResult): Question => ({
  status: "answered",
  result: Object.freeze(result),
});

function askOrWait(page: Page, ports: ReturnPorts, view: View, options: ReaderOptions): void {
  if (view.question?.status !== "open") return;
  if (options.confirm) void ask(page, ports, view, options);
  else
    queueMicrotask(() => {
      // The reader that would have asked never attached: React has discarded its render.
      if (view.question?.status !== "open") return;
      view.question = undefined;
      notify(page);
    });
}

/** Asks the partner's server; all readers of the view share this one question. */
async function ask(
  page: Page,
  ports: ReturnPorts,
  view: View,
  options: ReaderOptions,
): Promise<void> {
  const question: Question = { status: "asking", controller: new AbortController() };
  view.question = question;
  let result: AnyRedirectResult;
  try {
    // Only a success is confirmed, and it has a claim.
    const claim = view.claim as ReadableClaim;
    const answer = await confirmReturn(ports, claim, options, question.controller.signal);
    result =
      answer.status === "no"
        ? rejected(answer.reason)
        : ({ ...view.success, confirmation: answer.confirmation } as AnyRedirectResult);
  } catch (error) {
    const retry = () => {
      if (view.question !== answered) return;
      void ask(page, ports, view, options);
      notify(page);
    };
    result = { status: "unconfirmed", error: error as BenjiConnectError, retry };
  }
  const answered = agreed(result);
  if (view.question !== question) return;
  view.question = answered;
  notify(page);
}

function stopAsking(view: View | undefined, reader: object): void {
  if (!view?.askers.delete(reader) || view.askers.size) return;
  if (view.question?.status !== "asking") return;
  view.question.controller.abort();
  view.question = undefined;
}

function notify(page: Page): void {
  for (const listener of page.listeners) callPartner(listener);
}

/** Reports the delivered result to `onEvent`, without ids. */
function report(view: View, result: AnyRedirectResult, onEvent: OnBenjiEvent | undefined): void {
  if (!onEvent || view.reported === result) return;
  view.reported = result;
  // The status is never "none" in a view, and `deliver` reports no "pending".
  const { status, mode, reason, replayed } = result as BenjiEvents["returned"];
  callPartner(() => onEvent("returned", { status, mode, reason, replayed }));
}
