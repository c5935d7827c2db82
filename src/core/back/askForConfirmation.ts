import { BenjiConnectError } from "../../errors.js";
import { isResponse } from "../isResponse.js";
import type { ReadableClaim } from "./parseRedirect.js";

/**
 * Asks the partner's server whether a success counts. May return the route's `Response` (200 yes with data,
 * 202 not yet, 409 no), `false` for no, or any other JSON value for yes. The route must be idempotent: it
 * is asked again while the answer is "not yet", and after a reload if no answer was stored.
 */
export type ConfirmRedirect<C> = (
  claim: ReadableClaim,
  context: {
    signal: AbortSignal;
    /** The number of this attempt for the claim, from 1. */
    attempt: number;
  },
) => Promise<false | C | Response> | false | C | Response;

/** The answer of the partner's server. */
export type Confirmation<C> =
  | { status: "yes"; confirmation: C }
  | { status: "no"; reason: "not_confirmed" | "state_not_bound" }
  /** `retryAfterMs` is the header `Retry-After`, if sent. */
  | { status: "not_yet"; retryAfterMs: number | undefined };

/**
 * Asks once. Fails closed: throws if `confirm` returns nothing.
 *
 * @throws BenjiConnectError `confirm_failed`, `unauthenticated`
 */
export async function askForConfirmation<C>(
  confirm: ConfirmRedirect<C>,
  claim: ReadableClaim,
  signal: AbortSignal,
  attempt: number,
): Promise<Confirmation<C>> {
  let answer: unknown;
  try {
    answer = await confirm(claim, { signal, attempt });
    if (isResponse(answer)) {
      const said = await readResponse(answer);
      if ("status" in said) return said;
      answer = said.data;
    }
  } catch (cause) {
    if (cause instanceof BenjiConnectError) throw cause;
    throw new BenjiConnectError("confirm_failed", "", { cause });
  }
  if (answer === undefined) throw new BenjiConnectError("confirm_failed", "answered nothing");
  return answer === false
    ? { status: "no", reason: "not_confirmed" }
    : { status: "yes", confirmation: answer as C };
}

async function readResponse(
  response: Response,
): Promise<Exclude<Confirmation<never>, { status: "yes" }> | { data: unknown }> {
  const { status: httpStatus } = response;
  switch (httpStatus) {
    case 200:
      return { data: yesOrNo(await response.json()) };
    // A rate limit (429) and a short outage (503) mean "not yet": the library asks again.
    case 202:
    case 429:
    case 503:
      return { status: "not_yet", retryAfterMs: readRetryAfter(response) };
    case 401:
      throw new BenjiConnectError("unauthenticated", "", { httpStatus });
    case 409:
      return { status: "no", reason: "not_confirmed" };
    case 403:
      if (((await response.json()) as { error?: unknown }).error === "state_not_bound")
        return { status: "no", reason: "state_not_bound" };
  }
  throw new BenjiConnectError("confirm_failed", `HTTP ${httpStatus}`, { httpStatus });
}

// In the JSON, `true` or an object is a yes, `false` a no; anything else is a mistake of the route.
function yesOrNo(data: unknown): unknown {
  if (typeof data === "boolean" || (typeof data === "object" && data)) return data;
  throw new BenjiConnectError(
    "confirm_failed",
    `expected true, false or an object, got ${typeof data}`,
  );
}

function readRetryAfter({ headers }: Response): number | undefined {
  const seconds = Number(headers.get("retry-after") ?? NaN);
  return seconds >= 0 ? seconds * 1_000 : undefined;
}
