import type { Meta, StoryObj } from "@storybook/react-vite";
import { startedFlow } from "react-benji-connect/testing";
import { expect, fn, mocked } from "storybook/test";
import { CallbackPage, says } from "./CallbackPage.js";
import { comeBack, forgetFlows, SUCCESS, UUID } from "./returns.js";

/**
 * `useBenjiRedirectResult(options)` on the page that Benji sends the member back to. Each story first
 * starts a flow and then comes back to its own frame, as Benji would send a member back.
 */
const meta = {
  title: "useBenjiRedirectResult/Results",
  component: CallbackPage,
  // A page has one address bar, so each story needs a frame of its own.
  parameters: { docs: { story: { inline: false, height: "220px" } }, controls: { disable: true } },
  beforeEach: () => forgetFlows,
} satisfies Meta<typeof CallbackPage>;

export default meta;

type Story = StoryObj<typeof meta>;

/** `userKey` is still `undefined`: who is signed in is not known yet. */
export const PendingUser: Story = {
  args: { userKey: undefined },
  beforeEach: async () => comeBack({ ...SUCCESS, state: await startedFlow({ userKey: "ada" }) }),
  play: async ({ canvas }) => {
    await expect(canvas.getByLabelText("status")).toHaveTextContent("pending");
  },
};

/** `confirm` is asking your server. The address bar is clean already. */
export const PendingConfirmation: Story = {
  args: { confirm: fn(() => new Promise<never>(() => {})) },
  beforeEach: async () => comeBack({ ...SUCCESS, state: await startedFlow() }),
  play: async (context) => {
    await says({ status: "pending" })(context);
    await expect(context.args.confirm).toHaveBeenCalledOnce();
  },
};

/** The page was not opened by a return from Benji. */
export const None: Story = {
  play: says({ status: "none" }),
};

/** The result has `returnTo` and `appState` of the start. Its ids are not signed. */
export const SuccessConnect: Story = {
  beforeEach: async () => {
    const flow = { mode: "connect", returnTo: "/profile", appState: { from: "menu" } } as const;
    return comeBack({ ...SUCCESS, state: await startedFlow(flow) });
  },
  play: says({
    status: "success",
    benjiUserUuid: UUID,
    mode: "connect",
    returnTo: "/profile",
    appState: '{"from":"menu"}',
    replayed: "false",
  }),
};

/** A transfer has the id of its transaction event. */
export const SuccessTransfer: Story = {
  beforeEach: async () =>
    comeBack({
      ...SUCCESS,
      triggerEventId: "evt_8812",
      state: await startedFlow({ mode: "transfer", returnTo: "/checkout" }),
    }),
  play: says({ status: "success", mode: "transfer", triggerEventId: "evt_8812" }),
};

/** Where Benji has no UUID it sends `benji_user_id`: digits, kept as text. */
export const SuccessRedeem: Story = {
  beforeEach: async () =>
    comeBack({
      status: "success",
      benjiUserId: "9007199254740993",
      state: await startedFlow({ mode: "redeem" }),
    }),
  play: says({ status: "success", mode: "redeem", benjiUserId: "9007199254740993" }),
};

/** Benji reports an error of a flow that this browser started. It gives no reason. */
export const Failure: Story = {
  beforeEach: async () =>
    comeBack({ status: "error", state: await startedFlow({ mode: "transfer" }) }),
  play: says({ status: "error", mode: "transfer", replayed: "false" }),
};

/** Your server confirmed the success; its answer is in `confirmation`. */
export const Confirmed: Story = {
  args: { confirm: fn(async () => ({ points: 1_200 })) },
  beforeEach: async () => comeBack({ ...SUCCESS, state: await startedFlow() }),
  play: async (context) => {
    await says({ status: "success", confirmation: '{"points":1200}' })(context);
    await expect(context.args.confirm).toHaveBeenCalledOnce();
  },
};

/** Your server has no answer from Benji yet (202): the hook asks again by itself, here until it is confirmed. */
export const NotYet: Story = {
  args: { confirm: fn(async () => Response.json({ points: 1_200 })) },
  beforeEach: async ({ args }) => {
    const headers = { "retry-after": "0" };
    mocked(args.confirm!).mockResolvedValueOnce(new Response(null, { status: 202, headers }));
    return comeBack({ ...SUCCESS, state: await startedFlow() });
  },
  play: async (context) => {
    await says({ status: "success", confirmation: '{"points":1200}' })(context);
    await expect(context.args.confirm).toHaveBeenCalledTimes(2);
  },
};

/** Nobody is signed in any more (401): have the member sign in, then call `retry()`. */
export const SignedOut: Story = {
  args: { confirm: fn(async () => new Response(null, { status: 401 })) },
  beforeEach: async () => comeBack({ ...SUCCESS, state: await startedFlow() }),
  play: says({ status: "unconfirmed", error: "unauthenticated" }),
};

/** The request to your server failed: offer to ask again. */
export const Unconfirmed: Story = {
  args: { confirm: fn(() => Promise.reject(new Error("Your server is being restarted."))) },
  beforeEach: async () => comeBack({ ...SUCCESS, state: await startedFlow() }),
  play: async (context) => {
    await says({
      status: "unconfirmed",
      error: "confirm_failed. See react-benji-connect/docs/errors.md#confirm_failed",
    })(context);
    await expect(context.canvasElement).not.toHaveTextContent(UUID);
  },
};

/** `retry()` asks again; here the second answer is a yes. */
export const AskedAgain: Story = {
  args: { confirm: fn(async () => ({ points: 1_200 })) },
  beforeEach: async ({ args }) => {
    mocked(args.confirm!).mockRejectedValueOnce(new Error("Your server is being restarted."));
    return comeBack({ ...SUCCESS, state: await startedFlow() });
  },
  play: async (context) => {
    const { args, canvas, userEvent } = context;
    await userEvent.click(await canvas.findByRole("button", { name: "Ask again" }));
    await says({ status: "success", confirmation: '{"points":1200}' })(context);
    await expect(args.confirm).toHaveBeenCalledTimes(2);
  },
};

/** A link from an e-mail, taken only with `dangerouslyAcceptReturnsWithoutState`. Anybody can write one. */
export const Unverified: Story = {
  args: { dangerouslyAcceptReturnsWithoutState: true },
  beforeEach: () => comeBack(SUCCESS),
  play: says({ status: "unverified", claim: `{"status":"success","benjiUserUuid":"${UUID}"}` }),
};
