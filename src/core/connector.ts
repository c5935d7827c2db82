import type { BenjiConnectError } from "../errors.js";
import { leaveForBenji } from "./journey.js";
import type { ConnectOptions, ConnectOutcome } from "./options.js";
import type { LeavePorts } from "./ports.js";
import { createPrefetcher } from "./out/prefetch.js";
import { createStart, type Start } from "./out/abortableStart.js";

/** The status of a start: the way from the click to Benji's page. */
export type ConnectStatus =
  | { status: "idle"; error?: undefined }
  | { status: "connecting"; error?: undefined }
  | { status: "redirecting"; error?: undefined }
  | { status: "failed"; error: BenjiConnectError };

/** Starts flows, one at a time. A flow is one way to Benji and back. */
export interface Connector {
  /** Starts a flow. If a start is running, returns the outcome of that start. Never rejects. */
  connect: (ports: LeavePorts, options: ConnectOptions) => Promise<ConnectOutcome>;
  /** Fetches the token ahead of a `connect` with the same options. */
  prefetch: (ports: LeavePorts, options: ConnectOptions) => void;
  /** Sets the status back to idle and aborts a running start. */
  reset: () => void;
}

export const IDLE: ConnectStatus = { status: "idle" };

/** `onStatus` is called at every change; the status is idle at first. */
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
    // A member who leaves while the token is fetched and returns with Back no longer wants this start.
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
