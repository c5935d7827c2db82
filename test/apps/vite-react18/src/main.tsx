import { createRoot } from "react-dom/client";
import { BrowserRouter, Route, Routes } from "react-router-dom";
import { Callback } from "./Callback.js";
import { leavingOr, Mode } from "./leaving.js";
import { Home, Other } from "./pages.js";

const BenjiCallback = leavingOr(Callback, () => import("./LeavesAtOnce.js"));

createRoot(document.getElementById("root")!).render(
  <Mode>
    <BrowserRouter>
      <Routes>
        <Route path="/" element={<Home />} />
        <Route path="/other" element={<Other />} />
        <Route path="/benji/callback" element={<BenjiCallback />} />
        <Route path="*" element={<h1>No such page</h1>} />
      </Routes>
    </BrowserRouter>
  </Mode>,
);
