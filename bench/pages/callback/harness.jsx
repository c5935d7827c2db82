import { createRoot } from "react-dom/client";

export const { benji, lane } = JSON.parse(document.querySelector("meta[name=bench]").content);
export const isStart = location.pathname.startsWith("/start/");
export const callbackUrl = `${location.origin}/callback/${lane}`;

export function show(page) {
  createRoot(document.getElementById("root")).render(<Began>{page}</Began>);
  globalThis.scriptEnd = performance.now();
}

function Began({ children }) {
  globalThis.renderStart ??= performance.now();
  return children;
}

export const Result = ({ children }) => <p data-result>{String(children)}</p>;

/** Calls `start` as soon as it is not undefined. */
export function Leave({ start }) {
  if (start) setTimeout(start, 0);
  return null;
}
