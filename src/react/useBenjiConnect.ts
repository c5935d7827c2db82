import type { ConnectModeName } from "../core/mode.js";
import { useWithDefaults } from "./BenjiConnectProvider.js";
import {
  type ConnectStart,
  isBusy,
  useConnectStart,
  type UseBenjiConnectOptions,
} from "./useConnectStart.js";
import { usePendingFlow } from "./usePendingFlow.js";

/** The newest flow of this user that was started and has not come back. */
export interface PendingFlow {
  /** ms since 1970 */
  startedAt: number;
  mode?: ConnectModeName;
  /** What the start carried along. */
  appState?: unknown;
}

/** A start's status, how to start, and what was started before. */
export type BenjiConnect = ConnectStart & {
  /**
   * Present where the member came back without a return (Back, a closed page): offer to start
   * again. Gone as soon as the flow ends, with `storage: "local"` in another tab too.
   */
  pending: PendingFlow | undefined;
};

/**
 * Starts a flow from a button of your own.
 *
 * @example
 * ```tsx
 * import { useBenjiConnect } from "react-benji-connect";
 *
 * function LinkRewards() {
 *   const { buttonProps, status } = useBenjiConnect({
 *     mode: "connect",
 *     fetchConnectToken: (request, { signal }) =>
 *       fetch("/api/benji/connect-token", {
 *         method: "POST",
 *         headers: { "content-type": "application/json" },
 *         body: JSON.stringify(request),
 *         signal,
 *       }),
 *   });
 *   return <button {...buttonProps}>{status === "failed" ? "Try again" : "Link rewards"}</button>;
 * }
 * ```
 */
export function useBenjiConnect(own: UseBenjiConnectOptions = {}): BenjiConnect {
  const options = useWithDefaults(own);
  const start = useConnectStart(options);
  const pending = usePendingFlow(options);
  return { ...start, pending: isBusy(start) ? undefined : pending };
}
