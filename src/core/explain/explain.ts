/**
 * Says in development, once on the console, what is wrong with an integration. Every function here is
 * empty in a production bundle, and bundlers drop what it would have called.
 *
 * The test stands in each of them in exactly these words, for bundlers to replace. Not behind `typeof
 * process`, which they do not replace; without a bundler it throws, and nothing is said.
 */
import type { BenjiConnectError } from "../../errors.js";
import type { RedirectClaim } from "../back/parseRedirect.js";
import type { AnyRedirectResult } from "../back/result.js";
import { isResponse } from "../isResponse.js";
import type { ConnectOptions, ReturnOptions } from "../options.js";
import { parseConnectToken } from "../out/parseConnectToken.js";
import type { ReturnPorts } from "../ports.js";
import { explainStatus, explainTokenAnswer, explainTokenResponse } from "./answers.js";
import { explainError } from "./failures.js";
import { explainNames } from "./names.js";
import { explainValues } from "./options.js";
import { explainResultOf } from "./returns.js";
import { say } from "./say.js";
import { leaveTrail } from "./trail.js";
import { noteReader, watchForUnread } from "./unread.js";

/** What a start was given. `mustLead` where it can be pressed as it is. */
export function explainOptions(options: object): void {
  try {
    if (process.env.NODE_ENV !== "production") {
      explainNames(options);
      explainValues(options as Record<string, unknown>);
      watchForUnread();
    }
  } catch {
    // No bundler, so nobody knows whether this is development.
  }
}

/** A button that can be pressed, and would lead nowhere. */
export function explainButton(options: ConnectOptions): void {
  try {
    if (process.env.NODE_ENV !== "production")
      if (options.fetchConnectToken === undefined && !options.hostedConnectUrl)
        say("BenjiConnectButton", {
          expected: "fetchConnectToken, or hostedConnectUrl for the flow without a token",
          came: "neither",
          todo: 'Write fetchConnectToken="/api/benji/connect-token", or give it to a BenjiConnectProvider above.',
          see: "errors.md#connect_url_missing",
        });
  } catch {
    // No bundler.
  }
}

/** A start that is under way: where it began, and why it failed. */
export function explainStart(
  error: BenjiConnectError | undefined,
  options: ConnectOptions & { storage?: unknown },
): void {
  try {
    if (process.env.NODE_ENV !== "production") {
      if (error) explainError(error);
      else leaveTrail(options.storage);
    }
  } catch {
    // No bundler.
  }
}

/** What `fetchConnectToken` answered: a `Response`, or what was in it. */
export function explainAnswer(answer: unknown): void {
  try {
    if (process.env.NODE_ENV !== "production") {
      if (isResponse(answer)) explainTokenResponse(answer);
      else if (!isTokenAnswer(answer)) explainTokenAnswer(answer);
    }
  } catch {
    // No bundler.
  }
}

function isTokenAnswer(answer: unknown): boolean {
  try {
    parseConnectToken(answer);
    return true;
  } catch {
    return false;
  }
}

/** What a reader was given, and what it shows. */
export function explainResult(
  ports: ReturnPorts,
  options: ReturnOptions & { storage?: unknown },
  result: AnyRedirectResult,
  seen: { claim: RedirectClaim } | undefined,
): void {
  try {
    if (process.env.NODE_ENV !== "production") {
      noteReader();
      explainNames(options);
      explainValues(options as Record<string, unknown>);
      explainResultOf(result, { ports, options, claim: seen?.claim });
      if (result.status === "unconfirmed" && result.error.httpStatus !== undefined)
        explainStatus("the confirm route", result.error.httpStatus);
      else if (result.status === "unconfirmed") explainError(result.error);
    }
  } catch {
    // No bundler.
  }
}
