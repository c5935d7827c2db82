import type { ConfirmRedirect } from "./back/askForConfirmation.js";
import type { BenjiRedirectResult } from "./back/resultTypes.js";
import type { UnverifiedRedirect } from "./back/verifyRedirect.js";
import { browserPorts } from "./browser.js";
import { callPartner } from "./callPartner.js";
import { type ConnectStatus, createConnector, IDLE } from "./connector.js";
import { explainOptions } from "./explain/explain.js";
import { reportStart } from "./events.js";
import type { ConnectOptions, ConnectOutcome } from "./options.js";
import { ownOptions } from "./checkOptions.js";
import type { FlowPorts, StorageChoice } from "./ports.js";
import { findUnfinished, type UnfinishedFlow } from "./records/unfinished.js";
import { createPage, createReturnReader, type ReaderOptions, thisPage } from "./returnReader.js";

type OtherPorts = { [Port in Exclude<keyof FlowPorts, "storage">]?: FlowPorts[Port] | undefined };

/** The options of a start and of a return. The browser's functions (ports) can be replaced too. */
export interface ConnectFlowOptions<C = unknown>
  extends ConnectOptions,
    Omit<ReaderOptions, "confirm">,
    OtherPorts {
  /** Default `"session"`: per tab. */
  storage?: StorageChoice | undefined;
  /**
   * A function that asks your server whether a success counts, or the URL of that route. The result
   * is `pending` until the server has answered.
   */
  confirm?: string | ConfirmRedirect<C> | undefined;
}

/** Starts flows and reads their returns, without React. */
export interface ConnectFlow<A = unknown, C = unknown> {
  /** Sends the member to Benji. `request` overrides the flow's own options. Never rejects. */
  connect: (request?: ConnectOptions) => Promise<ConnectOutcome>;
  /**
   * Fetches the token ahead of a `connect` that follows soon. The token is used once, within 30 s, for the
   * same `userKey`.
   */
  prefetch: (request?: ConnectOptions) => void;
  /** The status of the newest start. */
  getStatus: () => ConnectStatus;
  /** Sets the status back to idle and aborts a running token request. */
  reset: () => void;
  /** The newest flow of this user that has no return yet and has not expired. */
  getUnfinished: () => UnfinishedFlow | undefined;
  /**
   * Returns the result for the present page: the same object while nothing has changed. Marks the
   * flow as used, cleans the address bar and asks `confirm`, each once. On a page that is no return the
   * status is "none".
   */
  getResult: () => BenjiRedirectResult<A, C> | UnverifiedRedirect;
  /**
   * Calls the listener after every change of the status or the result. Returns the unsubscribe function.
   */
  subscribe: (listener: () => void) => () => void;
}

/**
 * Starts flows and reads their returns, for apps without React.
 *
 * @see docs/contract.md
 * @example
 * ```ts
 * import { createConnectFlow } from "react-benji-connect/core";
 *
 * const flow = createConnectFlow({
 *   fetchConnectToken: (request, { signal }) =>
 *     fetch("/api/benji/connect-token", {
 *       method: "POST",
 *       headers: { "content-type": "application/json" },
 *       body: JSON.stringify(request),
 *       signal,
 *     }),
 * });
 *
 * const show = () => {
 *   document.body.dataset["result"] = flow.getResult().status;
 * };
 * flow.subscribe(show);
 * show();
 * document.querySelector("button")?.addEventListener("click", () => flow.connect());
 * ```
 */
export function createConnectFlow<A = unknown, C = unknown>(
  given: ConnectFlowOptions<C> = {},
): ConnectFlow<A, C> {
  const options = ownOptions(given);
  const own = givenPorts(options as object);
  explainOptions(options);
  const ports: FlowPorts = { ...browserPorts(options.storage), ...own };
  const listeners = new Set<() => void>();
  const tellListeners = () => {
    for (const listener of listeners) callPartner(listener);
  };

  let status = IDLE;
  let asked: ConnectOptions | undefined;
  const connector = createConnector((next) => {
    status = next;
    tellListeners();
    reportStart(next, { ...options, ...asked });
  });

  // All readers of the browser's page share `thisPage`. A flow with its own `currentUrl` or
  // `historyState` reads another address and gets its own page.
  const page = own.currentUrl || own.historyState ? createPage() : thisPage;
  const reader = createReturnReader(page, () => ports);
  const readerOptions = options as ReaderOptions;
  let detach = () => {};

  return {
    connect: (request) => {
      asked = request;
      return connector.connect(ports, { ...options, ...request });
    },
    prefetch: (request) => connector.prefetch(ports, { ...options, ...request }),
    getStatus: () => status,
    reset: connector.reset,
    getUnfinished: () => findUnfinished(ports, options.userKey),
    getResult: () => {
      reader.deliver(readerOptions);
      return reader.getResult(readerOptions) as BenjiRedirectResult<A, C>;
    },
    subscribe: (listener) => {
      if (listeners.size === 0) detach = reader.subscribe(tellListeners);
      listeners.add(listener);
      return () => {
        if (listeners.delete(listener) && listeners.size === 0) detach();
      };
    },
  };
}

const PORT_NAMES = [
  "now",
  "randomBytes",
  "currentUrl",
  "postJson",
  "later",
  "navigate",
  "writeEntry",
  "announceEntry",
  "historyState",
  "restoredPath",
  "isPrerendering",
  "onEntryChange",
  "onStillHere",
  "onPageHide",
  "preconnect",
] as const;

const givenPorts = (options: Partial<FlowPorts>): Partial<FlowPorts> =>
  Object.fromEntries(
    PORT_NAMES.filter((name) => options[name]).map((name) => [name, options[name]]),
  );
