/** How the probe page uses the library. The page reads these options from its own HTML. */
export interface ProbeOptions {
  mode?: "connect" | "transfer" | "redeem";
  userKey?: string | null;
  storage?: "session" | "local";
  returnTo?: string;
  appState?: unknown;
  trustedHosts?: string[];
  /** The hook reads a return only on this path. */
  path?: string;
  /** True: a function that calls `POST /api/probe/confirm`. A text: the URL of a confirm route. */
  confirm?: boolean | string;
  /** How long the hook waits while the server answers "not yet". */
  waitMs?: number;
  /** Accepts returns without a state, which come from links in e-mails. */
  acceptsLinks?: boolean;
  /** How many components read the return. Default 1. */
  readers?: number;
  /** Shows a `BenjiConnectButton` named "Ready" that fetches its token before the click. */
  prefetch?: "intent";
  /** Presses the button in a layout effect, before React has run its other effects. */
  pressEarly?: boolean;
}
