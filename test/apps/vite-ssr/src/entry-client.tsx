import { StrictMode } from "react";
import { hydrateRoot } from "react-dom/client";
import { removeRedirectParams } from "react-benji-connect/core";
import "react-benji-connect/styles.css";
import { Router } from "wouter";
import { App } from "./App.js";

hydrateRoot(
  document.getElementById("root")!,
  <StrictMode>
    <Router ssrSearch={removeRedirectParams(location.search)}>
      <App />
    </Router>
  </StrictMode>,
);
