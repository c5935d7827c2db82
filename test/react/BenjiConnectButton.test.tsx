import { createRef, type ReactNode, StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { memoryStorage } from "react-benji-connect/testing";
import { describe, expect, it, vi } from "vitest";
import { BenjiConnectButton, type BenjiConnectButtonProps } from "../../src/index.js";
import { answer, CONNECT_URL, renderStrict } from "./renderStrict.js";

const setup = (props: BenjiConnectButtonProps = {}) => {
  const navigate = vi.fn();
  const fetchConnectToken = vi.fn(() => answer as unknown);
  const ui = (more: BenjiConnectButtonProps = {}) => (
    <BenjiConnectButton
      fetchConnectToken={fetchConnectToken}
      navigate={navigate}
      {...props}
      {...more}
    />
  );
  const view = renderStrict(ui());
  const again = (more: BenjiConnectButtonProps) => view.rerender(ui(more));
  return { navigate, fetchConnectToken, view, again, user: userEvent.setup() };
};

const button = () => screen.getByRole("button");
/** What a browser's translator does to a page: each text moves into an element of its own. */
function translate(root: Node) {
  const texts = [...root.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
  for (const child of root.childNodes) if (child.nodeName !== "FONT") translate(child);
  for (const text of texts as Text[]) {
    const font = document.createElement("font");
    text.replaceWith(font);
    font.append(text);
  }
}

const never = () => new Promise<never>(() => {});

describe("BenjiConnectButton", () => {
  it("fetches a token with the flow's request and leaves for Benji", async () => {
    const { user, navigate, fetchConnectToken } = setup({ mode: "transfer", amount: 1_000 });
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

  it.each([
    [undefined, "Connect rewards"],
    ["connect", "Connect rewards"],
    [3, "Transfer points"],
    ["redeem", "Redeem points"],
  ] as const)("is named after its mode: %j is %j", (mode, name) => {
    setup({ mode });
    expect(button()).toHaveAccessibleName(name);
  });

  it.each([
    ["transfer", 1_000, {}, "Transfer 1,000 points"],
    ["redeem", 1, {}, "Redeem 1 points"],
    ["connect", 1_000, {}, "Connect rewards"],
    ["transfer", 1_000, { locale: "de", transferAmount: "{amount} Punkte" }, "1.000 Punkte"],
    ["transfer", 1_000, { locale: "ar-EG", transferAmount: "{amount} نقطة" }, "١٬٠٠٠ نقطة"],
    ["transfer", 1_000, { locale: "no locale" }, "Transfer 1000 points"],
    ["transfer", 5, { transferAmount: "$& {amount} {amount}" }, "$& 5 {amount}"],
    ["redeem", undefined, { redeem: "Einlösen" }, "Einlösen"],
    ["transfer", 5, { transferAmount: undefined as never }, "Transfer 5 points"],
    ["transfer", NaN, {}, "Transfer points"],
    ["transfer", "1.000" as never, {}, "Transfer points"],
    ["redeem", [5] as never, {}, "Redeem points"],
    ["redeem", -1, {}, "Redeem points"],
  ] as const)(
    "in mode %s with %j points and words %j it is named %j",
    (mode, amount, messages, name) => {
      setup({ mode, amount, messages });
      expect(button()).toHaveAccessibleName(name);
    },
  );

  it.each([
    ["token_malformed", () => ({}), "That did not work. Please try again."],
    [
      "token_fetch_failed",
      () => new Response(null, { status: 500 }),
      "We could not reach the rewards service. Please try again.",
    ],
    [
      "token_fetch_failed",
      () => Promise.reject(new Error("offline")),
      "We could not reach the rewards service. Please try again.",
    ],
    [
      "token_fetch_failed",
      () => new Response(null, { status: 429 }),
      "The rewards service refused. Please try again.",
    ],
    [
      "unauthenticated",
      () => new Response(null, { status: 401 }),
      "You are signed out. Please sign in.",
    ],
  ] as const)("tells the member of %s in plain words", async (code, fetchConnectToken, words) => {
    const { user } = setup({ fetchConnectToken });
    await user.click(button());
    await waitFor(() => expect(button()).toHaveAccessibleDescription(words));
    expect(document.querySelector(`[data-benji-error="${code}"]`)).toBeVisible();
    expect(screen.getByRole("status")).toHaveTextContent(words);
  });

  it("a browser that blocks storage is told of, without asking to try again (F1)", async () => {
    const setItem = () => {
      throw new DOMException("", "SecurityError");
    };
    const storage = { ...memoryStorage(), setItem };
    const { user } = setup({ storage, messages: { blocked: "Blocked." } });
    await user.click(button());
    await waitFor(() => expect(button()).toHaveAccessibleDescription("Blocked."));
  });

  it("a token that takes too long is told of (F7)", async () => {
    const { user } = setup({ fetchConnectToken: never, tokenTimeoutMs: 1 });
    await user.click(button());
    await waitFor(() =>
      expect(button()).toHaveAccessibleDescription("That took too long. Please try again."),
    );
  });

  it("is one element, and says whether a stylesheet is to keep place for an error", () => {
    const { view, again } = setup();
    expect(view.container.childNodes).toHaveLength(1);
    expect(button()).not.toHaveAttribute("data-benji-error");
    expect(button()).not.toHaveAttribute("aria-describedby");
    again({ showError: false });
    expect(button()).toHaveAttribute("data-benji-error", "elsewhere");
  });

  describe("prefetch", () => {
    it("is off by default", async () => {
      const { user, fetchConnectToken } = setup();
      await user.hover(button());
      await user.tab();
      expect(fetchConnectToken).not.toHaveBeenCalled();
    });

    it("fetches one token on hover, focus and touch together, and the click uses it", async () => {
      const handlers = { onPointerEnter: vi.fn(), onFocus: vi.fn(), onTouchStart: vi.fn() };
      const { user, fetchConnectToken, navigate } = setup({ prefetch: "intent", ...handlers });
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

    it("a start is aborted on unmount (F15)", async () => {
      let signal: AbortSignal | undefined;
      const { user, view } = setup({
        prefetch: "intent",
        fetchConnectToken: (_, context) => ((signal = context.signal), never()),
      });
      await user.hover(button());
      view.unmount();
      await act(async () => {});
      expect(signal?.aborted).toBe(true);
    });
  });

  it("asks for one token and leaves once, however often it is pressed (F14)", async () => {
    const { user, navigate, fetchConnectToken } = setup();
    await user.tripleClick(button());
    await user.keyboard("{Enter}{Enter} ");
    await waitFor(() => expect(navigate).toHaveBeenCalled());
    await user.click(button());
    expect(fetchConnectToken).toHaveBeenCalledTimes(1);
    expect(navigate).toHaveBeenCalledTimes(1);
  });

  it("says in attributes how it stands, keeps its name and its focus, stays clickable", async () => {
    const { user } = setup({ fetchConnectToken: never });
    expect(button()).toHaveAttribute("data-status", "idle");
    await user.click(button());
    expect(button()).toHaveAttribute("data-status", "connecting");
    expect(button()).toHaveAttribute("aria-busy", "true");
    expect(button()).toHaveAccessibleName("Connect rewards");
    expect(button()).toBeEnabled();
    expect(button()).toHaveFocus();
    expect(screen.getByRole("status")).toHaveTextContent("Connecting to Benji");
  });

  it("has one live region for all buttons of the document", async () => {
    const { user } = setup({ fetchConnectToken: never });
    renderStrict(<BenjiConnectButton fetchConnectToken={never}>Other</BenjiConnectButton>);
    for (const each of screen.getAllByRole("button")) await user.click(each);
    expect(screen.getAllByRole("status")).toHaveLength(1);
  });

  it.each([
    ["dialog", (child: ReactNode) => <dialog open>{child}</dialog>],
    [
      "an element with the role of a dialog",
      (child: ReactNode) => <div role="dialog">{child}</div>,
    ],
  ])("speaks inside %s, outside of which nothing is heard while it is open", async (_, dialog) => {
    renderStrict(dialog(<BenjiConnectButton fetchConnectToken={never} />));
    await userEvent.click(button());
    const region = screen.getByRole("status");
    expect(region).toHaveTextContent("Connecting to Benji");
    expect(region.parentElement).toContainElement(button());
    expect(region.parentElement).not.toBe(document.body);
  });

  it("speaks on the page again after a dialog is gone, through one live region", async () => {
    const Page = ({ isOpen }: { isOpen: boolean }) => (
      <main>
        <BenjiConnectButton fetchConnectToken={never}>Page</BenjiConnectButton>
        {isOpen && (
          <div role="dialog">
            <BenjiConnectButton fetchConnectToken={never}>Dialog</BenjiConnectButton>
          </div>
        )}
      </main>
    );
    const { rerender } = renderStrict(<Page isOpen />);
    await userEvent.click(screen.getByRole("button", { name: "Dialog" }));
    rerender(<Page isOpen={false} />);
    await act(async () => {});
    expect(screen.queryByRole("status")).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Page" }));
    expect(screen.getByRole("status").parentElement).toBe(document.body);
  });

  it("leaves nothing of a live region to the page or to the next test", async () => {
    const { user, view } = setup({ fetchConnectToken: never });
    await user.click(button());
    expect(screen.getByRole("status")).toBeInTheDocument();
    view.unmount();
    await act(async () => {});
    expect(document.querySelector("[role=status]")).toBeNull();
  });

  it("does not silence another button when it goes", async () => {
    const other = renderStrict(
      <BenjiConnectButton fetchConnectToken={never}>A</BenjiConnectButton>,
    );
    renderStrict(<BenjiConnectButton fetchConnectToken={never}>B</BenjiConnectButton>);
    await userEvent.click(screen.getByRole("button", { name: "A" }));
    await userEvent.click(screen.getByRole("button", { name: "B" }));
    other.unmount();
    await act(async () => {});
    expect(screen.getByRole("status")).toHaveTextContent("Connecting to Benji");
  });

  it("stays on a page that a browser translates, where every text is wrapped in an element", async () => {
    const { user, again } = setup({ mode: "transfer", amount: 5, fetchConnectToken: () => ({}) });
    translate(document.body);
    await user.click(button());
    await waitFor(() => expect(button()).toHaveAttribute("data-status", "failed"));
    translate(document.body);
    again({ amount: 6, fetchConnectToken: () => new Response(null, { status: 500 }) });
    expect(button()).toHaveAccessibleName("Transfer 6 points");
    translate(document.body);
    await user.click(button());
    await waitFor(() => expect(button()).toHaveAccessibleDescription(/could not reach/));
    translate(document.body);
    again({ fetchConnectToken: never });
    await user.click(button());
    expect(button()).not.toHaveAttribute("aria-describedby");
  });

  it("shows a failed start in words, described by them, and starts again (F6)", async () => {
    const onError = vi.fn();
    const { user, navigate, again } = setup({ onError, fetchConnectToken: () => ({}) });
    await user.click(button());
    await waitFor(() => expect(button()).toHaveAttribute("data-status", "failed"));
    expect(button()).toHaveAccessibleDescription("That did not work. Please try again.");
    expect(button()).toHaveAttribute("aria-busy", "false");
    expect(onError).toHaveBeenCalledTimes(1);
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ code: "token_malformed" }));
    expect(sessionStorage).toHaveLength(0);
    again({ fetchConnectToken: () => answer });
    await user.click(button());
    await waitFor(() => expect(navigate).toHaveBeenCalledTimes(1));
    expect(button()).not.toHaveAccessibleDescription();
  });

  it("leaves the error to onError where showError is false, and keeps the partner's description", async () => {
    const { user } = setup({
      showError: false,
      fetchConnectToken: () => ({}),
      "aria-describedby": "terms",
    });
    await user.click(button());
    await waitFor(() => expect(button()).toHaveAttribute("data-status", "failed"));
    expect(button()).toHaveAttribute("aria-describedby", "terms");
  });

  it("describes itself by the partner's text and the error together", async () => {
    const { user } = setup({ fetchConnectToken: () => ({}), "aria-describedby": "terms" });
    await user.click(button());
    await waitFor(() => expect(button().getAttribute("aria-describedby")).toMatch(/^terms \S+$/));
  });

  it("lets the partner's onClick go first, who may prevent the start", async () => {
    const onClick = vi.fn((event: { preventDefault(): void }) => event.preventDefault());
    const { user, fetchConnectToken } = setup({ onClick });
    await user.click(button());
    expect(onClick).toHaveBeenCalledTimes(1);
    expect(fetchConnectToken).not.toHaveBeenCalled();
  });

  it("hands ref, class, style, DOM props and own data on to the button", () => {
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

  it("passes no option of the flow on to the DOM", () => {
    setup({
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

  it("does not submit a form around it", async () => {
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

  it("tells children as a function how it stands", async () => {
    const { user } = setup({ fetchConnectToken: never, children: (status) => `Now ${status}` });
    expect(button()).toHaveAccessibleName("Now idle");
    await user.click(button());
    expect(button()).toHaveAccessibleName("Now connecting");
  });

  it("is usable again when Back restores the page (F19)", async () => {
    const { user, navigate } = setup();
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

  it("is idle again where it is still visible after 15 s (F39)", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { user } = setup();
    await user.click(button());
    await waitFor(() => expect(button()).toHaveAttribute("data-status", "redirecting"));
    await act(() => vi.advanceTimersByTimeAsync(15_000));
    expect(button()).toHaveAttribute("data-status", "idle");
    vi.useRealTimers();
  });

  it("unmounting calls the start off: no navigation, nothing stored, nobody told (F15)", async () => {
    let signal: AbortSignal | undefined;
    let settle = (_: unknown) => {};
    const onError = vi.fn();
    const { user, navigate, view } = setup({
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

  it("an onError that throws is reported, and the button stays as it was (F42)", async () => {
    const reported = vi.fn();
    vi.stubGlobal("reportError", reported);
    const thrown = new Error("the partner's own");
    const { user } = setup({
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

  it("uses the options of the latest render", async () => {
    const { user, again, fetchConnectToken } = setup();
    const latest = vi.fn(() => answer);
    again({ fetchConnectToken: latest });
    await user.click(button());
    expect(latest).toHaveBeenCalledTimes(1);
    expect(fetchConnectToken).not.toHaveBeenCalled();
  });

  it("shows a mode that is none as a failed start, and never throws while rendering", async () => {
    const { user } = setup({ mode: 2 as never });
    await user.click(button());
    await waitFor(() => expect(button()).toHaveAttribute("data-status", "failed"));
  });

  it("renders on a server (F34)", () => {
    const html = renderToString(
      <StrictMode>
        <BenjiConnectButton mode="redeem" />
      </StrictMode>,
    );
    expect(html).toContain(">Redeem points</button>");
  });
});
