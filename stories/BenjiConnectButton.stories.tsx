import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, fn, waitFor, within } from "storybook/test";
import { BenjiConnectButton, type FetchConnectToken } from "../src/index.js";

const answer = {
  token: "0c371a1c-aa81-11ef-b28c-0a58a9feac02",
  connect_url: "https://connect.withbenji.com/khkgfoud76td",
};

/** Answers on the spot, as your token route would. */
const answersAtOnce: FetchConnectToken = () => Promise.resolve(answer);

const neverAnswers: FetchConnectToken = () => new Promise<never>(() => {});

const answersUnauthorized: FetchConnectToken = () =>
  Promise.resolve(new Response(null, { status: 401 }));

const meta = {
  component: BenjiConnectButton,
  args: {
    fetchConnectToken: answersAtOnce,
    // Remembers where it should have gone: a story never leaves its frame.
    navigate: fn<(url: string) => void>(),
    onError: fn(),
  },
  parameters: { controls: { include: ["mode", "amount", "showError", "disabled", "children"] } },
} satisfies Meta<typeof BenjiConnectButton>;

export default meta;

type Story = StoryObj<typeof meta>;

const buttonIn = (canvasElement: HTMLElement) => within(canvasElement).getByRole("button");

const isIdle =
  (mode: string, label: string): NonNullable<Story["play"]> =>
  async ({ canvasElement }) => {
    const button = buttonIn(canvasElement);
    await expect(button).toHaveAccessibleName(label);
    await expect(button).toHaveAttribute("data-mode", mode);
    await expect(button).toHaveAttribute("data-status", "idle");
    await expect(button).toHaveAttribute("aria-busy", "false");
  };

export const Connect: Story = {
  args: { mode: "connect" },
  play: isIdle("connect", "Connect rewards"),
};

export const Transfer: Story = {
  args: { mode: "transfer", amount: 1000 },
  play: isIdle("transfer", "Transfer points"),
};

export const Redeem: Story = {
  args: { mode: "redeem" },
  play: isIdle("redeem", "Redeem points"),
};

/** The token is on its way. The button keeps its focus and stays clickable; a second click joins the first. */
export const Connecting: Story = {
  args: { fetchConnectToken: fn(neverAnswers) },
  play: async ({ args, canvasElement, userEvent }) => {
    const button = buttonIn(canvasElement);
    await userEvent.dblClick(button);
    await expect(button).toHaveAttribute("data-status", "connecting");
    await expect(button).toHaveAttribute("aria-busy", "true");
    await expect(button).toBeEnabled();
    await expect(button).toHaveFocus();
    await expect(args.fetchConnectToken).toHaveBeenCalledOnce();
  },
};

/** Navigation was asked for, and the page is about to be left. */
export const Redirecting: Story = {
  args: { mode: "transfer" },
  play: async ({ args, canvasElement, userEvent }) => {
    const button = buttonIn(canvasElement);
    await userEvent.click(button);
    await waitFor(() => expect(button).toHaveAttribute("data-status", "redirecting"));
    await expect(args.navigate).toHaveBeenCalledOnce();
    await expect(args.navigate).toHaveBeenCalledWith(
      expect.stringMatching(/^https:\/\/connect\.withbenji\.com\/khkgfoud76td\?connect_token=/),
    );
  },
};

/** A failed start says so below the button, and the button works again. */
export const Failed: Story = {
  args: { fetchConnectToken: answersUnauthorized },
  play: async ({ args, canvasElement, userEvent }) => {
    const button = buttonIn(canvasElement);
    await userEvent.click(button);
    await waitFor(() => expect(button).toHaveAttribute("data-status", "failed"));
    await expect(button).toHaveAccessibleDescription("That did not work. Please try again.");
    await expect(args.onError).toHaveBeenCalledOnce();
    await expect(args.onError).toHaveBeenCalledWith(
      expect.objectContaining({ code: "token_fetch_failed", httpStatus: 401 }),
    );
    await expect(args.navigate).not.toHaveBeenCalled();
  },
};

/** `showError={false}` leaves the words to you; `onError` still hears of it. */
export const FailedInSilence: Story = {
  args: { fetchConnectToken: answersUnauthorized, showError: false },
  play: async ({ args, canvasElement, userEvent }) => {
    const button = buttonIn(canvasElement);
    await userEvent.click(button);
    await waitFor(() => expect(args.onError).toHaveBeenCalledOnce());
    await expect(button).not.toHaveAccessibleDescription();
    await expect(canvasElement).toHaveTextContent(/^Connect rewards$/);
  },
};

export const CustomChildren: Story = {
  args: {
    children: (
      <>
        <span aria-hidden="true">★</span> Link your miles
      </>
    ),
  },
  play: isIdle("connect", "Link your miles"),
};

/** Children as a function are told the status. */
export const ChildrenByStatus: Story = {
  args: {
    mode: "redeem",
    fetchConnectToken: neverAnswers,
    children: (status) => (status === "connecting" ? "One moment…" : "Redeem 1,000 points"),
  },
  play: async ({ canvasElement, userEvent }) => {
    const button = buttonIn(canvasElement);
    await expect(button).toHaveAccessibleName("Redeem 1,000 points");
    await userEvent.click(button);
    await expect(button).toHaveAccessibleName("One moment…");
  },
};
