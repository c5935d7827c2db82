import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Callback } from "./Callback.js";
import { Home, Other } from "./pages.js";

const PAGES: Record<string, () => React.ReactNode> = {
  "/": Home,
  "/other": Other,
  "/benji/callback": Callback,
};
const Page = PAGES[window.location.pathname] ?? (() => <h1>No such page</h1>);

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <Page />
  </StrictMode>,
);
