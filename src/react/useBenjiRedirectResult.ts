import { useEffect, useLayoutEffect, useSyncExternalStore } from "react";
import type { RejectedRedirect, VerifiedRedirect } from "../core/verifyRedirect.js";
import {
  cleanCurrent,
  currentLanding,
  holdSlot,
  onVisit,
  settleCurrent,
  type SlotOptions,
} from "./returnSlot.js";

/** How the hook is told where to look, and who is signed in. */
export interface UseBenjiRedirectResultOptions extends SlotOptions {}

/** What the present page knows about a return from Benji. `A` is the type of your `appState`. */
export type BenjiRedirectResult<A = unknown> =
  /** Server render, hydration, prerendering, or `userKey` is still `undefined`. */
  | { status: "pending" }
  /** Not a return from Benji. */
  | { status: "none" }
  /** Benji's answer to a flow that this browser started. The ids are unsigned. */
  | VerifiedRedirect<A>
  /** We do not believe this address. No ids. */
  | RejectedRedirect;

// The server has no layout effects and warns about them in React 18.
const useIsomorphicLayoutEffect = typeof window === "undefined" ? useEffect : useLayoutEffect;

const PENDING = { status: "pending" } as const;
const pending = () => PENDING;

/**
 * Reads Benji's return on the callback route: verified against the flow this browser started,
 * settled once however often it renders, and cleaned out of the address bar before the first paint.
 *
 * The ids in the result come from an unsigned query. Before they count, ask your server.
 *
 * @see docs/contract.md, "Coming back"
 * @example
 * ```tsx
 * import { useBenjiRedirectResult } from "react-benji-connect";
 *
 * function BenjiCallback() {
 *   const result = useBenjiRedirectResult();
 *   if (result.status === "success") return <p>Linked {result.benjiUserUuid}</p>;
 *   if (result.status === "rejected") return <p>Please start again ({result.reason}).</p>;
 *   return <p>{result.status}</p>;
 * }
 * ```
 */
export function useBenjiRedirectResult<A = unknown>(
  options: UseBenjiRedirectResultOptions = {},
): BenjiRedirectResult<A> {
  const result = useSyncExternalStore<BenjiRedirectResult>(
    onVisit,
    () => currentLanding(options)?.result ?? PENDING,
    pending,
  );
  useIsomorphicLayoutEffect(holdSlot, []);
  useIsomorphicLayoutEffect(() => {
    settleCurrent(options);
    if (!options.replaceUrl) cleanCurrent(options);
  }, [result]);
  // Routers want to be called after the commit, not within it.
  useEffect(() => {
    if (options.replaceUrl) cleanCurrent(options);
  }, [result]);
  return result as BenjiRedirectResult<A>;
}
