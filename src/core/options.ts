import type { BenjiConnectError } from "../errors.js";
import type { ConnectMode } from "./mode.js";
import type { ParseRedirectOptions } from "./back/parseRedirect.js";
import type { FetchConnectToken } from "./out/requestConnectToken.js";

/** How a member is sent to Benji. */
export interface ConnectOptions {
  /** Asks your server for a token. Without it `hostedConnectUrl` starts the tokenless flow. */
  fetchConnectToken?: FetchConnectToken | undefined;
  /** The Hosted Connect page, used where the token answer brings no `connect_url`. */
  hostedConnectUrl?: string | undefined;
  /** Your custom Hosted Connect domains, each as `URL.host` writes it. No wildcards. */
  trustedHosts?: readonly string[] | undefined;
  /** What the member will do. Benji's default is connect. */
  mode?: ConnectMode | undefined;
  /** Points, for transfer and redeem. A wish: your server decides what goes into the token. */
  amount?: number | undefined;
  /** Your own id of the member. Tokenless flow only; the member can edit it. */
  userExternalId?: string | undefined;
  /** Opens Pilot's preview of the page. */
  preview?: boolean | undefined;
  /** Where the member goes afterwards. Same origin; handed back in the result. */
  returnTo?: string | undefined;
  /** Anything that JSON can say, handed back in the result. At most 4 kB with the rest of the record. */
  appState?: unknown;
  /** Who is signed in, as opaque text. A return under another key is rejected. */
  userKey?: string | null | undefined;
  /** How long a return is awaited, in ms. Default one hour; one minute to 24 hours. */
  lifetimeMs?: number | undefined;
  /** How long the token may take, in ms. Default 15,000. */
  tokenTimeoutMs?: number | undefined;
}

/** How a start ended. On success the page is about to be left. */
export type ConnectOutcome =
  | { status: "redirecting" }
  | { status: "failed"; error: BenjiConnectError };

/** Where to look for a return, and who is signed in now. */
export interface ReturnOptions extends ParseRedirectOptions {
  /** The same text as at the start. `null` or absent for nobody. */
  userKey?: string | null | undefined;
}
