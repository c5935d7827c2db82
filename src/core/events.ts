import type { BenjiConnectErrorCode } from "../errors.js";
import type { RejectionReason } from "./back/verifyRedirect.js";
import { callPartner } from "./callPartner.js";
import type { ConnectStatus } from "./connector.js";
import { explainStart } from "./explain/explain.js";
import { type ConnectModeName, modeName } from "./mode.js";
import type { ConnectOptions } from "./options.js";

/** The events of a flow, for analytics. They never contain a token, state or id. */
export interface BenjiEvents {
  /** The member has pressed the button; the token is requested. */
  started: { mode: ConnectModeName };
  /** The page is about to be left. */
  redirecting: { mode: ConnectModeName };
  failed: { mode: ConnectModeName; code: BenjiConnectErrorCode };
  /** A return has a result. Sent once per return, and again when `confirm` changes the result. */
  returned: {
    status: "success" | "error" | "rejected" | "unconfirmed" | "unverified";
    mode?: ConnectModeName | undefined;
    reason?: RejectionReason | undefined;
    /** The result is shown again, after a reload or Back. */
    replayed?: boolean | undefined;
  };
}

/** Called at every event. The type of `metadata` depends on the name. */
export type OnBenjiEvent = <Name extends keyof BenjiEvents>(
  name: Name,
  metadata: BenjiEvents[Name],
) => void;

export function reportStart(
  state: ConnectStatus,
  options: ConnectOptions & { onEvent?: OnBenjiEvent | undefined },
): void {
  const { onEvent } = options;
  const mode = modeName(options.mode) ?? "connect";
  const { status, error } = state;
  explainStart(state, options);
  callPartner(() => {
    if (status === "connecting") onEvent?.("started", { mode });
    if (status === "redirecting") onEvent?.("redirecting", { mode });
    if (error) onEvent?.("failed", { mode, code: error.code });
  });
}
