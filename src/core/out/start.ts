import { BenjiConnectError } from "../../errors.js";

/** One start of a flow, which may be aborted until the page is left. */
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
