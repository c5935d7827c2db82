// The shop shows the widget's button, and reads the return with its own copy.
import { createElement as h } from "react";
import { createRoot } from "react-dom/client";
import { useBenjiRedirectResult } from "react-benji-connect";
import { BenjiConnectButton } from "widget/benji";

if (BenjiConnectButton === undefined) throw new Error("the widget has no button");

function Page() {
  const result = useBenjiRedirectResult({ path: "/callback" });
  if (result.status !== "none") return h("p", { id: "result" }, result.status);
  return h(BenjiConnectButton, { fetchConnectToken: "/token" });
}

createRoot(document.getElementById("root")).render(h(Page));
