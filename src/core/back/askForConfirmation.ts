import { BenjiConnectError } from "../../errors.js";
import { isResponse } from "../isResponse.js";
import type { ReadableClaim } from "./parseRedirect.js";

/**
 * Asks the partner's server whether a success counts: `false` for no, anything else that JSON can
 * express for yes; after a reload it comes from the storage. Called once a flow, and again after a
 * reload that found no answer, so the route must be idempotent.
 */
export type ConfirmRedirect<C> = (
  claim: ReadableClaim,
  context: { signal: AbortSignal },
) => Promise<false | C> | false | C;

/** The partner's answer. Fails closed: a `Response` or nothing at all is no yes. */
export async function askForConfirmation<C>(
  confirm: ConfirmRedirect<C>,
  claim: ReadableClaim,
  signal: AbortSignal,
): Promise<false | C> {
  let answer: false | C;
  try {
    answer = await confirm(claim, { signal });
  } catch (cause) {
    throw new BenjiConnectError("confirm_failed", "", { cause });
  }
  if (answer !== undefined && !isResponse(answer)) return answer;
  throw new BenjiConnectError("confirm_failed", "answered nothing, or a Response");
}
