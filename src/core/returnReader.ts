/**
 * The way back as a small machine, twin of `connector.ts`: what a visit's address said, judged,
 * settled, cleaned, confirmed.
 *
 * A return that was read belongs to the visit that read it. A reader (a hook, a flow) keeps the visit
 * it was given, whatever becomes of the address, until it is detached or the page names another return.
 */
import type { BenjiConnectError } from "../errors.js";
import type { ConfirmRedirect } from "./back/askForConfirmation.js";
import { readPointer } from "./back/historyPointer.js";
import { toUrl } from "./addresses/url.js";
import {
  isCallback,
  isSameClaim,
  parseRedirect,
  type RedirectClaim,
} from "./back/parseRedirect.js";
import { removeRedirectParams } from "./back/removeRedirectParams.js";
import type { AnyRedirectResult } from "./back/result.js";
import { rejected } from "./back/verifyRedirect.js";
import { callPartner, reportThrown } from "./callPartner.js";
import type { BenjiEvents, OnBenjiEvent } from "./events.js";
import {
  cleanAddress,
  confirmReturn,
  findReturn,
  type FoundReturn,
  judgeReturn,
  settleReturn,
  tellRouter,
  type Verdict,
} from "./journey.js";
import { isUserLoading, type ReturnOptions, userKeyText } from "./options.js";
import type { ReturnPorts } from "./ports.js";

/** What one reader is told; may be another on every call. */
export interface ReaderOptions extends ReturnOptions {
  /**
   * Your router's `replace`, for a router that keeps the address to itself. Called once a return, after
   * the address bar was cleaned, with path, query and hash; may answer a promise.
   */
  replaceUrl?: ((url: string) => unknown) | undefined;
  /** Asks your server whether a success counts; until then the result is `pending`. */
  confirm?: ConfirmRedirect<unknown> | undefined;
  /** Called with the result, once a return, for analytics. */
  onEvent?: OnBenjiEvent | undefined;
}

/** One place that shows a result. */
export interface ReturnReader<O extends ReaderOptions = ReaderOptions> {
  /** The result for this reader. Reads the address on the first look and decides; writes nothing yet. */
  getResult: (options: O) => AnyRedirectResult;
  /** Settles the flow and cleans the address, now rather than after the present task. */
  settle: () => void;
  /** Asks the partner's server, tells the router and reports the event: each once a return. */
  deliver: (options: O) => void;
  /** Attaches the reader until the answer is called; the listener hears of every change. */
  subscribe: (listener: () => void) => () => void;
}

/** Where the question to the partner's server stands. */
type Question =
  /** A reader that may ask was rendered. */
  | { status: "open" }
  | { status: "asking"; controller: AbortController }
  | { status: "answered"; result: AnyRedirectResult };

/** What one user is shown of a visit. */
interface View extends Verdict {
  question?: Question | undefined;
  /** The attached readers that ask. */
  askers: Set<object>;
  /** What `onEvent` was told last. */
  reported?: AnyRedirectResult;
}

/** One return that this page has read. */
interface Visit extends FoundReturn {
  /** The address it was read from; without the return once that was cleaned. */
  url: string;
  address: "carries the return" | "clean";
  /** Whether the history entry points to `state`, as far as we know. */
  entry: "marked" | "unmarked";
  /** The flow that ended here; empty while nothing of it is believed. */
  state: string;
  flow: "open" | "settled";
  told: "nobody" | "listeners" | "router";
  /** By user. */
  views: Map<string, View>;
  /** The attached readers; `undefined` until there was one. */
  readers?: Set<object>;
}

/** What all readers of a page share. */
export interface Page {
  looks: "none" | "some";
  /** Newest first. */
  visits: Visit[];
  listeners: Set<() => void>;
}

export const createPage = (): Page => ({ looks: "none", visits: [], listeners: new Set() });

/** The page that the browser shows. */
export const thisPage: Page = /* @__PURE__ */ createPage();

const NONE: AnyRedirectResult = Object.freeze({ status: "none" });
/** Cannot be read yet. */
export const WAITING: AnyRedirectResult = Object.freeze({ status: "pending" });
/** Read, and the partner's server is to be asked. */
const CONFIRMING: AnyRedirectResult = Object.freeze({ status: "pending" });

