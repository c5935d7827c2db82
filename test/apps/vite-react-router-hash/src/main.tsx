import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createHashRouter, RouterProvider } from "react-router";
import { Callback } from "./Callback.js";
import { Home, Other } from "./pages.js";

const router = createHashRouter([
  { path: "/", element: <Home /> },
  { path: "/other", element: <Other /> },
  { path: "/benji/callback", element: <Callback /> },
  { path: "*", element: <h1>No such page</h1> },
]);

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <RouterProvider router={router} />
  </StrictMode>,
);
