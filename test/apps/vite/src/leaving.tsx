// How the callback page leaves with its result. `sentOn` in journey.mjs sets `window.__leaving`; in the
// other journeys this file changes nothing.
import { Fragment, lazy, type ReactElement, StrictMode, Suspense } from "react";
import type { OnBenjiEvent } from "react-benji-connect";

declare global {
  interface Window {
    __leaving?: { path: boolean; strict: boolean };
    __events?: string[];
  }
}

const how = window.__leaving;

export const Mode = how?.strict === false ? Fragment : StrictMode;

type Page = () => ReactElement;

/** The lazily loaded page that leaves, or the usual page in other journeys. */
export function leavingOr(Usual: Page, load: () => Promise<{ LeavesAtOnce: Page }>): Page {
  if (!how) return Usual;
  const Lazy = lazy(async () => ({ default: (await load()).LeavesAtOnce }));
  return () => (
    <Suspense fallback={<h1>Loading</h1>}>
      <Lazy />
    </Suspense>
  );
}

const onEvent: OnBenjiEvent = (name, metadata) =>
  void (window.__events ??= []).push([name, "status" in metadata && metadata.status].join(" "));

export const leavingOptions = (path: string) => ({ path: how?.path ? path : undefined, onEvent });

export const Stays = ({ result }: { result: { status: string; reason?: string } }) => (
  <main>
    <h1>Callback</h1>
    <p data-result>{[result.status, result.reason].filter(Boolean).join(", ")}</p>
  </main>
);
