"use client";

import { redirect, useRouter } from "next/navigation";
import { useEffect } from "react";
import { type OnBenjiEvent, useBenjiRedirectResult } from "react-benji-connect";

declare global {
  interface Window {
    __leaving?: { path: boolean; by: "redirect" | "effect" };
    __events?: string[];
  }
}

/** How the page leaves with its result. journey.mjs sets it in one journey; else `undefined`. */
const how = typeof window === "undefined" ? undefined : window.__leaving;

const onEvent: OnBenjiEvent = (name, metadata) =>
  void (window.__events ??= []).push([name, "status" in metadata && metadata.status].join(" "));

export function Result() {
  const router = useRouter();
  const path = how?.path ? "/benji/callback" : undefined;
  const result = useBenjiRedirectResult<{ cart: number }>({ path, onEvent });
  const next = result.status === "success" ? result.returnTo : result.status === "none" && "/";
  useEffect(() => {
    if (how?.by === "effect" && next) router.replace(next);
  }, [next, router]);
  if (how?.by === "redirect" && next) redirect(next);
  if (how && result.status === "rejected") return <p data-result>rejected, {result.reason}</p>;
  return (
    <p data-result>
      {result.status === "success" ? `success, cart ${result.appState?.cart}` : result.status}
    </p>
  );
}
