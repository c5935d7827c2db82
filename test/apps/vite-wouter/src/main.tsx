import { createRoot } from "react-dom/client";
import { Route, Switch, useSearch } from "wouter";
import { Callback } from "./Callback.js";
import { leavingOr, Mode } from "./leaving.js";
import { Home, Other } from "./pages.js";

const BenjiCallback = leavingOr(Callback, () => import("./LeavesAtOnce.js"));

/** Re-renders when the query changes, on every page. */
function Layout() {
  useSearch();
  return (
    <Switch>
      <Route path="/" component={Home} />
      <Route path="/other" component={Other} />
      <Route path="/benji/callback" component={BenjiCallback} />
      <Route>
        <h1>No such page</h1>
      </Route>
    </Switch>
  );
}

createRoot(document.getElementById("root")!).render(
  <Mode>
    <Layout />
  </Mode>,
);
