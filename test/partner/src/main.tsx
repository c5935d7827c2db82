import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BenjiConnectProvider } from "react-benji-connect";
import { fetchConnectToken } from "./api.js";
import { Callback } from "./Callback.js";
import { Shop } from "./Shop.js";

const Page = window.location.pathname === "/benji/callback" ? Callback : Shop;

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <BenjiConnectProvider fetchConnectToken={fetchConnectToken}>
      <Page />
    </BenjiConnectProvider>
  </StrictMode>,
);