/** `portsFor` is asked on every call, because the storage is an option of the reader. */
export function createReturnReader<O extends ReaderOptions>(
  page: Page,
  portsFor: (options?: O) => ReturnPorts,
): ReturnReader<O> {
  let visit: Visit | undefined;
  let view: View | undefined;
  let settle = () => {};
  let attachment: "not yet" | "attached" | "detached" = "not yet";
  /** A success that was delivered before anybody wanted it confirmed. */
  let delivered: AnyRedirectResult | undefined;

  const hold = (next: Visit | undefined) => {
    if (next !== visit) visit?.readers?.delete(reader);
    visit = next;
    if (visit && attachment === "attached") (visit.readers ??= new Set()).add(reader);
  };

  const show = (next: View | undefined) => {
    if (next !== view) stopAsking(view, reader);
    view = next;
  };

  const reader: ReturnReader<O> = {
    getResult: (options) => {
      const ports = portsFor(options);
      if (ports.isPrerendering()) return WAITING;
      hold(findVisit(page, ports, options, attachment === "detached" ? undefined : visit));
      show(visit && viewOf(ports, options, visit));
      const read = visit;
      settle = () => read && settleVisit(ports, read);
      if (!visit) return NONE;
      if (!view) return WAITING;
      return !options.confirm && delivered === view.result
        ? delivered
        : resultOf(view, !!options.confirm);
    },

    settle: () => settle(),

    deliver: (options) => {
      const result = reader.getResult(options);
      if (!visit || !view) return;
      const ports = portsFor(options);
      settle();
      tell(ports, visit, options.replaceUrl);
      if (result === CONFIRMING) askOrWait(page, ports, view, reader, options.confirm);
      else report(view, result, options.onEvent);
      if (result === view.result) delivered = result;
    },

    subscribe: (listener) => {
      const ignoreEntries = portsFor().onEntryChange(listener);
      page.listeners.add(listener);
      attachment = "attached";
      hold(visit);
      return () => {
        ignoreEntries();
        page.listeners.delete(listener);
        attachment = "detached";
        visit?.readers?.delete(reader);
        // StrictMode detaches and attaches again at once; only a reader that stays away is gone.
        queueMicrotask(() => {
          if (attachment === "attached") return;
          hold(undefined);
          show(undefined);
          delivered = undefined;
        });
      };
    },
  };
  return reader;
}

// --- visits

/** The visit that a reader is to show: the one it has, one of another reader, or a new one. */
function findVisit(
  page: Page,
  ports: ReturnPorts,
  options: ReaderOptions,
  kept: Visit | undefined,
): Visit | undefined {
  const url = options.url ?? ports.currentUrl();
  const claim = parseRedirect(url, options);
  const pointer = readPointer(ports.historyState());
  const namesAnother = claim
    ? !isSameClaim(kept?.claim, claim)
    : pointer && pointer !== kept?.state && isCallbackUrl(url, options);
  if (kept && !namesAnother) return kept;
  // A visit that nobody holds ends when the address changes otherwise than by its own cleaning.
  for (const other of page.visits) if (!claim && other.url !== url) other.readers ??= new Set();
  if (!isCallbackUrl(url, options)) return undefined;
  return (
    page.visits.find((other) => isPresent(other, url, claim, pointer)) ??
    beginVisit(page, ports, options, url)
  );
}

const isCallbackUrl = (text: string, options: ReaderOptions): boolean => {
  const url = toUrl(text);
  return !!url && isCallback(url, options);
};

/** Whether the page is still, or again, where this visit was. */
function isPresent(
  visit: Visit,
  url: string,
  claim: RedirectClaim | undefined,
  pointer: string | undefined,
): boolean {
  if (pointer && !claim) return pointer === visit.state;
  if (visit.readers?.size === 0) return false; // left
  if (claim) return isSameClaim(visit.claim, claim);
  return visit.url === url && (pointer === "" || visit.entry === "unmarked");
}

function beginVisit(
  page: Page,
  ports: ReturnPorts,
  options: ReaderOptions,
  url: string,
): Visit | undefined {
  const found = findReturn(ports, options, page.looks === "none");
  page.looks = "some";
  if (!found) return undefined;
  const isFresh = found.source === "address";
  const visit: Visit = {
    ...found,
    url,
    address: isFresh ? "carries the return" : "clean",
    entry: found.source === "entry" ? "marked" : "unmarked",
    state: isFresh ? "" : stateOf(found.claim),
    flow: isFresh ? "open" : "settled",
    told: isFresh ? "nobody" : "router",
    views: new Map(),
  };
  page.visits.unshift(visit);
  return visit;
}

