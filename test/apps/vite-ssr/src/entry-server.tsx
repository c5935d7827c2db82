import { StrictMode } from "react";
import { type PipeableStream, renderToPipeableStream } from "react-dom/server";
import { removeRedirectParams } from "react-benji-connect/core";
import { Router } from "wouter";
import { App } from "./App.js";

/** Resolves when the shell is ready; suspended parts follow in the same stream. */
export const render = (url: URL, script: string): Promise<PipeableStream> =>
  new Promise((resolve, reject) => {
    const stream = renderToPipeableStream(
      <StrictMode>
        <Router ssrPath={url.pathname} ssrSearch={removeRedirectParams(url.search)}>
          <App />
        </Router>
      </StrictMode>,
      {
        bootstrapModules: [script],
        onShellReady: () => resolve(stream),
        onShellError: reject,
        onError: (error) => console.error(error),
      },
    );
  });
