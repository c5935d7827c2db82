import { BenjiApiError, invalidRequest } from "./client/apiError.js";
import { got } from "./options.js";

/** The limits of a wait. */
export interface Deadline {
  timeoutMs: number;
  /** The caller's own signal. */
  signal: AbortSignal | undefined;
  /** Makes the error for a timeout. Default: `api_timeout`. */
  timedOut?: (timeoutMs: number) => Error;
}

/** The longest delay of `setTimeout`; with a longer one it fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** @throws what `invalid` makes of the message: by default a BenjiApiError `invalid_request` */
export function parseTimeout(
  timeoutMs: unknown,
  option = "timeoutMs",
  invalid: (message: string) => Error = invalidRequest,
): number {
  if (typeof timeoutMs === "number" && timeoutMs >= 1 && timeoutMs <= MAX_TIMER_MS)
    return timeoutMs;
  const came = typeof timeoutMs === "number" ? "" : `; ${got(timeoutMs)}`;
  throw invalid(`Expected ${option} between 1 and ${MAX_TIMER_MS} milliseconds${came}.`);
}

/**
 * Runs `work` until it settles, the timeout passes or the caller aborts, whichever comes first, even
 * where `work` ignores its signal.
 *
 * @throws BenjiApiError `api_timeout` or `aborted`, or what `work` throws.
 */
export async function withDeadline<T>(
  work: (signal: AbortSignal) => Promise<T>,
  deadline: Deadline,
): Promise<T> {
  if (deadline.signal?.aborted) throw aborted();
  const controller = new AbortController();
  const { stopped, disarm } = armStop(deadline);
  try {
    return await Promise.race([work(controller.signal), stopped]);
  } catch (error) {
    // Aborts the request, to free its connection. After a success nothing is left to read.
    controller.abort();
    throw error;
  } finally {
    disarm();
  }
}

/** The timeout for functions of the partner that have no timeout option. */
const PARTNER_TIMEOUT_MS = 10_000;

/**
 * Waits for the value that a function of the partner returned. Only a promise needs a timer.
 *
 * @throws Error where the promise does not settle within ten seconds, or what the promise rejects with
 */
export async function inTime<T>(answer: T | PromiseLike<T>, name: string): Promise<T> {
  if (typeof (answer as PromiseLike<T> | null)?.then !== "function") return answer;
  const timedOut = (timeoutMs: number) =>
    new Error(`Expected ${name} to answer within ${timeoutMs} ms; it did not.`);
  const { stopped, disarm } = armStop({
    timeoutMs: PARTNER_TIMEOUT_MS,
    signal: undefined,
    timedOut,
  });
  return Promise.race([answer, stopped]).finally(disarm);
}

/** `stopped` never resolves: it rejects after the timeout or when the caller aborts. */
function armStop({ timeoutMs, signal, timedOut = benjiTimedOut }: Deadline) {
  let disarm = () => {};
  const stopped = new Promise<never>((_, reject) => {
    const onTimeout = () => reject(timedOut(timeoutMs));
    const onAbort = () => reject(aborted());
    const timer = setTimeout(onTimeout, timeoutMs);
    signal?.addEventListener("abort", onAbort, { once: true });
    disarm = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    };
  });
  return { stopped, disarm };
}

const aborted = () => new BenjiApiError("aborted", "The caller aborted the call to Benji.");

const benjiTimedOut = (timeoutMs: number) =>
  new BenjiApiError("api_timeout", `Expected Benji's answer within ${timeoutMs} ms; none came.`);
