import type { BenjiConnectErrorCode } from "../errors.js";
import type { RejectionReason } from "./back/verifyRedirect.js";
import { callPartner } from "./callPartner.js";
import type { ConnectStatus } from "./connector.js";
import { explainStart } from "./explain/explain.js";
import { type ConnectModeName, modeName } from "./mode.js";
import type { ConnectOptions } from "./options.js";

/** The stages of a journey, for analytics. No token, state or id is ever in them. */
export interface BenjiEvents {
  /** The member has pressed, and a token is asked for. */
  started: { mode: ConnectModeName };
  /** The page is about to be left. */
  redirecting: { mode: ConnectModeName };
  failed: { mode: ConnectModeName; code: BenjiConnectErrorCode };
  /** A result was delivered: once a return, and again for what `confirm` made of it. `mode` where known. */
  returned: {
    status: "success" | "error" | "rejected" | "unconfirmed" | "unverified";
    mode?: ConnectModeName | undefined;
    reason?: RejectionReason | undefined;
    /** A reload, or Back. */
    replayed?: boolean | undefined;
  };
}

/** Called at every stage. `metadata` depends on the name. */
export type OnBenjiEvent = <Name extends keyof BenjiEvents>(
  name: Name,
  metadata: BenjiEvents[Name],
) => void;

/** Reports a stage of the way out. */
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
