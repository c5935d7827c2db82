import { BenjiConnectError } from "../../errors.js";

/**
 * Aborts one start of a flow, as long as the page is not left. The state of the flow is made by
 * `createRequest` in journey.ts, its start time is stored by openFlow.ts.
 */
export interface Start {
  signal: AbortSignal;
  /** Why it was aborted. Kept here, because older browsers keep no reason in the signal. */
  reason?: BenjiConnectError;
  abort: (reason?: BenjiConnectError) => void;
}

export function createStart(): Start {
  const controller = new AbortController();
  const start: Start = {
    signal: controller.signal,
    abort: (reason = new BenjiConnectError("aborted")) => {
      start.reason ??= reason;
      controller.abort(start.reason);
    },
  };
  return start;
}
