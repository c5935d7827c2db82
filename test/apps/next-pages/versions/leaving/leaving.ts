import Router from "next/router";
import { useEffect } from "react";
import type { BenjiRedirectResult, OnBenjiEvent } from "react-benji-connect";

declare global {
  interface Window {
    __leaving?: { path: boolean };
    __events?: string[];
  }
}

/** How the callback page leaves. journey.mjs sets it in one journey; else `undefined`. */
const how = typeof window === "undefined" ? undefined : window.__leaving;

const onEvent: OnBenjiEvent = (name, metadata) =>
  void (window.__events ??= []).push([name, "status" in metadata && metadata.status].join(" "));

export const leavingOptions = { path: how?.path ? "/benji/callback" : undefined, onEvent };

/**
 * Leaves in an effect of the commit that shows the result. It does not call useRouter: in Next.js 14 that
 * returns another object after each navigation, and as a dependency this would run the effect twice.
 */
export function useLeave(result: BenjiRedirectResult) {
  useEffect(() => {
    if (!how) return;
    if (result.status === "success") void Router.replace(result.returnTo ?? "/");
    if (result.status === "none") void Router.replace("/");
  }, [result]);
}

export const textOf = (result: BenjiRedirectResult<{ cart: number }>) => {
  if (result.status === "success") return `success, cart ${result.appState?.cart}`;
  return how && result.status === "rejected" ? `rejected, ${result.reason}` : result.status;
};
