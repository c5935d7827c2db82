import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter, Route, Routes } from "react-router-dom";
import { Callback } from "./Callback.js";
import { Home, Other } from "./pages.js";

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <BrowserRouter future={{ v7_startTransition: true, v7_relativeSplatPath: true }}>
      <Routes>
        <Route path="/" element={<Home />} />
        <Route path="/other" element={<Other />} />
        <Route path="/benji/callback" element={<Callback />} />
        <Route path="*" element={<h1>No such page</h1>} />
      </Routes>
    </BrowserRouter>
  </StrictMode>,
);
