import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "react-benji-connect/styles.css";
import { Route, Switch } from "wouter";
import { Callback } from "./Callback.js";
import { Home, Other } from "./pages.js";

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <Switch>
      <Route path="/" component={Home} />
      <Route path="/other" component={Other} />
      <Route path="/benji/callback" component={Callback} />
      <Route>
        <h1>No such page</h1>
      </Route>
    </Switch>
  </StrictMode>,
);
