import { BenjiConnectError } from "../../errors.js";
import { explainAnswer } from "../explain/explain.js";
import { isResponse } from "../isResponse.js";
import { type ConnectToken, parseConnectToken } from "./parseConnectToken.js";
import type { ConnectTokenRequest, FetchConnectToken } from "./connectTokenTypes.js";
import type { Start } from "./abortableStart.js";

// `setTimeout` fires at once for a longer time, including Infinity.
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Returns a token or throws, after `timeoutMs` at the latest, whatever `fetchConnectToken` does. */
export async function requestConnectToken(
  fetchConnectToken: FetchConnectToken,
  request: ConnectTokenRequest,
  start: Start,
  timeoutMs: number,
): Promise<ConnectToken> {
  const { signal } = start;
  // `end` is first in the race: the abort's reason is more precise than the error of `fetchConnectToken`.
  const end = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(start.reason as Error));
  });
  const giveUp = () => start.abort(new BenjiConnectError("token_timeout", `${timeoutMs} ms`));
  const timer = setTimeout(giveUp, Math.min(timeoutMs, LONGEST_TIMER_MS));
  try {
    return await Promise.race([end, askPartner(fetchConnectToken, request, signal)]);
  } finally {
    clearTimeout(timer);
  }
}

async function askPartner(
  fetchConnectToken: FetchConnectToken,
  request: ConnectTokenRequest,
  signal: AbortSignal,
): Promise<ConnectToken> {
  let answer: unknown;
  try {
    answer = await fetchConnectToken(request, { signal });
  } catch (cause) {
    throw new BenjiConnectError("token_fetch_failed", "", { cause });
  }
  explainAnswer(answer);
  const body = isResponse(answer) ? await readJson(answer) : answer;
  explainAnswer(body);
  return parseConnectToken(body);
}

async function readJson(response: Response): Promise<unknown> {
  const { ok, status: httpStatus } = response;
  if (httpStatus === 401) throw new BenjiConnectError("unauthenticated", "", { httpStatus });
  if (!ok) throw new BenjiConnectError("token_fetch_failed", `HTTP ${httpStatus}`, { httpStatus });
  try {
    return await response.json();
  } catch {
    // Passes no `cause`: a JSON error quotes the text, which may contain a token.
    throw new BenjiConnectError("token_malformed", "no JSON");
  }
}
