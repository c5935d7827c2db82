import { browserPorts } from "./browser.js";
import { callPartner } from "./callPartner.js";
import { cleanAddress, type Landing, readReturn, settleReturn, tellRouter } from "./journey.js";
import { type ConnectStatus, createConnector, IDLE } from "./connector.js";
import type { ConnectOptions, ConnectOutcome, ReturnOptions } from "./options.js";
import type { FlowPorts, StorageChoice } from "./ports.js";

/** Everything a start or a return may be told, and every port, each replaceable by itself. */
export interface ConnectFlowOptions
  extends ConnectOptions,
    ReturnOptions,
    Partial<Omit<FlowPorts, "storage">> {
  /** Default `"session"`: per tab. */
  storage?: StorageChoice;
}

/** The library without React. */
export interface ConnectFlow<A = unknown> {
  /** Sends the member to Benji. `request` overrides the flow's own options. Never rejects. */
  connect: (request?: ConnectOptions) => Promise<ConnectOutcome>;
  /** Fetches the token ahead of a `connect` that will follow soon. Used once, for 30 s. */
  prefetch: (request?: ConnectOptions) => void;
  /** Reads the present address, settles the flow and cleans the address bar. Safe on any page. */
  handleRedirect: () => Landing<A>["result"];
  getStatus: () => ConnectStatus;
  subscribe: (listener: () => void) => () => void;
  /** Back to idle, calling off a token request that is under way. */
  reset: () => void;
}

/**
 * The whole journey for apps without React.
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
 * const result = flow.handleRedirect();
 * if (result.status === "none") document.querySelector("button")!.onclick = () => flow.connect();
 * ```
 */
export function createConnectFlow<A = unknown>(options: ConnectFlowOptions = {}): ConnectFlow<A> {
  const ports = { ...browserPorts(options.storage), ...givenPorts(options) };
  const listeners = new Set<() => void>();
  let status = IDLE;
  const connector = createConnector((next) => {
    status = next;
    for (const listener of listeners) callPartner(listener);
  });
  let isFirst = true;
  return {
    connect: (request) => connector.connect(ports, { ...options, ...request }),
    prefetch: (request) => connector.prefetch(ports, { ...options, ...request }),
    handleRedirect: () => {
      const landing = readReturn(ports, options, isFirst);
      isFirst = false;
      settleReturn(ports, landing);
      cleanAddress(ports, landing);
      if (landing.isFresh) void tellRouter(ports, landing);
      return landing.result as Landing<A>["result"];
    },
    getStatus: () => status,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reset: connector.reset,
  };
}

const PORT_NAMES = [
  "now",
  "randomBytes",
  "currentUrl",
  "navigate",
  "replaceUrl",
  "historyState",
  "restoredPath",
  "onStillHere",
  "onPageHide",
  "preconnect",
] as const;

const givenPorts = (options: ConnectFlowOptions): Partial<FlowPorts> =>
  Object.fromEntries(
    PORT_NAMES.filter((name) => options[name]).map((name) => [name, options[name]]),
  );
