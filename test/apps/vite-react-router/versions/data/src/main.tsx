import { createRoot } from "react-dom/client";
import { createBrowserRouter, RouterProvider } from "react-router";
import { Callback } from "./Callback.js";
import { leavingOr, Mode } from "./leaving.js";
import { Home, Other } from "./pages.js";

const BenjiCallback = leavingOr(Callback, () => import("./LeavesAtOnce.js"));

const router = createBrowserRouter([
  { path: "/", element: <Home /> },
  { path: "/other", element: <Other /> },
  { path: "/benji/callback", element: <BenjiCallback /> },
  { path: "*", element: <h1>No such page</h1> },
]);

createRoot(document.getElementById("root")!).render(
  <Mode>
    <RouterProvider router={router} />
  </Mode>,
);
