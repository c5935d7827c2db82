import { lazy, Suspense } from "react";
import { useBenjiRedirectResult } from "react-benji-connect";
import { Route, Switch } from "wouter";
import { Home, Other } from "./pages.js";

/** The server sends it 500 ms late, so that it hydrates long after the shell. */
const Callback = lazy(async () => {
  if (import.meta.env.SSR) await new Promise((resolve) => setTimeout(resolve, 500));
  return import("./Callback.js");
});

export const App = () => (
  <>
    <Badge />
    <Suspense fallback={<p>One moment</p>}>
      <Switch>
        <Route path="/" component={Home} />
        <Route path="/other" component={Other} />
        <Route path="/benji/callback" component={Callback} />
        <Route>
          <h1>No such page</h1>
        </Route>
      </Switch>
    </Suspense>
  </>
);

/** Reads the return in the shell, long before the callback page does. */
function Badge() {
  const { status } = useBenjiRedirectResult({ path: "/benji/callback" });
  return <p data-badge>{status === "success" ? "Rewards are linked" : "Shop"}</p>;
}
