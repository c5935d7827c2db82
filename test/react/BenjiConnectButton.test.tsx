import { createRef, StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { BenjiConnectButton } from "../../src/index.js";
import { answer, CONNECT_URL, renderStrict } from "./renderStrict.js";
import { button, never, renderButton } from "./renderButton.js";

describe("BenjiConnectButton", () => {
  it("a click requests a token for the mode and the amount and navigates to Benji", async () => {
    const { user, navigate, fetchConnectToken } = renderButton({ mode: "transfer", amount: 1_000 });
    await user.click(screen.getByRole("button", { name: "Transfer 1,000 points" }));
    await waitFor(() => expect(navigate).toHaveBeenCalledTimes(1));
    const url = new URL(String(navigate.mock.calls[0]));
    const state = url.searchParams.get("state");
    expect(url.href).toBe(`${CONNECT_URL}?connect_token=tok-secret&state=${state}&mode=3`);
    expect(fetchConnectToken).toHaveBeenCalledWith(
      { state, mode: "transfer", amount: 1_000 },
      { signal: expect.any(AbortSignal) as AbortSignal },
    );
  });

  describe("prefetch", () => {
    it("the button does not prefetch by default", async () => {
      const { user, fetchConnectToken } = renderButton();
      await user.hover(button());
      await user.tab();
      expect(fetchConnectToken).not.toHaveBeenCalled();
    });

    it("hover, focus and touch together request one prefetched token, and the click uses it", async () => {
      const handlers = { onPointerEnter: vi.fn(), onFocus: vi.fn(), onTouchStart: vi.fn() };
      const { user, fetchConnectToken, navigate } = renderButton({
        prefetch: "intent",
        ...handlers,
      });
      await user.hover(button());
      expect(fetchConnectToken).toHaveBeenCalledTimes(1);
      await user.tab();
      fireEvent.touchStart(button());
      for (const handler of Object.values(handlers)) expect(handler).toHaveBeenCalledTimes(1);
      expect(button()).toHaveAttribute("data-status", "idle");
      await user.click(button());
      await waitFor(() => expect(navigate).toHaveBeenCalledTimes(1));
      expect(fetchConnectToken).toHaveBeenCalledTimes(1);
    });

    it("a token that was prefetched for one userKey is not used after another user has signed in (T7)", async () => {
      const { user, rerender, fetchConnectToken, navigate } = renderButton({ prefetch: "intent" });
      rerender({ userKey: "ada" });
      await user.hover(button());
      rerender({ userKey: "bob" });
      await user.click(button());
      await waitFor(() => expect(navigate).toHaveBeenCalledTimes(1));
      expect(fetchConnectToken).toHaveBeenCalledTimes(2);
      const states = fetchConnectToken.mock.calls.map(([request]) => request.state);
      expect(new URL(String(navigate.mock.calls[0])).searchParams.get("state")).toBe(states[1]);
    });

    it("unmounting the button aborts its prefetch (F15)", async () => {
      let signal: AbortSignal | undefined;
      const { user, view } = renderButton({
        prefetch: "intent",
        fetchConnectToken: (_, context) => ((signal = context.signal), never()),
      });
      await user.hover(button());
      view.unmount();
      await act(async () => {});
      expect(signal?.aborted).toBe(true);
    });
  });

  it("however often the button is pressed, one token is requested and one navigation made (F14)", async () => {
    const { user, navigate, fetchConnectToken } = renderButton();
    await user.tripleClick(button());
    await user.keyboard("{Enter}{Enter} ");
    await waitFor(() => expect(navigate).toHaveBeenCalled());
    await user.click(button());
    expect(fetchConnectToken).toHaveBeenCalledTimes(1);
    expect(navigate).toHaveBeenCalledTimes(1);
  });

  it("a connecting button has aria-busy, and stays named, focused and enabled", async () => {
    const { user } = renderButton({ fetchConnectToken: never });
    expect(button()).toHaveAttribute("data-status", "idle");
    await user.click(button());
    expect(button()).toHaveAttribute("data-status", "connecting");
    expect(button()).toHaveAttribute("aria-busy", "true");
    expect(button()).toHaveAccessibleName("Connect rewards");
    expect(button()).toBeEnabled();
    expect(button()).toHaveFocus();
    expect(screen.getByRole("status")).toHaveTextContent("Connecting to Benji");
  });

  it("the partner's onClick is called before a start and can prevent it", async () => {
    const onClick = vi.fn((event: { preventDefault(): void }) => event.preventDefault());
    const { user, fetchConnectToken } = renderButton({ onClick });
    await user.click(button());
    expect(onClick).toHaveBeenCalledTimes(1);
    expect(fetchConnectToken).not.toHaveBeenCalled();
  });

  it("ref, class, style, DOM props and data attributes of the partner are on the button element", () => {
    const ref = createRef<HTMLButtonElement>();
    renderStrict(
      <BenjiConnectButton
        ref={ref}
        className="mine"
        style={{ color: "red" }}
        id="x"
        title="t"
        data-a="1"
        mode="redeem"
      />,
    );
    expect(ref.current).toBe(button());
    expect(button()).toHaveClass("mine");
    expect(button().style.color).toBe("red");
    expect(button()).toHaveAttribute("data-a", "1");
    expect(button()).toHaveAttribute("data-mode", "redeem");
    expect(button()).toHaveAttribute("title", "t");
  });

  it("no option of the flow becomes an attribute of the button element", () => {
    renderButton({
      mode: "transfer",
      amount: 5,
      hostedConnectUrl: CONNECT_URL,
      trustedHosts: ["x"],
      userExternalId: "u",
      preview: true,
      returnTo: "/",
      appState: {},
      userKey: "ann",
      lifetimeMs: 60_000,
      tokenTimeoutMs: 5,
      storage: "local",
      onError: () => {},
      showError: true,
    });
    const attributes = [...button().attributes].map(({ name }) => name).sort();
    expect(attributes).toEqual([
      "aria-busy",
      "data-benji-part",
      "data-mode",
      "data-status",
      "type",
    ]);
  });

  it("a click on the button does not submit a form around it", async () => {
    const onSubmit = vi.fn((event: { preventDefault(): void }) => event.preventDefault());
    const user = userEvent.setup();
    renderStrict(
      <form onSubmit={onSubmit}>
        <BenjiConnectButton fetchConnectToken={never} />
      </form>,
    );
    await user.click(button());
    expect(onSubmit).not.toHaveBeenCalled();
  });

  it("children that are a function are called with the status of the button", async () => {
    const { user } = renderButton({
      fetchConnectToken: never,
      children: (status) => `Now ${status}`,
    });
    expect(button()).toHaveAccessibleName("Now idle");
    await user.click(button());
    expect(button()).toHaveAccessibleName("Now connecting");
  });

  it("the button is idle and works again when Back restores the page (F19)", async () => {
    const { user, navigate } = renderButton();
    await user.click(button());
    await waitFor(() => expect(button()).toHaveAttribute("data-status", "redirecting"));
    act(() => void window.dispatchEvent(new Event("pageshow")));
    expect(button()).toHaveAttribute("data-status", "redirecting");
    const restored = Object.assign(new Event("pageshow"), { persisted: true });
    act(() => void window.dispatchEvent(restored));
    expect(button()).toHaveAttribute("data-status", "idle");
    expect(screen.queryByRole("status")).toBeNull();
    await user.click(button());
    await waitFor(() => expect(navigate).toHaveBeenCalledTimes(2));
  });

  it("a button that is still visible 15 s after redirecting is idle again (F39)", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { user } = renderButton();
    await user.click(button());
    await waitFor(() => expect(button()).toHaveAttribute("data-status", "redirecting"));
    await act(() => vi.advanceTimersByTimeAsync(15_000));
    expect(button()).toHaveAttribute("data-status", "idle");
    vi.useRealTimers();
  });

  it("unmounting the button aborts its start without a navigation, a record or a call of onError (F15)", async () => {
    let signal: AbortSignal | undefined;
    let settle = (_: unknown) => {};
    const onError = vi.fn();
    const { user, navigate, view } = renderButton({
      onError,
      fetchConnectToken: (_, context) => {
        signal = context.signal;
        return new Promise((resolve) => (settle = resolve));
      },
    });
    await user.click(button());
    view.unmount();
    settle(answer);
    await act(async () => {});
    expect(signal?.aborted).toBe(true);
    expect(navigate).not.toHaveBeenCalled();
    expect(onError).not.toHaveBeenCalled();
    expect(screen.queryByRole("status")).toBeNull();
    expect(sessionStorage).toHaveLength(0);
  });

  it("an error thrown by onError is reported, and the button still has the status failed (F42)", async () => {
    const reported = vi.fn();
    vi.stubGlobal("reportError", reported);
    const thrown = new Error("the partner's own");
    const { user } = renderButton({
      fetchConnectToken: () => 7,
      onError: () => {
        throw thrown;
      },
    });
    await user.click(button());
    await waitFor(() => expect(reported).toHaveBeenCalledExactlyOnceWith(thrown));
    expect(button()).toHaveAttribute("data-status", "failed");
    vi.unstubAllGlobals();
  });

  it("a click uses the options of the latest render", async () => {
    const { user, rerender, fetchConnectToken } = renderButton();
    const latest = vi.fn(() => answer);
    rerender({ fetchConnectToken: latest });
    await user.click(button());
    expect(latest).toHaveBeenCalledTimes(1);
    expect(fetchConnectToken).not.toHaveBeenCalled();
  });

  it("an unknown mode does not throw in the render, and the start fails", async () => {
    const { user } = renderButton({ mode: 2 as never });
    await user.click(button());
    await waitFor(() => expect(button()).toHaveAttribute("data-status", "failed"));
  });

  it("the button renders on a server (F34)", () => {
    const html = renderToString(
      <StrictMode>
        <BenjiConnectButton mode="redeem" />
      </StrictMode>,
    );
    expect(html).toContain(">Redeem points</button>");
  });
});
