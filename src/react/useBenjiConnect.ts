import type { UnfinishedFlow } from "../core/records/unfinished.js";
import { useWithDefaults } from "./BenjiConnectProvider.js";
import {
  type ConnectStart,
  isBusy,
  useConnectStart,
  type UseBenjiConnectOptions,
} from "./useConnectStart.js";
import { useUnfinishedFlow } from "./useUnfinishedFlow.js";

/** The status of a start, functions to start, and an unfinished flow. */
export type BenjiConnect = ConnectStart & {
  /**
   * Present if an earlier start has no return yet (the member pressed Back, or closed the page): offer to
   * start again. `undefined` once that start has ended; with `storage: "local"`, also in another tab.
   */
  unfinished: UnfinishedFlow | undefined;
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
  const unfinished = useUnfinishedFlow(options);
  return { ...start, unfinished: isBusy(start) ? undefined : unfinished };
}
