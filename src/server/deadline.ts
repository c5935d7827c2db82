import { BenjiApiError, invalidRequest } from "./client/apiError.js";
import { got } from "./options.js";

/** When to stop waiting. */
export interface Deadline {
  /** In milliseconds. */
  timeoutMs: number;
  /** The caller's own signal. */
  signal: AbortSignal | undefined;
  /** The error where the time is up. Default: that Benji's answer did not come. */
  timedOut?: (timeoutMs: number) => Error;
}

/** The longest wait timers can count; anything above fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Checks a timeout in milliseconds. */
export function parseTimeout(timeoutMs: unknown, option = "timeoutMs"): number {
  if (typeof timeoutMs === "number" && timeoutMs > 0 && timeoutMs <= MAX_TIMER_MS) return timeoutMs;
  const came = typeof timeoutMs === "number" ? "" : `; ${got(timeoutMs)}`;
  throw invalidRequest(`Expected ${option} between 1 and ${MAX_TIMER_MS} milliseconds${came}.`);
}

/**
 * Runs `work` until it settles, the time is up or the caller aborts, whichever comes first. The
 * answer does not depend on `work` looking at its signal.
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
    // Frees the connection, whatever of the answer is still unread. What succeeded has read it all.
    controller.abort();
    throw error;
  } finally {
    disarm();
  }
}

/** How long each function of the partner's may take that has no option of its own. */
const PARTNER_TIMEOUT_MS = 10_000;

/**
 * What a function of the partner's answers. An answer that is there at once costs no timer.
 *
 * @throws Error where it does not settle within ten seconds, or what the function rejects with
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

/** A promise that only ever rejects: when the time is up or when the caller aborts. */
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
