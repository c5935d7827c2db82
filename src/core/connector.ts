import type { BenjiConnectError } from "../errors.js";
import { leaveForBenji } from "./connectFlow.js";
import type { ConnectOptions, ConnectOutcome } from "./options.js";
import type { LeavePorts } from "./ports.js";
import { createPrefetcher } from "./prefetch.js";

/** Where a start stands. */
export type ConnectStatus =
  | { status: "idle" }
  | { status: "connecting" }
  | { status: "redirecting" }
  | { status: "failed"; error: BenjiConnectError };

/** One starting point: one flow at a time, and a status to show. */
export interface Connector {
  /** Starts a flow; while one is under way, joins it. Never rejects. */
  connect: (ports: LeavePorts, options: ConnectOptions) => Promise<ConnectOutcome>;
  /** Fetches the token ahead of a `connect` with the same options. */
  prefetch: (ports: LeavePorts, options: ConnectOptions) => void;
  getStatus: () => ConnectStatus;
  /** The last listener that leaves calls off a token request that is still under way. */
  subscribe: (listener: () => void) => () => void;
  /** Back to idle, calling off whatever is under way. */
  reset: () => void;
}

export const IDLE: ConnectStatus = { status: "idle" };

export function createConnector(): Connector {
  const listeners = new Set<() => void>();
  const prefetcher = createPrefetcher();
  let status = IDLE;
  let underWay: { outcome: Promise<ConnectOutcome>; stop(): void } | undefined;

  const show = (next: ConnectStatus) => {
    status = next;
    for (const listener of listeners) listener();
  };

  const reset = () => {
    prefetcher.drop();
    underWay?.stop();
    underWay = undefined;
    if (status !== IDLE) show(IDLE);
  };

  const start = (ports: LeavePorts, options: ConnectOptions) => {
    const abort = new AbortController();
    const prefetched = prefetcher.take(ports, options);
    const flow = {
      stop: () => {
        abort.abort();
        prefetched?.stop();
      },
      outcome: leaveForBenji(ports, options, abort.signal, prefetched).then((outcome) => {
        if (underWay !== flow) return outcome;
        if (outcome.status === "redirecting") flow.stop = ports.onStillHere(reset);
        else underWay = undefined;
        show(outcome);
        return outcome;
      }),
    };
    underWay = flow;
    show({ status: "connecting" });
    return flow.outcome;
  };

  return {
    connect: (ports, options) => underWay?.outcome ?? start(ports, options),
    prefetch: (ports, options) => {
      if (!underWay) prefetcher.prefetch(ports, options);
    },
    getStatus: () => status,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        // StrictMode lets go and listens again at once; only who stays away calls a start off.
        queueMicrotask(() => listeners.size === 0 && reset());
      };
    },
    reset,
  };
}
