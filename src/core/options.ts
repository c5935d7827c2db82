import type { BenjiConnectError } from "../errors.js";
import type { RouteOptions } from "./askRoute.js";
import type { ConnectMode } from "./mode.js";
import type { ParseRedirectOptions } from "./back/parseRedirect.js";
import type { FetchConnectToken } from "./out/fetchConnectToken.js";

/** How a member is sent to Benji. */
export interface ConnectOptions extends RouteOptions {
  /** Asks your server for a token, or the URL of its route. Without it `hostedConnectUrl` starts the tokenless flow. */
  fetchConnectToken?: string | FetchConnectToken | undefined;
  /** The Hosted Connect page, used where the token answer brings no `connect_url`. */
  hostedConnectUrl?: string | undefined;
  /** Your custom Hosted Connect domains, each as `URL.host` writes it. No wildcards. */
  trustedHosts?: readonly string[] | undefined;
  /**
   * Also takes `http:` addresses of hosts that you trust by name, while you develop: loopback, private
   * addresses, hosts without a dot, and `.test`, `.local` or `.internal`. Without effect where
   * `NODE_ENV` is `production`, or where nothing says what it is. Default `false`.
   */
  dangerouslyAllowHttpInDevelopment?: boolean | undefined;
  /** What the member will do. Benji's default is connect. */
  mode?: ConnectMode | undefined;
  /** Points, for transfer and redeem. Sent to your server, which decides what goes into the token. */
  amount?: number | undefined;
  /** Your own id of the member. Tokenless flow only; the member can edit it. */
  userExternalId?: string | undefined;
  /** Opens Pilot's preview of the page. */
  preview?: boolean | undefined;
  /** Where the member goes afterwards. Same origin; handed back in the result. */
  returnTo?: string | undefined;
  /** Anything that JSON can say, handed back in the result. At most 4 kB with the rest of the record. */
  appState?: unknown;
  /**
   * Who is signed in: opaque text, or a number, which is compared as text. `null`, `""` or absent for
   * nobody. A return under another key is rejected.
   */
  userKey?: UserKey | undefined;
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
  /**
   * Who is signed in, as at the start. `undefined` given by name says that the user may still be
   * loading: a return of a flow that names a user waits as `pending`.
   */
  userKey?: UserKey | undefined;
  /**
   * The address of a return that did not come by the page's own location, such as a deep link of
   * a web view.
   */
  url?: string | undefined;
}

/** Whom a flow belongs to, as the app names its users. */
export type UserKey = string | number | null;

/** `undefined` given by name: that user may still be on the way. */
export const isUserLoading = (options: ReturnOptions): boolean =>
  "userKey" in options && options.userKey === undefined;

/** The text of a user key; empty for nobody. */
export const userKeyText = (userKey: UserKey | undefined): string => String(userKey ?? "");
