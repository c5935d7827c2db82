import type { Meta, StoryObj } from "@storybook/react-vite";
import { startedFlow } from "react-benji-connect/testing";
import { expect, fn } from "storybook/test";
import type { RejectionReason } from "../src/index.js";
import { refusingStorage } from "./answers.js";
import { CallbackPage, says } from "./CallbackPage.js";
import { comeBack, comeBackRejected, forgetFlows, settle, SUCCESS, UUID } from "./returns.js";

/**
 * Returns that are rejected, one for each reason. A rejected result has no ids: ask the member to
 * start again. `docs/errors.md` explains the reasons.
 */
const meta = {
  title: "useBenjiRedirectResult/Rejected",
  component: CallbackPage,
  parameters: { docs: { story: { inline: false, height: "140px" } }, controls: { disable: true } },
  beforeEach: () => forgetFlows,
} satisfies Meta<typeof CallbackPage>;

export default meta;

type Story = StoryObj<typeof meta>;

const TWO_HOURS_AGO = () => Date.now() - 2 * 60 * 60 * 1_000;

const isRejected =
  (reason: RejectionReason): NonNullable<Story["play"]> =>
  async (context) => {
    await says({ status: "rejected", reason })(context);
    await expect(context.canvasElement).not.toHaveTextContent(UUID);
  };

/** The return has no state. */
export const StateMissing: Story = {
  beforeEach: () => comeBackRejected("state_missing"),
  play: isRejected("state_missing"),
};

/** This browser started no such flow: a forged link, another browser, or storage that was cleared. */
export const StateUnknown: Story = {
  beforeEach: () => comeBackRejected("state_unknown"),
  play: isRejected("state_unknown"),
};

/** The flow was started longer ago than its `lifetimeMs`. */
export const StateExpired: Story = {
  // The frames of a docs page share the session's storage, and every start removes expired records.
  args: { storage: "local" },
  beforeEach: async () => {
    const flow = { now: TWO_HOURS_AGO, storage: "local" } as const;
    return comeBack({ ...SUCCESS, state: await startedFlow(flow) });
  },
  play: isRejected("state_expired"),
};

/** The flow has already ended with another result. */
export const StateReused: Story = {
  beforeEach: async () => {
    const state = await startedFlow();
    settle({ status: "error", state });
    return comeBack({ ...SUCCESS, state });
  },
  play: isRejected("state_reused"),
};

/** Ada started the flow; Grace is signed in now. */
export const UserChanged: Story = {
  args: { userKey: "grace" },
  beforeEach: async () => comeBack({ ...SUCCESS, state: await startedFlow({ userKey: "ada" }) }),
  play: isRejected("user_changed"),
};

/** One parameter is in the address twice, with two values. */
export const ParamsAmbiguous: Story = {
  beforeEach: () => comeBackRejected("params_ambiguous"),
  play: isRejected("params_ambiguous"),
};

/** One value is longer than any id. */
export const ParamsTooLong: Story = {
  beforeEach: () => comeBackRejected("params_too_long"),
  play: isRejected("params_too_long"),
};

/** The status is neither success nor error. */
export const StatusUnknown: Story = {
  beforeEach: () => comeBackRejected("status_unknown"),
  play: isRejected("status_unknown"),
};

/** The browser denies storage, so the return cannot be checked. */
export const StorageUnavailable: Story = {
  args: { storage: refusingStorage },
  beforeEach: async () => comeBack({ ...SUCCESS, state: await startedFlow() }),
  play: isRejected("storage_unavailable"),
};

/** `confirm` asked your server, and the answer was no. */
export const NotConfirmed: Story = {
  args: { confirm: fn(async () => false) },
  beforeEach: async () => comeBack({ ...SUCCESS, state: await startedFlow() }),
  play: isRejected("not_confirmed"),
};
