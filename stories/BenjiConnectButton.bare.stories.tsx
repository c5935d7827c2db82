import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, fn, waitFor } from "storybook/test";
import { BenjiConnectButton } from "../src/index.js";
import { neverAnswers } from "./answers.js";
import * as states from "./buttonStates.js";
import { buttonIn, isIdle } from "./member.js";
import { pressedInDocs } from "./stage.js";

/**
 * Without the stylesheet: the browser's own button. Its state is in `data-status`,
 * `data-mode`, `aria-busy` and `data-benji-error`, for your own CSS.
 */
const meta = {
  title: "BenjiConnectButton/Bare",
  component: BenjiConnectButton,
  args: states.args,
  argTypes: states.argTypes,
} satisfies Meta<typeof BenjiConnectButton>;

export default meta;

type Story = StoryObj<typeof meta>;

/** No rule of our stylesheet applies. */
export const Connect: Story = {
  ...states.connect,
  play: async (context) => {
    await states.connect.play(context);
    const button = buttonIn(context.canvasElement);
    await expect(getComputedStyle(button, "::after").content).toBe("none");
    await expect(getComputedStyle(button).display).toBe("inline-block");
  },
};

export const Transfer: Story = states.transfer;

/** An `amount` is written as the locale of `messages` writes numbers. */
export const TransferAmount: Story = states.transferAmount;

export const Redeem: Story = states.redeem;

export const RedeemAmount: Story = states.redeemAmount;

/** The token is being fetched. The button keeps its focus and its name; a second click starts nothing more. */
export const Connecting: Story = { ...states.connecting, decorators: [pressedInDocs] };

/** The page is navigating to Benji. If it is still open after 15 s, the button is idle again. */
export const Redirecting: Story = { ...states.redirecting, decorators: [pressedInDocs] };

/** The browser refuses storage. The message does not say to try again, since that would not help. */
export const Blocked: Story = { ...states.blocked, decorators: [pressedInDocs] };

/** The token route failed, or did not answer. */
export const Unreachable: Story = { ...states.unreachable, decorators: [pressedInDocs] };

/** The token took longer than `tokenTimeoutMs`. */
export const Slow: Story = { ...states.slow, decorators: [pressedInDocs] };

/** Any other failure, here an answer without a token. */
export const Failed: Story = { ...states.failed, decorators: [pressedInDocs] };

/** `showError={false}` shows no message of ours; `onError` is still called. */
export const FailedInSilence: Story = { ...states.failedInSilence, decorators: [pressedInDocs] };

export const Disabled: Story = states.disabled;

/** `prefetch="intent"`: the token is fetched when the pointer comes near, and used by the click. */
export const Prefetch: Story = {
  args: { prefetch: "intent", userKey: "member-1" },
  play: async ({ args, canvasElement, userEvent }) => {
    const button = buttonIn(canvasElement);
    await userEvent.hover(button);
    await expect(args.fetchConnectToken).toHaveBeenCalledOnce();
    await expect(button).toHaveAttribute("data-status", "idle");
    await userEvent.click(button);
    await waitFor(() => expect(args.navigate).toHaveBeenCalledOnce());
    await expect(args.fetchConnectToken).toHaveBeenCalledOnce();
  },
};

const onSubmit = fn((event: { preventDefault(): void }) => event.preventDefault());

/** The button submits nothing: its `type` is `"button"`. */
export const InsideAForm: Story = {
  args: { mode: "redeem", amount: 500 },
  render: (args) => (
    <form onSubmit={onSubmit}>
      <p>
        <label>
          Coupon <input name="coupon" defaultValue="SPRING" />
        </label>
      </p>
      <BenjiConnectButton {...args} /> <button>Pay</button>
    </form>
  ),
  play: async ({ args, canvas, userEvent }) => {
    await userEvent.click(canvas.getByRole("button", { name: "Redeem 500 points" }));
    await waitFor(() => expect(args.navigate).toHaveBeenCalledOnce());
    await expect(onSubmit).not.toHaveBeenCalled();
    await userEvent.click(canvas.getByRole("button", { name: "Pay" }));
    await expect(onSubmit).toHaveBeenCalledOnce();
  },
};

/** Children replace the label. */
export const ChildrenAsNodes: Story = {
  args: {
    children: (
      <>
        <span aria-hidden="true">★</span> Link your miles
      </>
    ),
  },
  play: isIdle("Link your miles"),
};

/** Children as a function are called with the status. */
export const ChildrenByStatus: Story = {
  args: {
    mode: "redeem",
    fetchConnectToken: fn(neverAnswers),
    children: (status) => (status === "connecting" ? "One moment…" : "Redeem 1,000 points"),
  },
  play: async ({ canvasElement, userEvent }) => {
    const button = buttonIn(canvasElement);
    await expect(button).toHaveAccessibleName("Redeem 1,000 points");
    await userEvent.click(button);
    await expect(button).toHaveAccessibleName("One moment…");
  },
};
