import type { Meta, StoryObj } from "@storybook/react-vite";
import { startedFlow } from "react-benji-connect/testing";
import { expect, fn, waitFor } from "storybook/test";
import { useBenjiConnect, type UseBenjiConnectOptions } from "../src/index.js";
import { answersAtOnce, answersDown, neverAnswers } from "./answers.js";
import { buttonIn, spoken } from "./member.js";
import { forgetFlows } from "./returns.js";
import { pressedInDocs } from "./stage.js";

/** A button of the shop's own: `buttonProps` is spread on it, the rest is up to the shop. */
function ShopButton(options: UseBenjiConnectOptions) {
  const { buttonProps, prefetch, reset, ...start } = useBenjiConnect(options);
  return (
    <section>
      <button {...buttonProps} onPointerEnter={prefetch}>
        {start.status === "failed" ? "Try again" : "Link rewards"}
      </button>{" "}
      {start.status === "connecting" && <button onClick={reset}>Cancel</button>}
      {start.status === "failed" && <p>It did not work ({start.error.code}).</p>}
    </section>
  );
}

const meta = {
  title: "useBenjiConnect",
  component: ShopButton,
  args: { fetchConnectToken: fn(answersAtOnce), navigate: fn<(url: string) => void>() },
  parameters: {
    controls: { include: ["mode", "amount"] },
    docs: {
      description: {
        component:
          "`useBenjiConnect(options)` for a button of your own. The table lists its options. It returns `{ status, error, connect, prefetch, reset, unfinished, buttonProps }`.",
      },
    },
  },
  argTypes: {
    mode: { control: "inline-radio", options: ["connect", "transfer", "redeem"] },
    amount: { control: { type: "number", min: 1, step: 100 } },
  },
  beforeEach: () => forgetFlows,
} satisfies Meta<typeof ShopButton>;

export default meta;

type Story = StoryObj<typeof meta>;

export const Idle: Story = {
  play: async ({ canvasElement }) => {
    const button = buttonIn(canvasElement);
    await expect(button).toHaveAccessibleName("Link rewards");
    await expect(button).toHaveAttribute("data-status", "idle");
  },
};

/** `reset()` aborts the start. */
export const Connecting: Story = {
  args: { fetchConnectToken: fn(neverAnswers) },
  decorators: [pressedInDocs],
  play: async ({ canvas, canvasElement, userEvent }) => {
    const button = buttonIn(canvasElement);
    await userEvent.click(button);
    await expect(button).toHaveAttribute("aria-busy", "true");
    await expect(button).toHaveFocus();
    await expect(spoken()).toHaveTextContent("Connecting to Benji");
    await userEvent.click(canvas.getByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(button).toHaveAttribute("data-status", "idle"));
    await userEvent.click(button);
  },
};

export const Redirecting: Story = {
  decorators: [pressedInDocs],
  play: async ({ args, canvasElement, userEvent }) => {
    const button = buttonIn(canvasElement);
    await userEvent.click(button);
    await waitFor(() => expect(button).toHaveAttribute("data-status", "redirecting"));
    await expect(args.navigate).toHaveBeenCalledOnce();
    // The token was prefetched when the pointer came near, and the click used it.
    await expect(args.fetchConnectToken).toHaveBeenCalledOnce();
  },
};

export const Failed: Story = {
  args: { fetchConnectToken: fn(answersDown) },
  decorators: [pressedInDocs],
  play: async ({ canvas, canvasElement, userEvent }) => {
    const button = buttonIn(canvasElement);
    await userEvent.click(button);
    await waitFor(() => expect(button).toHaveAccessibleName("Try again"));
    await expect(canvas.getByText("It did not work (token_fetch_failed).")).toBeVisible();
    await expect(button).toHaveFocus();
  },
};

/** Offers to continue an unfinished flow: its mode, its time and its `appState`. */
function Unfinished(options: UseBenjiConnectOptions) {
  const { buttonProps, unfinished } = useBenjiConnect(options);
  const { cup } = (unfinished?.appState ?? {}) as { cup?: string };
  return (
    <>
      {unfinished && (
        <p>
          You began to {unfinished.mode} points for a {cup}.
        </p>
      )}
      <button {...buttonProps}>{unfinished ? "Go on" : "Pay with points"}</button>
    </>
  );
}

const adaBegan = async () => {
  await startedFlow({ mode: "redeem", userKey: "ada", appState: { cup: "flat white" } });
};

/** The member pressed Back on Benji's page. `unfinished` is the flow that has not come back. */
export const Pending: Story = {
  args: { userKey: "ada" },
  render: (args) => <Unfinished {...args} />,
  beforeEach: adaBegan,
  play: async ({ canvas, canvasElement }) => {
    await expect(canvas.getByText("You began to redeem points for a flat white.")).toBeVisible();
    await expect(buttonIn(canvasElement)).toHaveAccessibleName("Go on");
  },
};

/** While the next flow starts, the unfinished one is not offered. */
export const PendingGoesOn: Story = {
  ...Pending,
  decorators: [pressedInDocs],
  play: async ({ canvas, canvasElement, userEvent }) => {
    const button = buttonIn(canvasElement);
    await userEvent.click(button);
    await expect(canvas.queryByText(/You began/)).not.toBeInTheDocument();
    await waitFor(() => expect(button).toHaveAttribute("data-status", "redirecting"));
  },
};

/** A flow that Ada started is not offered to Grace. */
export const NothingPending: Story = {
  args: { userKey: "grace" },
  render: (args) => <Unfinished {...args} />,
  beforeEach: adaBegan,
  play: async ({ canvasElement }) => {
    await expect(canvasElement).toHaveTextContent(/^Pay with points$/);
  },
};
