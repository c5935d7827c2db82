import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect } from "storybook/test";
import { BenjiConnectButton } from "../src/index.js";
import * as states from "./buttonStates.js";
import { emulate, isTest } from "./emulate.js";
import { buttonIn, isFailed, isIdle } from "./member.js";
import {
  atNight,
  dressed,
  inLanguage,
  pressedInDocs,
  within160px,
  withNeighbour,
  withVariables,
} from "./stage.js";

/**
 * The button with `import "react-benji-connect/styles.css"`. Its rules have no specificity, so any
 * class of yours wins. An arrow marks the link out of the page; a spinner replaces it during the wait.
 */
const meta = {
  title: "BenjiConnectButton/Styled",
  component: BenjiConnectButton,
  decorators: [dressed],
  args: states.args,
  argTypes: states.argTypes,
} satisfies Meta<typeof BenjiConnectButton>;

export default meta;

type Story = StoryObj<typeof meta>;

const pressed = [withNeighbour, pressedInDocs];

const looks = (canvasElement: HTMLElement) => getComputedStyle(buttonIn(canvasElement));

export const Connect: Story = states.connect;

export const Transfer: Story = states.transfer;

/** An `amount` is written as the locale of `messages` writes numbers. */
export const TransferAmount: Story = states.transferAmount;

export const Redeem: Story = states.redeem;

export const RedeemAmount: Story = states.redeemAmount;

/** The token is being fetched. The button keeps its size, and nothing below it moves. */
export const Connecting: Story = { ...states.connecting, decorators: pressed };

/** The page is navigating to Benji. If it is still open after 15 s, the button is idle again. */
export const Redirecting: Story = { ...states.redirecting, decorators: pressed };

/** The browser refuses storage. The message does not say to try again, since that would not help. */
export const Blocked: Story = { ...states.blocked, decorators: pressed };

/** The token route failed, or did not answer. The line of the error was kept free for it. */
export const Unreachable: Story = { ...states.unreachable, decorators: pressed };
export const SignedOut: Story = { ...states.signedOut, decorators: pressed };

/** The token took longer than `tokenTimeoutMs`. */
export const Slow: Story = { ...states.slow, decorators: pressed };

/** Any other failure, here an answer without a token. */
export const Failed: Story = { ...states.failed, decorators: pressed };

/** `showError={false}` shows no message of ours, and reserves no line for one. */
export const FailedInSilence: Story = { ...states.failedInSilence, decorators: pressed };

export const Disabled: Story = states.disabled;

/** A long label breaks into lines; the arrow stays whole. */
export const LongLabel: Story = {
  args: {
    children:
      "Connect your Corner Coffee rewards account with Benji to collect and redeem your points in more than four hundred shops",
  },
};

/** 160 px wide. Where an error needs more lines, `--benji-error-lines` keeps them free. */
export const NarrowContainer: Story = {
  ...states.unreachable,
  args: { ...states.unreachable.args, mode: "transfer", amount: 1_000 },
  decorators: [
    withNeighbour,
    within160px,
    withVariables({ "--benji-error-lines": 3 }),
    pressedInDocs,
  ],
  play: async (context) => {
    await isFailed(
      "Transfer 1,000 points",
      "token_fetch_failed",
      "We could not reach the rewards service. Please try again.",
    )(context);
    await expect(buttonIn(context.canvasElement).offsetWidth).toBeLessThanOrEqual(160);
  },
};

/** `dir="rtl"` turns the arrow round. For translated texts see Languages. */
export const RightToLeft: Story = {
  decorators: [inLanguage("en", "rtl")],
  play: async (context) => {
    await isIdle("Connect rewards")(context);
    await expect(getComputedStyle(buttonIn(context.canvasElement), "::after").scale).toBe("-1 1");
  },
};

/** Set `data-benji-theme="dark"` on the button or on anything around it. */
export const Dark: Story = {
  ...states.unreachable,
  decorators: [...pressed, atNight],
  play: async (context) => {
    await states.unreachable.play(context);
    await expect(looks(context.canvasElement).color).toBe("rgb(30, 27, 75)");
  },
};

/** Without `data-benji-theme` the button follows the system. */
export const FollowsTheSystem: Story = {
  globals: { theme: "system" },
  beforeEach: () => emulate("prefers-color-scheme", "dark"),
  play: async ({ canvasElement }) => {
    const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
    const ink = isDark ? "rgb(30, 27, 75)" : "rgb(255, 255, 255)";
    await expect(looks(canvasElement).color).toBe(ink);
    if (isTest) await expect(isDark).toBe(true);
  },
};

/**
 * Windows contrast themes. The test makes the browser force its colours; to see it here, choose
 * "Rendering", "Emulate CSS media feature forced-colors" in the developer tools.
 */
export const ForcedColours: Story = {
  ...states.unreachable,
  decorators: pressed,
  beforeEach: () => emulate("forced-colors", "active"),
  play: async (context) => {
    await states.unreachable.play(context);
    if (!isTest) return;
    await expect(matchMedia("(forced-colors: active)").matches).toBe(true);
    const { borderColor, backgroundColor, color } = looks(context.canvasElement);
    await expect(new Set([borderColor, color])).not.toContain(backgroundColor);
    const arrow = getComputedStyle(buttonIn(context.canvasElement), "::after");
    await expect(arrow.backgroundColor).toBe(color);
  },
};

/** With prefers-reduced-motion the spinner is a still, dotted ring. The test emulates it. */
export const ReducedMotion: Story = {
  ...states.connecting,
  decorators: pressed,
  beforeEach: () => emulate("prefers-reduced-motion", "reduce"),
  play: async (context) => {
    await states.connecting.play(context);
    const ring = getComputedStyle(buttonIn(context.canvasElement), "::after");
    if (isTest) await expect(ring.animationName).toBe("none");
  },
};

/** Set `--benji-*` variables on the button, or on anything around it. */
export const CustomVariables: Story = {
  decorators: [
    withVariables({
      "--benji-accent": "#0f766e",
      "--benji-accent-hover": "#115e59",
      "--benji-on-accent": "#ffffff",
      "--benji-focus": "#14b8a6",
      "--benji-radius": "999px",
      "--benji-size": "52px",
      "--benji-font-size": "1.125rem",
    }),
  ],
  play: async ({ canvasElement }) => {
    const { backgroundColor, minHeight, fontSize } = looks(canvasElement);
    await expect([backgroundColor, minHeight, fontSize]).toEqual([
      "rgb(15, 118, 110)",
      "52px",
      "18px",
    ]);
  },
};

const SHOP_CSS = `
  .shop-button {
    border: 2px solid #7c2d12;
    border-radius: 4px;
    background: #ffedd5;
    color: #7c2d12;
    box-shadow: none;
  }
  .shop-button:hover { background: #fed7aa; }
`;

/** One class of the shop's own is enough, without `!important` and in any order. */
export const CustomClass: Story = {
  args: { className: "shop-button" },
  // The shop's style comes before our stylesheet, and still wins.
  decorators: [
    (Story) => (
      <>
        <style>{SHOP_CSS}</style>
        <Story />
      </>
    ),
  ],
  play: async ({ canvasElement }) => {
    const { backgroundColor, color, borderRadius } = looks(canvasElement);
    await expect([backgroundColor, color, borderRadius]).toEqual([
      "rgb(255, 237, 213)",
      "rgb(124, 45, 18)",
      "4px",
    ]);
  },
};

/** Children stand before the arrow. */
export const Composition: Story = {
  args: {
    children: (
      <>
        <span aria-hidden="true">★</span> Link your miles
      </>
    ),
  },
  play: isIdle("Link your miles"),
};
