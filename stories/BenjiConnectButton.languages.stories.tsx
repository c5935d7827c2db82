import type { Meta, StoryObj } from "@storybook/react-vite";
import { fn } from "storybook/test";
import { BenjiConnectButton } from "../src/index.js";
import { answersDown, neverAnswers } from "./answers.js";
import * as states from "./buttonStates.js";
import { isConnecting, isFailed, isIdle } from "./member.js";
import { dressed, inLanguage, pressedInDocs, withNeighbour } from "./stage.js";
import { ARABIC, GERMAN } from "./messages.js";

/**
 * English is built in. `messages` replaces every text, and its `locale` says how amounts are written.
 * The texts here are examples; they are not part of the package.
 */
const meta = {
  title: "BenjiConnectButton/Languages",
  component: BenjiConnectButton,
  decorators: [dressed],
  args: { ...states.args, mode: "transfer", amount: 1_000 },
  argTypes: states.argTypes,
} satisfies Meta<typeof BenjiConnectButton>;

export default meta;

type Story = StoryObj<typeof meta>;

const german = { args: { messages: GERMAN }, decorators: [withNeighbour, inLanguage("de")] };
const arabic = {
  args: { messages: ARABIC },
  decorators: [withNeighbour, inLanguage("ar-EG", "rtl")],
};

const busy = { fetchConnectToken: fn(neverAnswers) };
const broken = { fetchConnectToken: fn(answersDown) };

export const German: Story = { ...german, play: isIdle("1.000 Punkte übertragen", "transfer") };

export const GermanConnecting: Story = {
  args: { ...german.args, ...busy },
  decorators: [...german.decorators, pressedInDocs],
  play: isConnecting("1.000 Punkte übertragen", GERMAN.connecting),
};

export const GermanFailed: Story = {
  args: { ...german.args, ...broken },
  decorators: [...german.decorators, pressedInDocs],
  play: isFailed(
    "1.000 Punkte übertragen",
    "token_fetch_failed",
    `${GERMAN.unreachable} ${GERMAN.tryAgain}`,
  ),
};

/** Right to left, with Arabic digits: the arrow points the other way. */
export const Arabic: Story = { ...arabic, play: isIdle("تحويل ١٬٠٠٠ نقطة", "transfer") };

export const ArabicConnecting: Story = {
  args: { ...arabic.args, ...busy },
  decorators: [...arabic.decorators, pressedInDocs],
  play: isConnecting("تحويل ١٬٠٠٠ نقطة", ARABIC.connecting),
};

export const ArabicFailed: Story = {
  args: { ...arabic.args, ...broken },
  decorators: [...arabic.decorators, pressedInDocs],
  play: isFailed(
    "تحويل ١٬٠٠٠ نقطة",
    "token_fetch_failed",
    `${ARABIC.unreachable} ${ARABIC.tryAgain}`,
  ),
};
