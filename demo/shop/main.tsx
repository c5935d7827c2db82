/// <reference types="vite/client" />
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { CallbackPage } from "./CallbackPage.js";
import { CheckoutPage } from "./CheckoutPage.js";
import { Frame } from "./Frame.js";
import { ShopPage } from "./ShopPage.js";
import "./shop.css";

/** Three pages, chosen by their path; a real shop has a router. */
const pages: Record<string, () => React.ReactNode> = {
  "/benji/callback": CallbackPage,
  "/checkout": CheckoutPage,
};
const Page = pages[window.location.pathname] ?? ShopPage;

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <Frame>
      <Page />
    </Frame>
  </StrictMode>,
);
