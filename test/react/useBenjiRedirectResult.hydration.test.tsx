import { StrictMode, useEffect } from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { act } from "@testing-library/react";
import { startedFlow } from "react-benji-connect/testing";
import { describe, expect, it, vi } from "vitest";
import { useBenjiRedirectResult } from "../../src/index.js";
import { Callback, shown, success } from "./Callback.js";
import { renderStrict, returnPath, visit } from "./renderStrict.js";

describe("useBenjiRedirectResult on a prerendered or hydrated page", () => {
  it("the result is pending while the page is prerendered (T26)", async () => {
    const state = await startedFlow();
    visit(returnPath(state));
    Object.assign(document, { prerendering: true });
    renderStrict(<Callback />);
    expect(shown()).toEqual([{ status: "pending" }]);
    expect(location.search).toContain(state);
    Object.assign(document, { prerendering: false });
    act(() => void document.dispatchEvent(new Event("prerenderingchange")));
    expect(shown()).toEqual([success]);
    expect(location.search).toBe("");
  });

  it("the server renders the status pending, and hydration shows the result without a warning (F34)", async () => {
    visit(returnPath(await startedFlow()));
    const ui = (
      <StrictMode>
        <Callback />
      </StrictMode>
    );
    const container = document.createElement("div");
    container.innerHTML = renderToString(ui);
    expect(container.textContent).toBe(`{"status":"pending"}`);
    document.body.append(container);
    const onRecoverableError = vi.fn();
    const warn = vi.spyOn(console, "error");
    const root = await act(async () => hydrateRoot(container, ui, { onRecoverableError }));
    expect(shown()).toEqual([success]);
    expect(location.search).toBe("");
    expect(onRecoverableError).not.toHaveBeenCalled();
    expect(warn).not.toHaveBeenCalled();
    act(() => root.unmount());
    container.remove();
  });

  it("a hydrated page shows its result only after the router was notified of the clean address", async () => {
    visit(returnPath(await startedFlow()));
    const order: string[] = [];
    const Leaver = ({ leaves }: { leaves: boolean }) => {
      useEffect(() => void (leaves && order.push("the page leaves")), [leaves]);
      return null;
    };
    const Page = () => <Leaver leaves={useBenjiRedirectResult().status === "success"} />;
    // Imitates Next.js, which listens after the first effects; a new address then cancels a navigation.
    const Router = () => {
      useEffect(() => {
        const replaceState = vi.spyOn(window.history, "replaceState");
        replaceState.mockImplementation(() => void order.push("the router is notified"));
        return () => replaceState.mockRestore();
      }, []);
      return <Page />;
    };
    const container = document.createElement("div");
    const root = await act(async () => hydrateRoot(container, <Router />));
    expect(order).toEqual(["the router is notified", "the page leaves"]);
    act(() => root.unmount());
  });
});
