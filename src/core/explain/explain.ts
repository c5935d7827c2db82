/**
 * Prints in development, once per mistake, what is wrong with an integration. Every function here
 * is empty in a production bundle, and bundlers remove the code that only these functions call.
 * Texts: optionNames.ts, optionValues.ts; tokenAnswers.ts (token route); failures.ts (errors); returns.ts (rejections).
 *
 * Each check tests NODE_ENV twice, in the exact text that bundlers replace:
 * - in the exported function, so that esbuild sees an empty function and removes its calls. In a
 *   browser without a bundler there is no `process`: the test throws, and nothing is printed;
 * - in the inner function (`lookAt…`), for Rollup, which keeps what a `try` contains.
 * `typeof process` is not tested first, because bundlers do not replace that.
 */
import type { BenjiConnectError } from "../../errors.js";
import type { RedirectClaim } from "../back/parseRedirect.js";
import type { AnyRedirectResult } from "../back/resultTypes.js";
import { isResponse } from "../isResponse.js";
import type { ConnectOptions, ReturnOptions } from "../options.js";
import { parseConnectToken } from "../out/parseConnectToken.js";
import type { ReturnPorts } from "../ports.js";
import { explainStatus, explainTokenAnswer, explainTokenResponse } from "./tokenAnswers.js";
import { explainError } from "./failures.js";
import { explainNames } from "./optionNames.js";
import { explainMissingTarget, explainMissingUserKey, explainValues } from "./optionValues.js";
import { explainResultOf } from "./returns.js";
import { leaveTrail } from "./lastStart.js";
import { noteReader, watchForUnread } from "./unreadReturn.js";

export function explainOptions(options: object): void {
  try {
    if (process.env.NODE_ENV !== "production") lookAtOptions(options);
  } catch {
    // Prints nothing.
  }
}

function lookAtOptions(options: object): void {
  if (process.env.NODE_ENV !== "production") {
    explainNames(options);
    explainValues(options as Record<string, unknown>);
    watchForUnread();
  }
}

/** Explains a button with neither `fetchConnectToken` nor `hostedConnectUrl`. */
export function explainButton(options: ConnectOptions): void {
  try {
    if (process.env.NODE_ENV !== "production") lookAtTarget(options);
  } catch {
    // Prints nothing.
  }
}

function lookAtTarget(options: ConnectOptions): void {
  if (process.env.NODE_ENV !== "production") explainMissingTarget(options);
}

/** Explains a prefetch for a user whom nothing names. */
export function explainPrefetch(options: ConnectOptions): void {
  try {
    if (process.env.NODE_ENV !== "production") lookAtPrefetch(options);
  } catch {
    // Prints nothing.
  }
}

function lookAtPrefetch(options: ConnectOptions): void {
  if (process.env.NODE_ENV !== "production") explainMissingUserKey(options);
}

/** Explains why a start failed, or stores where the flow began (see lastStart.ts). */
export function explainStart(
  state: { status: string; error?: BenjiConnectError | undefined },
  options: ConnectOptions & { storage?: unknown },
): void {
  try {
    if (process.env.NODE_ENV !== "production") lookAtStart(state, options);
  } catch {
    // Prints nothing.
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

/** Explains what `fetchConnectToken` returned: a `Response`, or its JSON. */
export function explainAnswer(answer: unknown): void {
  try {
    if (process.env.NODE_ENV !== "production") lookAtAnswer(answer);
  } catch {
    // Prints nothing.
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

/** Explains mistakes in the options and in the result of a hook or a `createConnectFlow`. */
export function explainResult(
  ports: ReturnPorts,
  options: ReturnOptions & { storage?: unknown },
  result: AnyRedirectResult,
  seen: { claim: RedirectClaim } | undefined,
): void {
  try {
    if (process.env.NODE_ENV !== "production") lookAtResult(ports, options, result, seen);
  } catch {
    // Prints nothing.
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
