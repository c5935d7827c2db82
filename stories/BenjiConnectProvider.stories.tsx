import type { Meta, StoryObj } from "@storybook/react-vite";
import { withBenji } from "react-benji-connect/testing";
import { expect, fn, waitFor } from "storybook/test";
import { BenjiConnectButton, BenjiConnectProvider } from "../src/index.js";
import { answersAtOnce, answersDown } from "./answers.js";
import { dressed, inLanguage } from "./stage.js";
import { GERMAN } from "./messages.js";

const navigate = fn<(url: string) => void>();

const Buttons = () => (
  <>
    <BenjiConnectButton />
    <BenjiConnectButton mode="transfer" amount={1_000} />
  </>
);

const meta = {
  title: "BenjiConnectProvider",
  component: BenjiConnectProvider,
  decorators: [dressed, withBenji({ navigate })],
  args: { fetchConnectToken: fn(answersAtOnce), onEvent: fn(), children: <Buttons /> },
  parameters: { controls: { disable: true } },
} satisfies Meta<typeof BenjiConnectProvider>;

export default meta;

type Story = StoryObj<typeof meta>;

/** Options given once are used by every button below. */
export const Defaults: Story = {
  play: async ({ args, canvas, userEvent }) => {
    await userEvent.click(canvas.getByRole("button", { name: "Transfer 1,000 points" }));
    await waitFor(() => expect(navigate).toHaveBeenCalledOnce());
    await expect(args.fetchConnectToken).toHaveBeenCalledWith(
      expect.objectContaining({ mode: "transfer", amount: 1_000 }),
      expect.anything(),
    );
  },
};

/** `onEvent` is called at every stage, shown here in the Actions panel, and never receives a token, a state or an id. */
export const Events: Story = {
  play: async ({ args, canvas, userEvent }) => {
    await userEvent.click(canvas.getByRole("button", { name: "Connect rewards" }));
    await waitFor(() => expect(navigate).toHaveBeenCalledOnce());
    await expect(args.onEvent).toHaveBeenNthCalledWith(1, "started", { mode: "connect" });
    await expect(args.onEvent).toHaveBeenNthCalledWith(2, "redirecting", { mode: "connect" });
    await expect(args.onEvent).toHaveBeenCalledTimes(2);
  },
};

export const FailureEvents: Story = {
  args: { fetchConnectToken: fn(answersDown) },
  play: async ({ args, canvas, userEvent }) => {
    await userEvent.click(canvas.getByRole("button", { name: "Connect rewards" }));
    await waitFor(() =>
      expect(args.onEvent).toHaveBeenLastCalledWith("failed", {
        mode: "connect",
        code: "token_fetch_failed",
      }),
    );
  },
};

/** A nested provider adds to the outer one: German from the outer, a single text from the inner. */
export const Nested: Story = {
  decorators: [inLanguage("de")],
  args: {
    messages: GERMAN,
    children: (
      <BenjiConnectProvider messages={{ connect: "Kaffeepunkte verbinden" }}>
        <Buttons />
      </BenjiConnectProvider>
    ),
  },
  play: async ({ args, canvas, userEvent }) => {
    await expect(canvas.getByRole("button", { name: "1.000 Punkte übertragen" })).toBeVisible();
    await userEvent.click(canvas.getByRole("button", { name: "Kaffeepunkte verbinden" }));
    await waitFor(() =>
      expect(args.onEvent).toHaveBeenCalledWith("redirecting", { mode: "connect" }),
    );
  },
};

const ownFetchConnectToken = fn(answersAtOnce);

/** A button's own props come first. */
export const ButtonComesFirst: Story = {
  args: {
    children: (
      <BenjiConnectButton
        fetchConnectToken={ownFetchConnectToken}
        messages={{ connect: "Link miles" }}
      />
    ),
  },
  play: async ({ args, canvas, userEvent }) => {
    await userEvent.click(canvas.getByRole("button", { name: "Link miles" }));
    await waitFor(() => expect(ownFetchConnectToken).toHaveBeenCalledOnce());
    await expect(args.fetchConnectToken).not.toHaveBeenCalled();
  },
};
