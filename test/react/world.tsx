import { StrictMode, type ReactNode } from "react";
import { render } from "@testing-library/react";
import { createConnectFlow } from "../../src/core/createConnectFlow.js";

export const CONNECT_URL = "https://connect.withbenji.com/khkgfoud76td";

export const answer = { token: "tok-secret", connect_url: CONNECT_URL };

export const renderStrict = (ui: ReactNode) => render(ui, { wrapper: StrictMode });

/** Opens an address in this tab without loading anything. */
export const visit = (path: string, historyState: unknown = null) =>
  window.history.pushState(historyState, "", path);

/** Starts a flow as a page before this one did, and gives its state. */
export async function startFlow(options: Parameters<typeof createConnectFlow>[0] = {}) {
  let left = "";
  const flow = createConnectFlow({
    fetchConnectToken: () => answer,
    navigate: (url) => (left = url),
    onStillHere: () => () => {},
    ...options,
  });
  const outcome = await flow.connect();
  if (outcome.status === "failed") throw outcome.error;
  return new URL(left).searchParams.get("state") ?? "";
}

export const returnPath = (state: string, params: Record<string, string> = {}) => {
  const query = { status: "success", state, benji_user_uuid: "uuid-1", ...params };
  return `/benji/callback?${new URLSearchParams(query)}`;
};