const stateOf = (claim: RedirectClaim | undefined) =>
  (claim && "state" in claim && claim.state) || "";

/** What this user is shown; `undefined` while the user may still be loading. */
function viewOf(ports: ReturnPorts, options: ReaderOptions, visit: Visit): View | undefined {
  const { userKey, dangerouslyAcceptReturnsWithoutState: accepts } = options;
  const key = JSON.stringify([userKeyText(userKey), !stateOf(visit.claim) && !!accepts]);
  const known = visit.views.get(key);
  if (known && !isUserLoading(options)) return known;
  const verdict = judgeReturn(ports, options, visit.claim);
  if (known || !verdict) return verdict && known;
  Object.freeze(verdict.result);
  const view = { ...verdict, askers: new Set<object>() };
  visit.views.set(key, view);
  visit.state ||= stateOf(verdict.claim);
  // For a render that is thrown away: it settles and cleans too, after the render and never in it.
  queueMicrotask(() => settleVisit(ports, visit));
  return view;
}

/** Settles the flow and cleans the address: each once a visit. */
function settleVisit(ports: ReturnPorts, visit: Visit): void {
  const views = [...visit.views.values()];
  const claim = views.find((view) => view.claim)?.claim;
  if (claim && visit.flow === "open") {
    visit.flow = "settled";
    settleReturn(ports, claim, toUrl(visit.url)?.pathname ?? "");
  }
  if (views.length === 0 || visit.address === "clean") return;
  visit.address = "clean";
  visit.url = cleanAddress(ports, visit.claim, visit.state) ?? removeRedirectParams(visit.url);
  // A `history.state` that is no object takes no pointer.
  if (readPointer(ports.historyState()) === visit.state) visit.entry = "marked";
}

/** One reader may know the router and another not, whoever comes first. */
function tell(ports: ReturnPorts, visit: Visit, replaceUrl: ReaderOptions["replaceUrl"]): void {
  if (visit.told === "router" || (visit.told === "listeners" && !replaceUrl)) return;
  visit.told = replaceUrl ? "router" : "listeners";
  const { entry } = visit;
  // Until it is marked again: a router writes a `history.state` of its own.
  if (replaceUrl) visit.entry = "unmarked";
  tellRouter(ports, visit.url, visit.state, replaceUrl)
    .catch(reportThrown)
    .then(() => (visit.entry = entry));
}

// --- what one user is shown

function resultOf(view: View, mayAsk: boolean): AnyRedirectResult {
  const { result, confirmation } = view;
  if (result.status !== "success") return result;
  if (mayAsk)
    view.question ??=
      confirmation === undefined ? { status: "open" } : agreed({ ...result, confirmation });
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

function askOrWait(
  page: Page,
  ports: ReturnPorts,
  view: View,
  reader: object,
  confirm: ReaderOptions["confirm"],
): void {
  if (confirm) view.askers.add(reader);
  if (view.question?.status !== "open") return;
  if (confirm) void ask(page, ports, view, confirm);
  else
    queueMicrotask(() => {
      // The reader that was to ask was rendered and thrown away.
      if (view.question?.status !== "open" || view.askers.size) return;
      view.question = undefined;
      notify(page);
    });
}

/** One question at a time, however many readers wait for the answer. */
async function ask(
  page: Page,
  ports: ReturnPorts,
  view: View,
  confirm: ConfirmRedirect<unknown>,
): Promise<void> {
  const question: Question = { status: "asking", controller: new AbortController() };
  view.question = question;
  let result: AnyRedirectResult;
  try {
    const { claim = { status: "success" } } = view;
    const answer = await confirmReturn(ports, claim, confirm, question.controller.signal);
    result =
      answer === false
        ? rejected("not_confirmed")
        : ({ ...view.result, confirmation: answer } as AnyRedirectResult);
  } catch (error) {
    const retry = () => {
      if (view.question !== answered) return;
      void ask(page, ports, view, confirm);
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

/** Analytics: what was delivered, without ids. */
function report(view: View, result: AnyRedirectResult, onEvent: OnBenjiEvent | undefined): void {
  if (!onEvent || view.reported === result) return;
  if (result.status === "pending" || result.status === "none") return;
  view.reported = result;
  const { status, mode, reason, replayed }: BenjiEvents["returned"] = result;
  callPartner(() => onEvent("returned", { status, mode, reason, replayed }));
}
