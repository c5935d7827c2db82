import { renderToString } from "react-dom/server";
import { act, cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { startedFlow } from "react-benji-connect/testing";
import { describe, expect, it, vi } from "vitest";
import {
  type BenjiConnect,
  useBenjiConnect,
  useBenjiRedirectResult,
  type UseBenjiConnectOptions,
} from "../../src/index.js";
import { answer, renderStrict, returnPath, visit } from "./renderStrict.js";

const navigate = vi.fn();

function Own(options: UseBenjiConnectOptions) {
  const { buttonProps, unfinished, status } = useBenjiConnect({
    fetchConnectToken: () => answer,
    navigate,
    ...options,
  });
  return (
    <>
      <button {...buttonProps}>Own button, {status}</button>
      <output data-testid="unfinished">
        {unfinished
          ? JSON.stringify({ ...unfinished, startedAt: typeof unfinished.startedAt })
          : "none"}
      </output>
    </>
  );
}

function Callback() {
  useBenjiRedirectResult({ storage: "local" });
  return null;
}

const unfinished = () => screen.getByTestId("unfinished").textContent;

describe("useBenjiConnect", () => {
  it("connect() of useBenjiConnect starts a flow from the app's own button", async () => {
    const user = userEvent.setup();
    renderStrict(<Own />);
    expect(screen.getByRole("button")).toHaveAttribute("type", "button");
    await user.click(screen.getByRole("button"));
    await waitFor(() => expect(screen.getByRole("button")).toHaveTextContent("redirecting"));
    expect(navigate).toHaveBeenCalledTimes(1);
  });

  it("connect, prefetch and reset are the same functions on every render and use the latest options", async () => {
    const seen: Pick<BenjiConnect, "connect" | "prefetch" | "reset">[] = [];
    function Watched({ amount }: { amount: number }) {
      const { connect, prefetch, reset } = useBenjiConnect({ amount, fetchConnectToken, navigate });
      seen.push({ connect, prefetch, reset });
      return null;
    }
    const fetchConnectToken = vi.fn(() => answer);
    const { rerender } = renderStrict(<Watched amount={1} />);
    rerender(<Watched amount={2} />);
    expect(seen.at(-1)).toEqual(seen[0]);
    await act(() => seen[0]?.connect());
    expect(fetchConnectToken).toHaveBeenCalledWith(
      expect.objectContaining({ amount: 2 }),
      expect.anything(),
    );
  });

  it("`unfinished` is the newest flow that has not returned", async () => {
    await startedFlow({ mode: "connect", now: () => Date.now() - 1_000 });
    await startedFlow({ mode: "transfer", appState: { cart: 3 } });
    renderStrict(<Own />);
    expect(unfinished()).toBe(`{"startedAt":"number","mode":"transfer","appState":{"cart":3}}`);
  });

  it("`unfinished` is undefined without a flow, during the hook's own start, and on a server", async () => {
    const user = userEvent.setup();
    renderStrict(<Own />);
    expect(unfinished()).toBe("none");
    await user.click(screen.getByRole("button"));
    expect(unfinished()).toBe("none");
    expect(renderToString(<Own />)).toContain("none");
  });

  it("`unfinished` is the flow that was started when Back restores the page (F19)", async () => {
    const user = userEvent.setup();
    renderStrict(<Own mode="redeem" />);
    await user.click(screen.getByRole("button"));
    await waitFor(() => expect(screen.getByRole("button")).toHaveTextContent("redirecting"));
    const restored = Object.assign(new Event("pageshow"), { persisted: true });
    act(() => void window.dispatchEvent(restored));
    expect(unfinished()).toContain(`"mode":"redeem"`);
  });

  it("`unfinished` is undefined if the flow has expired", async () => {
    await startedFlow({ now: () => Date.now() - 3_600_001 });
    renderStrict(<Own />);
    expect(unfinished()).toBe("none");
  });

  it("`unfinished` shows the flow of one user to no other user", async () => {
    await startedFlow({ userKey: "ann" });
    const { rerender } = renderStrict(<Own userKey="bob" />);
    expect(unfinished()).toBe("none");
    rerender(<Own userKey="ann" />);
    expect(unfinished()).not.toBe("none");
  });

  it("`unfinished` becomes undefined by the storage event when the flow has finished in another tab", async () => {
    const state = await startedFlow({ storage: "local" });
    renderStrict(<Own storage="local" />);
    expect(unfinished()).not.toBe("none");
    visit(returnPath(state));
    const other = renderStrict(<Callback />);
    act(() => void window.dispatchEvent(new Event("storage")));
    expect(unfinished()).toBe("none");
    other.unmount();
    cleanup();
  });
});
