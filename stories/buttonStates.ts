import { expect, fn, waitFor, within } from "storybook/test";
import {
  answersAtOnce,
  answersNonsense,
  answersDown,
  answersUnauthorized,
  neverAnswers,
  refusingStorage,
} from "./answers.js";
import { buttonIn, isConnecting, isFailed, isIdle, isRedirecting } from "./member.js";

// The states of a button, defined once and shown twice: bare and with its stylesheet.

/** The props of every story of a button. */
export const args = {
  fetchConnectToken: fn(answersAtOnce),
  // Only records the address: a story never leaves its frame.
  navigate: fn<(url: string) => void>(),
  onError: fn(),
};

const under = (category: string, argTypes: Record<string, object>) =>
  Object.fromEntries(
    Object.entries(argTypes).map(([name, own]) => [name, { ...own, table: { category } }]),
  );

const asCode = { control: false };

/** Which props have a control, and the heading of each on the docs page. */
export const argTypes = {
  ...under("What the member sees", {
    mode: { control: "inline-radio", options: ["connect", "transfer", "redeem"] },
    amount: { control: { type: "number", min: 1, step: 100 } },
    children: { control: "text" },
    disabled: { control: "boolean", description: "As on any `<button>`." },
    showError: { control: "boolean" },
    messages: { control: "object" },
  }),
  ...under("How a flow starts", {
    fetchConnectToken: asCode,
    prefetch: { control: "inline-radio", options: [false, "intent"] },
    tokenTimeoutMs: { control: { type: "number", min: 0, step: 1_000 } },
    hostedConnectUrl: { control: "text" },
    trustedHosts: asCode,
    userExternalId: { control: "text" },
    preview: { control: "boolean" },
  }),
  ...under("What comes back with the member", {
    returnTo: { control: "text" },
    appState: { control: "object" },
    userKey: { control: "text" },
    lifetimeMs: { control: { type: "number", min: 60_000, step: 60_000 } },
    storage: asCode,
  }),
  ...under("Callbacks", { onError: asCode, onEvent: asCode, navigate: asCode }),
};

export const connect = { args: { mode: "connect" }, play: isIdle("Connect rewards") } as const;

export const transfer = {
  args: { mode: "transfer" },
  play: isIdle("Transfer points", "transfer"),
} as const;

export const transferAmount = {
  args: { mode: "transfer", amount: 1_000 },
  play: isIdle("Transfer 1,000 points", "transfer"),
} as const;

export const redeem = {
  args: { mode: "redeem" },
  play: isIdle("Redeem points", "redeem"),
} as const;

export const redeemAmount = {
  args: { mode: "redeem", amount: 12_500 },
  play: isIdle("Redeem 12,500 points", "redeem"),
} as const;

export const connecting = {
  args: { fetchConnectToken: fn(neverAnswers) },
  play: isConnecting("Connect rewards"),
};

export const redirecting = { play: isRedirecting("Connect rewards") };

export const blocked = {
  args: { storage: refusingStorage },
  play: isFailed(
    "Connect rewards",
    "storage_unavailable",
    "Your browser blocks data that this page needs. Please allow site data for it.",
  ),
};

export const unreachable = {
  args: { fetchConnectToken: fn(answersDown) },
  play: isFailed(
    "Connect rewards",
    "token_fetch_failed",
    "We could not reach the rewards service. Please try again.",
  ),
};

export const signedOut = {
  args: { fetchConnectToken: fn(answersUnauthorized) },
  play: isFailed("Connect rewards", "unauthenticated", "You are signed out. Please sign in."),
};

export const slow = {
  args: { fetchConnectToken: fn(neverAnswers), tokenTimeoutMs: 100 },
  play: isFailed("Connect rewards", "token_timeout", "That took too long. Please try again."),
};

export const failed = {
  args: { fetchConnectToken: fn(answersNonsense) },
  play: isFailed("Connect rewards", "token_malformed", "That did not work. Please try again."),
};

type Scene = Parameters<typeof redirecting.play>[0];

export const failedInSilence = {
  args: { fetchConnectToken: fn(answersDown), showError: false },
  play: async ({ args, canvasElement, userEvent }: Scene) => {
    const button = buttonIn(canvasElement);
    await userEvent.click(button);
    await waitFor(() => expect(args.onError).toHaveBeenCalledOnce());
    await expect(button).toHaveAttribute("data-status", "failed");
    await expect(button).not.toHaveAccessibleDescription();
    await expect(within(canvasElement).queryByText(/try again/)).not.toBeInTheDocument();
  },
};

export const disabled = {
  args: { disabled: true },
  play: async ({ args, canvasElement, userEvent }: Scene) => {
    const button = buttonIn(canvasElement);
    await expect(button).toBeDisabled();
    // Clicks without user-event's check whether the element can be clicked.
    await userEvent.setup({ pointerEventsCheck: 0 }).click(button);
    await expect(args.fetchConnectToken).not.toHaveBeenCalled();
  },
};
