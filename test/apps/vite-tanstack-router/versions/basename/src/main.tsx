import {
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from "@tanstack/react-router";
import { createRoot } from "react-dom/client";
import { Callback } from "./Callback.js";
import { leavingOr, Mode } from "./leaving.js";
import { Home, Other } from "./pages.js";

const BenjiCallback = leavingOr(Callback, () => import("./LeavesAtOnce.js"));

const rootRoute = createRootRoute({
  component: Outlet,
  notFoundComponent: () => <h1>No such page</h1>,
});
const page = (path: string, component: () => React.ReactNode) =>
  createRoute({ getParentRoute: () => rootRoute, path, component });

const router = createRouter({
  basepath: "/shop",
  routeTree: rootRoute.addChildren([
    page("/", Home),
    page("/other", Other),
    page("/benji/callback", BenjiCallback),
  ]),
});

createRoot(document.getElementById("root")!).render(
  <Mode>
    <RouterProvider router={router} />
  </Mode>,
);
