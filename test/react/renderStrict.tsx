import { StrictMode, type ReactNode } from "react";
import { render } from "@testing-library/react";
import { type ReturnParams, returnUrl } from "react-benji-connect/testing";

export const CONNECT_URL = "https://connect.withbenji.com/khkgfoud76td";

export const answer = { token: "tok-secret", connect_url: CONNECT_URL };

export const renderStrict = (ui: ReactNode) => render(ui, { wrapper: StrictMode });

/** Shows another address in this tab without loading a document. */
export const visit = (path: string, historyState: unknown = null) =>
  window.history.pushState(historyState, "", path);

/** The path and query that Benji sends the member back to. */
export const returnPath = (state: string, params: Partial<ReturnParams> = {}) =>
  returnUrl({ status: "success", state, benjiUserUuid: "uuid-1", ...params });
