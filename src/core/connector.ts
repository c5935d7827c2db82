import type { BenjiConnectError } from "../errors.js";
import { leaveForBenji } from "./journey.js";
import type { ConnectOptions, ConnectOutcome } from "./options.js";
import type { LeavePorts } from "./ports.js";
import { createPrefetcher } from "./out/prefetch.js";
import { createStart, type Start } from "./out/start.js";

/** Where a start stands. */
export type ConnectStatus =
  | { status: "idle"; error?: undefined }
  | { status: "connecting"; error?: undefined }
  | { status: "redirecting"; error?: undefined }
  | { status: "failed"; error: BenjiConnectError };

/** One starting point: one flow at a time. */
export interface Connector {
  /** Starts a flow; while one is under way, joins it. Never rejects. */
  connect: (ports: LeavePorts, options: ConnectOptions) => Promise<ConnectOutcome>;
  /** Fetches the token ahead of a `connect` with the same options. */
  prefetch: (ports: LeavePorts, options: ConnectOptions) => void;
  /** Back to idle: aborts the start that is running. */
  reset: () => void;
}

export const IDLE: ConnectStatus = { status: "idle" };

/** `onStatus` is called at every change; a connector begins idle. */
export function createConnector(onStatus: (status: ConnectStatus) => void): Connector {
  const prefetcher = createPrefetcher();
  let status = IDLE;
  let underWay: { outcome: Promise<ConnectOutcome>; start: Start } | undefined;

  const show = (next: ConnectStatus) => {
    status = next;
    onStatus(next);
  };

  const reset = () => {
    prefetcher.drop();
    underWay?.start.abort();
    underWay = undefined;
    if (status !== IDLE) show(IDLE);
  };

  const begin = (ports: LeavePorts, options: ConnectOptions) => {
    const prefetched = prefetcher.take(ports, options);
    const start = prefetched?.start ?? createStart();
    const flow = {
      start,
      outcome: leaveForBenji(ports, options, start, prefetched).then((outcome) => {
        if (underWay !== flow) return outcome;
        if (outcome.status === "redirecting") ports.onStillHere(reset, start.signal);
        else {
          underWay = undefined;
          start.abort();
        }
        show(outcome);
        return outcome;
      }),
    };
    underWay = flow;
    // Who has left while the token was on its way and comes back with Back has changed their mind.
    ports.onPageHide(() => status.status === "connecting" && reset(), start.signal);
    show({ status: "connecting" });
    return flow.outcome;
  };

  return {
    connect: (ports, options) => underWay?.outcome ?? begin(ports, options),
    prefetch: (ports, options) => {
      if (!underWay) prefetcher.prefetch(ports, options);
    },
    reset,
  };
}
