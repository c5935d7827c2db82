import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, waitFor, within } from "storybook/test";
import { createConnectFlow } from "../src/core/index.js";
import { useBenjiRedirectResult } from "../src/index.js";

/** A callback page that says everything it is told. */
function CallbackPage() {
  const result = useBenjiRedirectResult();
  return (
    <dl>
      {Object.entries(result).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd aria-label={name}>{typeof value === "string" ? value : JSON.stringify(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

const meta = {
  title: "useBenjiRedirectResult",
  component: CallbackPage,
  // A page has one address bar: stories that each write to it cannot share a docs page.
  tags: ["!autodocs"],
} satisfies Meta<typeof CallbackPage>;

export default meta;

type Story = StoryObj<typeof meta>;

const UUID = "7d444840-9dc0-11d1-b245-5ffdce74fad2";

/** Starts a flow of this browser's, without leaving, and tells its state. */
async function startFlow(): Promise<string> {
  let hosted = "";
  const flow = createConnectFlow({
    mode: "transfer",
    returnTo: "/checkout",
    hostedConnectUrl: "https://connect.withbenji.com/49",
    navigate: (url) => void (hosted = url),
  });
  await flow.connect();
  return new URL(hosted).searchParams.get("state") ?? "";
}

/** Comes back to this very frame, as Benji would: its parameters merged into the query that is there. */
function comeBack(answer: Record<string, string>): void {
  const url = new URL(window.location.href);
  for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value);
  window.history.replaceState(null, "", url);
}

const says =
  (expected: Record<string, string>): NonNullable<Story["play"]> =>
  async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    for (const [name, value] of Object.entries(expected))
      await waitFor(() => expect(canvas.getByLabelText(name)).toHaveTextContent(value));
    // The address bar is clean again.
    await expect(window.location.search).not.toMatch(/benji/);
  };

export const None: Story = { play: says({ status: "none" }) };

export const Success: Story = {
  beforeEach: async () => {
    comeBack({ status: "success", state: await startFlow(), benji_user_uuid: UUID });
  },
  play: says({
    status: "success",
    benjiUserUuid: UUID,
    mode: "transfer",
    returnTo: "/checkout",
    replayed: "false",
  }),
};

export const Failure: Story = {
  beforeEach: async () => {
    comeBack({ status: "error", state: await startFlow() });
  },
  play: says({ status: "error", mode: "transfer" }),
};

/** A forged return: this browser never asked. It carries no ids. */
export const Rejected: Story = {
  beforeEach: () => {
    comeBack({ status: "success", state: "benji.forged", benji_user_uuid: UUID });
  },
  play: async (context) => {
    await says({ status: "rejected", reason: "state_unknown" })(context);
    await expect(context.canvasElement).not.toHaveTextContent(UUID);
  },
};
