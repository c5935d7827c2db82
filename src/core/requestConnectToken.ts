import { BenjiConnectError } from "../errors.js";
import type { ConnectModeName } from "./mode.js";
import { isResponse } from "./isResponse.js";
import { type ConnectToken, parseConnectToken } from "./parseConnectToken.js";

/** What a token fetcher is told: plain data, so that a server action can be passed. */
export interface ConnectTokenRequest {
  /** The state of this flow, for a server that binds it to the member's session. */
  state: string;
  mode?: ConnectModeName;
  /** Points. A wish of the browser's; your server decides. */
  amount?: number;
}

/**
 * Asks the partner's server for a connect token. May answer with a `Response`,
 * `{ token, connect_url }`, `{ token, connectUrl }` or Benji's envelope `{ code, data }`.
 */
export type FetchConnectToken = (
  request: ConnectTokenRequest,
  context: { signal: AbortSignal },
) => Promise<unknown> | unknown;

/** Ends in a token or in an error, whatever the fetcher does; never hangs longer than `timeoutMs`. */
export function requestConnectToken(
  fetchConnectToken: FetchConnectToken,
  request: ConnectTokenRequest,
  { signal, timeoutMs }: { signal: AbortSignal; timeoutMs: number },
): Promise<ConnectToken> {
  return new Promise((resolve, reject) => {
    const abort = new AbortController();
    // Rejects first: what the fetcher says about its own abort is no news.
    const giveUp = (error: BenjiConnectError) => {
      reject(error);
      abort.abort();
    };
    const onAbort = () => giveUp(new BenjiConnectError("aborted", "The start was called off."));
    const timer = setTimeout(() => giveUp(timedOut(timeoutMs)), timeoutMs);
    signal.addEventListener("abort", onAbort);
    askPartner(fetchConnectToken, request, abort.signal)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
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
    throw new BenjiConnectError("token_fetch_failed", "fetchConnectToken failed; see its cause.", {
      cause,
    });
  }
  return parseConnectToken(isResponse(answer) ? await readJson(answer) : answer);
}

async function readJson(response: Response): Promise<unknown> {
  if (!response.ok)
    throw new BenjiConnectError(
      "token_fetch_failed",
      `Expected the token route to answer 2xx, got ${response.status}.`,
      { httpStatus: response.status },
    );
  try {
    return await response.json();
  } catch {
    // Without its cause: a JSON error quotes the text, and the text may hold a token.
    throw new BenjiConnectError("token_malformed", "Expected the token route to answer JSON.");
  }
}

const timedOut = (timeoutMs: number) =>
  new BenjiConnectError("token_timeout", `Expected a token within ${timeoutMs} ms; none came.`);
