import { BenjiConnectError } from "../../errors.js";

/**
 * One start of a flow, which can be aborted until the page is left. `createRequest` in journey.ts
 * makes the flow's state; openFlow.ts stores its start time.
 */
export interface Start {
  signal: AbortSignal;
  /** Why the start was aborted. Kept here, because older browsers keep no reason in the signal. */
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
