import type { BenjiConnectError } from "../errors.js";
import type { RouteOptions } from "./askRoute.js";
import type { ConnectMode } from "./mode.js";
import type { ParseRedirectOptions } from "./back/parseRedirect.js";
import type { FetchConnectToken } from "./out/connectTokenTypes.js";

/** The options of a start, which sends a member to Benji. */
export interface ConnectOptions extends RouteOptions {
  /**
   * A function that asks your server for a token, or the URL of that route. Without it,
   * `hostedConnectUrl` starts a flow without a token.
   */
  fetchConnectToken?: string | FetchConnectToken | undefined;
  /** The Hosted Connect page, used if the token response has no `connect_url`. */
  hostedConnectUrl?: string | undefined;
  /** Your custom Hosted Connect domains, each as `URL.host` writes it. No wildcards. */
  trustedHosts?: readonly string[] | undefined;
  /**
   * Also accepts, in development, `http:` for hosts that you trust by name: private addresses, names
   * without a dot, and names in `.test`, `.local` or `.internal`. No effect where `NODE_ENV` is
   * `production` or unknown. Default `false`.
   */
  dangerouslyAllowHttpInDevelopment?: boolean | undefined;
  /** What the member will do. Benji's default is connect. */
  mode?: ConnectMode | undefined;
  /** Points, for transfer and redeem. Sent to your server, which decides what goes into the token. */
  amount?: number | undefined;
  /** Your own id of the member, for a flow without a token: it stands in the address, where the member can edit it. */
  userExternalId?: string | undefined;
  /** Opens Pilot's preview of the page. */
  preview?: boolean | undefined;
  /** Where you send the member after the return. Same origin; handed back in the result. */
  returnTo?: string | undefined;
  /** Any JSON value, handed back in the result. At most 4 kB together with the rest of the record. */
  appState?: unknown;
  /**
   * Who is signed in: opaque text, or a number, which is compared as text. `null`, `""` or absent for
   * nobody. A return under another key is rejected.
   */
  userKey?: UserKey | undefined;
  /** How long a return is accepted, in ms: one minute to 24 hours. Default one hour. */
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
   * Who is signed in, as at the start. An explicit `undefined` means that the user may still be
   * loading: a return of a flow with a user key is `pending` meanwhile.
   */
  userKey?: UserKey | undefined;
  /** The address of a return if it is not the page's own location, such as a deep link into a web view. */
  url?: string | undefined;
}

/** The app's id of the user to whom a flow belongs. */
export type UserKey = string | number | null;

/** An explicit `undefined` means that the user may still be loading. */
export const isUserLoading = (options: ReturnOptions): boolean =>
  "userKey" in options && options.userKey === undefined;

/** The text of a user key; empty for nobody. */
export const userKeyText = (userKey: UserKey | undefined): string => String(userKey ?? "");
