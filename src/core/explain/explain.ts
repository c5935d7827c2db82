/**
 * Says in development, once on the console, what is wrong with an integration. Every function here is
 * empty in a production bundle, and bundlers drop what it would have called.
 *
 * The test stands twice in exactly these words, for bundlers to replace. In the exported functions it
 * lets esbuild see that they are empty, and drop each call of them; without a bundler it throws there, and
 * nothing is said. In the others it is for Rollup, which keeps whatever a `try` contains. Not behind
 * `typeof process`, which bundlers do not replace.
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

/** What a start was given. */
export function explainOptions(options: object): void {
  try {
    if (process.env.NODE_ENV !== "production") lookAtOptions(options);
  } catch {
    // Nothing is said.
  }
}

function lookAtOptions(options: object): void {
  if (process.env.NODE_ENV !== "production") {
    explainNames(options);
    explainValues(options as Record<string, unknown>);
    watchForUnread();
  }
}

/** A button that can be pressed, and would lead nowhere. */
export function explainButton(options: ConnectOptions): void {
  try {
    if (process.env.NODE_ENV !== "production") lookAtTarget(options);
  } catch {
    // Nothing is said.
  }
}

function lookAtTarget(options: ConnectOptions): void {
  if (process.env.NODE_ENV !== "production")
    if (options.fetchConnectToken === undefined && !options.hostedConnectUrl)
      say("the start", {
        expected: "fetchConnectToken, or hostedConnectUrl for the flow without a token",
        came: "neither",
        todo: 'Write fetchConnectToken="/api/benji/connect-token", or give it to a BenjiConnectProvider above.',
        see: "errors.md#connect_url_missing",
      });
}

/** A start that is under way: where it began, and why it failed. */
export function explainStart(
  state: { status: string; error?: BenjiConnectError | undefined },
  options: ConnectOptions & { storage?: unknown },
): void {
  try {
    if (process.env.NODE_ENV !== "production") lookAtStart(state, options);
  } catch {
    // Nothing is said.
  }
}

function lookAtStart(
  state: { status: string; error?: BenjiConnectError | undefined },
  options: ConnectOptions & { storage?: unknown },
): void {
  if (process.env.NODE_ENV !== "production") {
    if (state.error?.code === "connect_url_missing" && !options.fetchConnectToken)
      lookAtTarget(options);
    else if (state.error) explainError(state.error);
    else if (state.status === "redirecting") leaveTrail(options.storage);
  }
}

/** What `fetchConnectToken` answered: a `Response`, or what was in it. */
export function explainAnswer(answer: unknown): void {
  try {
    if (process.env.NODE_ENV !== "production") lookAtAnswer(answer);
  } catch {
    // Nothing is said.
  }
}

function lookAtAnswer(answer: unknown): void {
  if (process.env.NODE_ENV !== "production") {
    if (isResponse(answer)) explainTokenResponse(answer);
    else if (!isTokenAnswer(answer)) explainTokenAnswer(answer);
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
    if (process.env.NODE_ENV !== "production") lookAtResult(ports, options, result, seen);
  } catch {
    // Nothing is said.
  }
}

function lookAtResult(
  ports: ReturnPorts,
  options: ReturnOptions & { storage?: unknown },
  result: AnyRedirectResult,
  seen: { claim: RedirectClaim } | undefined,
): void {
  if (process.env.NODE_ENV !== "production") {
    noteReader(seen ? "has read" : "is here");
    explainNames(options);
    explainValues(options as Record<string, unknown>);
    explainResultOf(result, { ports, options, claim: seen?.claim });
    if (result.status === "unconfirmed" && result.error.httpStatus !== undefined)
      explainStatus("the confirm route", result.error.httpStatus);
    else if (result.status === "unconfirmed") explainError(result.error);
  }
}
