import { screen, waitFor } from "@testing-library/react";
import { memoryStorage } from "react-benji-connect/testing";
import { describe, expect, it, vi } from "vitest";
import { answer } from "./renderStrict.js";
import { button, never, renderButton } from "./renderButton.js";

/** Moves each text into a new element, as a browser's translator does. */
function translate(root: Node) {
  const texts = [...root.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
  for (const child of root.childNodes) if (child.nodeName !== "FONT") translate(child);
  for (const text of texts as Text[]) {
    const font = document.createElement("font");
    text.replaceWith(font);
    font.append(text);
  }
}

describe("BenjiConnectButton's texts", () => {
  it.each([
    [undefined, "Connect rewards"],
    ["connect", "Connect rewards"],
    [3, "Transfer points"],
    ["redeem", "Redeem points"],
  ] as const)("the button in mode %j is named %j", (mode, name) => {
    renderButton({ mode });
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
    "the button in mode %s with %j points and messages %j is named %j",
    (mode, amount, messages, name) => {
      renderButton({ mode, amount, messages });
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
  ] as const)(
    "for the error code %s the member sees a plain sentence",
    async (code, fetchConnectToken, sentence) => {
      const { user } = renderButton({ fetchConnectToken });
      await user.click(button());
      await waitFor(() => expect(button()).toHaveAccessibleDescription(sentence));
      expect(document.querySelector(`[data-benji-error="${code}"]`)).toBeVisible();
      expect(screen.getByRole("status")).toHaveTextContent(sentence);
    },
  );

  it.each([
    [undefined, "Your browser blocks data that this page needs. Please allow site data for it."],
    ["Blocked.", "Blocked."],
  ])(
    "with messages.blocked %j the button shows %j if the browser denies the storage (F1)",
    async (blocked, shown) => {
      const setItem = () => {
        throw new DOMException("", "SecurityError");
      };
      const storage = { ...memoryStorage(), setItem };
      const { user } = renderButton({ storage, messages: { blocked } });
      await user.click(button());
      await waitFor(() => expect(button()).toHaveAccessibleDescription(shown));
    },
  );

  it("a token request that times out has a message of its own on the button (F7)", async () => {
    const { user } = renderButton({ fetchConnectToken: never, tokenTimeoutMs: 1 });
    await user.click(button());
    await waitFor(() =>
      expect(button()).toHaveAccessibleDescription("That took too long. Please try again."),
    );
  });

  it("the button renders as one element, and showError={false} gives that element the attribute data-benji-error", () => {
    const { view, rerender } = renderButton();
    expect(view.container.childNodes).toHaveLength(1);
    expect(button()).not.toHaveAttribute("data-benji-error");
    expect(button()).not.toHaveAttribute("aria-describedby");
    rerender({ showError: false });
    expect(button()).toHaveAttribute("data-benji-error", "elsewhere");
  });

  it("the button works on a page that the browser translates by wrapping every text in an element", async () => {
    const { user, rerender } = renderButton({
      mode: "transfer",
      amount: 5,
      fetchConnectToken: () => ({}),
    });
    translate(document.body);
    await user.click(button());
    await waitFor(() => expect(button()).toHaveAttribute("data-status", "failed"));
    translate(document.body);
    rerender({ amount: 6, fetchConnectToken: () => new Response(null, { status: 500 }) });
    expect(button()).toHaveAccessibleName("Transfer 6 points");
    translate(document.body);
    await user.click(button());
    await waitFor(() => expect(button()).toHaveAccessibleDescription(/could not reach/));
    translate(document.body);
    rerender({ fetchConnectToken: never });
    await user.click(button());
    expect(button()).not.toHaveAttribute("aria-describedby");
  });

  it("the button is described by the message of a failed start, and the next click starts again (F6)", async () => {
    const onError = vi.fn();
    const { user, navigate, rerender } = renderButton({ onError, fetchConnectToken: () => ({}) });
    await user.click(button());
    await waitFor(() => expect(button()).toHaveAttribute("data-status", "failed"));
    expect(button()).toHaveAccessibleDescription("That did not work. Please try again.");
    expect(button()).toHaveAttribute("aria-busy", "false");
    expect(onError).toHaveBeenCalledTimes(1);
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ code: "token_malformed" }));
    expect(sessionStorage).toHaveLength(0);
    rerender({ fetchConnectToken: () => answer });
    await user.click(button());
    await waitFor(() => expect(navigate).toHaveBeenCalledTimes(1));
    expect(button()).not.toHaveAccessibleDescription();
  });

  it("with showError={false} a failed button is described only by the partner's own text", async () => {
    const { user } = renderButton({
      showError: false,
      fetchConnectToken: () => ({}),
      "aria-describedby": "terms",
    });
    await user.click(button());
    await waitFor(() => expect(button()).toHaveAttribute("data-status", "failed"));
    expect(button()).toHaveAttribute("aria-describedby", "terms");
  });

  it("a failed button is described by the partner's text and by the error message", async () => {
    const { user } = renderButton({ fetchConnectToken: () => ({}), "aria-describedby": "terms" });
    await user.click(button());
    await waitFor(() => expect(button().getAttribute("aria-describedby")).toMatch(/^terms \S+$/));
  });
});
