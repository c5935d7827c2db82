import type { ConnectModeName } from "../core/mode.js";
import type { BenjiConnectErrorCode } from "../errors.js";

/** What the button says where it has no children. */
export const LABELS: Record<ConnectModeName, string> = {
  connect: "Connect rewards",
  transfer: "Transfer points",
  redeem: "Redeem points",
};

const BROWSER_REFUSES = "Your browser blocks data this page needs. Allow site data and try again.";
const TRY_AGAIN = "That did not work. Please try again.";

/** A failed start in words for the member. */
export const errorText = (code: BenjiConnectErrorCode): string =>
  code === "storage_unavailable" || code === "crypto_unavailable" ? BROWSER_REFUSES : TRY_AGAIN;

/** What a screen reader is told while the member waits. */
export const CONNECTING = "Connecting to Benji";
