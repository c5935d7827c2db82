import { createRoot } from "react-dom/client";

export const { benji } = JSON.parse(document.querySelector("meta[name=bench]").content);
export const isStart = location.search === "?start";

export const show = (page) => createRoot(document.getElementById("root")).render(page);

export const Result = ({ children }) => <p data-result>{String(children)}</p>;

/** Calls `start` once it can be called. */
export function Leave({ start }) {
  if (start) setTimeout(start, 0);
  return null;
}
