import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BenjiConnectProvider } from "react-benji-connect";
import { BrowserRouter, Route, Routes } from "react-router";
import { Callback } from "./Callback.js";
import { Shop } from "./Shop.js";

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <BenjiConnectProvider fetchConnectToken="/api/benji/connect-token">
      <BrowserRouter>
        <Routes>
          <Route path="/" element={<Shop />} />
          <Route path="/benji/callback" element={<Callback />} />
        </Routes>
      </BrowserRouter>
    </BenjiConnectProvider>
  </StrictMode>,
);
