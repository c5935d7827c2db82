import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, fn, waitFor } from "storybook/test";
import { BenjiConnectButton, useBenjiRedirectResult } from "../src/index.js";
import { answersAtOnce } from "./answers.js";
import { CallbackPage } from "./CallbackPage.js";
import { buttonIn } from "./member.js";
import { dressed } from "./stage.js";

/** `npm run storybook` sets the URL. In tests and in a static Storybook no sandbox runs. */
const isSandboxRunning = Boolean(import.meta.env["STORYBOOK_SANDBOX_URL"]);

// Navigates the whole tab: in its inner frame Storybook would show this story again.
const leaveWithTheTab = (url: string) => window.top?.location.assign(url);

/**
 * The real journey, under `npm run storybook`: a token route asks the sandbox for a token, the button
 * navigates to the sandbox's page, and that page back to the story "Callback". Elsewhere the button
 * only records the address.
 */
const meta = {
  title: "Against the sandbox",
  component: BenjiConnectButton,
  decorators: [dressed],
  // On a docs page the journey would navigate the whole page.
  tags: ["!autodocs"],
  args: isSandboxRunning
    ? { fetchConnectToken: "/api/benji/connect-token", navigate: leaveWithTheTab }
    : { fetchConnectToken: fn(answersAtOnce), navigate: fn<(url: string) => void>() },
  argTypes: { mode: { control: "inline-radio", options: ["connect", "transfer", "redeem"] } },
  parameters: { controls: { include: ["mode"] } },
} satisfies Meta<typeof BenjiConnectButton>;

export default meta;

type Story = StoryObj<typeof meta>;

const START = "/?path=/story/against-the-sandbox--button";

export const Button: Story = {
  args: { mode: "transfer", returnTo: START },
  play: async ({ args, canvasElement, userEvent }) => {
    // With a sandbox, you press the button yourself.
    if (isSandboxRunning) return;
    await userEvent.click(buttonIn(canvasElement));
    await waitFor(() => expect(args.navigate).toHaveBeenCalledOnce());
  },
};

function BackFromTheSandbox() {
  const result = useBenjiRedirectResult();
  const returnTo = result.status === "success" || result.status === "error" ? result.returnTo : "";
  return (
    <>
      <CallbackPage />
      <a href={returnTo || START} target="_top">
        Back to the button
      </a>
    </>
  );
}

/** The sandbox sends the member back to this page, the Redirect URL of this Storybook. */
export const Callback: Story = {
  render: () => <BackFromTheSandbox />,
};
