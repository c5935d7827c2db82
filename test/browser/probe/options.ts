/** How one test wants the library to be used; the page finds it in its own markup. */
export interface ProbeOptions {
  mode?: "connect" | "transfer" | "redeem";
  userKey?: string | null;
  storage?: "session" | "local";
  returnTo?: string;
  appState?: unknown;
  trustedHosts?: string[];
  /** Only this path is the callback. */
  path?: string;
  /** Asks `POST /api/probe/confirm` whether a success counts, by a function; or a route by its URL. */
  confirm?: boolean | string;
  /** How long "not yet" may take. */
  waitMs?: number;
  /** Takes a return without a state, as a link in an e-mail brings it. */
  acceptsLinks?: boolean;
  /** How many components read the return. Default 1. */
  readers?: number;
  /** Shows a `BenjiConnectButton` named "Ready" that fetches its token before the click. */
  prefetch?: "intent";
  /** Presses the button in a layout effect: before React has subscribed for good. */
  pressEarly?: boolean;
}
