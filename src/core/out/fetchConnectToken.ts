import type { ConnectModeName } from "../mode.js";

/** What a token fetcher receives: plain data, so that a server action can be passed. */
export interface ConnectTokenRequest {
  /** The state of this flow, for a server that binds it to the member's session. */
  state: string;
  mode?: ConnectModeName;
  /** Points. What the button was given; your server decides. */
  amount?: number;
  /** The token is fetched ahead of a click that may never come. */
  prefetch?: true;
}

/**
 * Asks the partner's server for a connect token. May answer with a `Response`,
 * `{ token, connect_url }`, `{ token, connectUrl }` or Benji's envelope `{ code, data }`.
 */
export type FetchConnectToken = (
  request: ConnectTokenRequest,
  context: { signal: AbortSignal },
) => Promise<unknown> | unknown;
