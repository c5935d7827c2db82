// The page that every bundler builds: the button and the hook, without JSX.
import { createElement as h } from "react";
import { createRoot } from "react-dom/client";
import { BenjiConnectButton, useBenjiRedirectResult } from "react-benji-connect";
import { parseRedirect } from "react-benji-connect/core";

const isReturn = parseRedirect(window.location.href) !== undefined;
// page.mjs also gives a wrong mode.
const mode = new URLSearchParams(window.location.search).get("mode") || "connect";

function Page() {
  const result = useBenjiRedirectResult({ path: "/callback" });
  if (isReturn) return h("p", { id: "result" }, result.status);
  return h(BenjiConnectButton, { fetchConnectToken: "/token", mode });
}

createRoot(document.getElementById("root")).render(h(Page));
