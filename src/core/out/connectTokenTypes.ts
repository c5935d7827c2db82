import type { ConnectModeName } from "../mode.js";

/** What `fetchConnectToken` receives: plain data, so that the function can be a server action. */
export interface ConnectTokenRequest {
  /** The state of this flow, for a server that binds it to the member's session. */
  state: string;
  mode?: ConnectModeName;
  /** The button's `amount` in points; your server may change it. */
  amount?: number;
  /** True if the token is fetched ahead of a click, which may never come. */
  prefetch?: true;
}

/**
 * Asks the partner's server for a connect token. May return a `Response`, `{ token, connect_url }`,
 * `{ token, connectUrl }` or Benji's envelope `{ code, data }`.
 */
export type FetchConnectToken = (
  request: ConnectTokenRequest,
  context: { signal: AbortSignal },
) => Promise<unknown> | unknown;
