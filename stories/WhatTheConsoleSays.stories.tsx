import type { Meta, StoryObj } from "@storybook/react-vite";
import { memoryStorage, startedFlow } from "react-benji-connect/testing";
import type { ComponentType } from "react";
import * as benji from "../src/index.js";
import { answersAtOnce } from "./answers.js";
import { CallbackPage } from "./CallbackPage.js";
import { besideTheConsole, recordConsole, logsMessage } from "./developer.js";
import { buttonIn } from "./member.js";
import { comeBack, comeBackRejected, forgetFlows, SUCCESS } from "./returns.js";
import { dressed, pressedInDocs } from "./stage.js";

// Components without types: TypeScript would find most of these mistakes first.
type Untyped = ComponentType<Record<string, unknown>>;
const BenjiConnectProvider = benji.BenjiConnectProvider as unknown as Untyped;
const BenjiConnectButton = benji.BenjiConnectButton as unknown as Untyped;
const Callback = CallbackPage as unknown as Untyped;

/**
 * In development each mistake is logged once on the console: what was expected, what was received, what
 * to do and where to read on. Never a token, a state or a value of yours. In production nothing is
 * logged, and the texts are not in the bundle.
 */
const meta = {
  title: "What the console says",
  decorators: [besideTheConsole, dressed],
  // Each story has its own frame: in one page they would share a console.
  parameters: { docs: { story: { inline: false, height: "330px" } }, controls: { disable: true } },
  beforeEach: () => {
    const stop = recordConsole();
    return () => {
      stop();
      forgetFlows();
    };
  },
} satisfies Meta;

export default meta;

type Story = StoryObj<typeof meta>;

const stays = { fetchConnectToken: answersAtOnce, navigate: () => {} };

/** A button with one mistake; the message comes when it is rendered. */
const button = (
  mistake: string,
  options: Record<string, unknown>,
  pattern: RegExp,
): Pick<Story, "parameters" | "render" | "play"> => ({
  parameters: { mistake },
  render: () => <BenjiConnectButton {...stays} {...options} />,
  play: logsMessage(pattern),
});

/** A button whose token route answers wrongly; the message comes when it is pressed. */
const pressed = (
  mistake: string,
  fetchConnectToken: () => unknown,
  pattern: RegExp,
): Pick<Story, "parameters" | "render" | "play" | "decorators"> => ({
  parameters: { mistake },
  decorators: [pressedInDocs],
  render: () => <BenjiConnectButton {...stays} fetchConnectToken={fetchConnectToken} />,
  play: async (context) => {
    await context.userEvent.click(buttonIn(context.canvasElement));
    await logsMessage(pattern)(context);
  },
});

/** A callback page with one mistake. */
const callback = (
  mistake: string,
  options: Record<string, unknown>,
  pattern: RegExp,
): Pick<Story, "parameters" | "render" | "play"> => ({
  parameters: { mistake },
  render: () => <Callback {...options} />,
  play: logsMessage(pattern),
});

export const NothingToAsk: Story = button(
  `<BenjiConnectButton />`,
  { fetchConnectToken: undefined },
  /expected fetchConnectToken, or hostedConnectUrl.*got neither/,
);

export const UnknownMode: Story = button(
  `<BenjiConnectButton mode="Transfer" … />`,
  { mode: "Transfer" },
  /Did you mean mode="transfer"\?/,
);

export const AmountAsText: Story = button(
  `<BenjiConnectButton mode="transfer" amount="1000" … />`,
  { mode: "transfer", amount: "1000" },
  /amount: .*got text\. Write amount=\{1000\}/,
);

export const FunctionInAppState: Story = button(
  `<BenjiConnectButton appState={{ cart: 3, onDone: () => {} }} … />`,
  { appState: { cart: 3, onDone: () => {} } },
  /appState: .*a function in it/,
);

export const UnknownStorage: Story = button(
  `<BenjiConnectButton storage="localStorage" … />`,
  { storage: "localStorage" },
  /storage="local"/,
);

/** Such a storage may write too late: the page has left by then. */
export const AsynchronousStorage: Story = button(
  `<BenjiConnectButton storage={AsyncStorage} … />`,
  { storage: { ...memoryStorage(), length: 0, getItem: async () => null } },
  /one whose getItem answers a promise/,
);

export const TrustedHostWithScheme: Story = button(
  `<BenjiConnectButton trustedHosts={["https://pay.shop.example"]} … />`,
  { trustedHosts: ["https://pay.shop.example"] },
  /trustedHosts: .*an entry with a scheme/,
);

export const HostedPageWithoutHttps: Story = button(
  `<BenjiConnectButton hostedConnectUrl="http://connect.withbenji.com/shop" />`,
  { fetchConnectToken: undefined, hostedConnectUrl: "http://connect.withbenji.com/shop" },
  /begins with https, got one that is http/,
);

/** Only the prop's name is checked, not its value. */
export const SecretInTheBrowser: Story = {
  parameters: { mistake: `<BenjiConnectProvider apiKey="…" fetchConnectToken="/api/benji/…">` },
  render: () => (
    <BenjiConnectProvider {...stays} apiKey="a-key">
      <BenjiConnectButton />
    </BenjiConnectProvider>
  ),
  play: logsMessage(/apiKey: expected no secret in the browser/),
};

export const MisspeltOption: Story = button(
  `<BenjiConnectButton returnto="/checkout" … />`,
  { returnto: "/checkout" },
  /Did you mean returnTo\?/,
);

/** Only the callback page knows the result. */
export const CallbackForTheResult: Story = {
  parameters: { mistake: `<BenjiConnectProvider onSuccess={(result) => save(result)} … />` },
  render: () => (
    <BenjiConnectProvider {...stays} onSuccess={() => {}}>
      <BenjiConnectButton />
    </BenjiConnectProvider>
  ),
  play: logsMessage(/read the result there with useBenjiRedirectResult/),
};

export const ForgottenReturn: Story = pressed(
  `fetchConnectToken={() => { fetch("/api/benji/connect-token", { method: "POST", … }) }}`,
  () => {},
  /got nothing\. Is a return missing\?/,
);

export const AxiosResponse: Story = pressed(
  `fetchConnectToken={(request) => axios.post("/api/benji/connect-token", request)}`,
  () => ({ data: { token: "t" }, status: 200, headers: {}, config: {} }),
  /response of axios\. Return response\.data/,
);

export const BareToken: Story = pressed(
  `fetchConnectToken={async () => (await (await fetch("/token")).json()).token}`,
  () => "0c371a1c-aa81-11ef-b28c-0a58a9feac02",
  /got bare text/,
);

/** The HTML is a login, a 404, or the app itself, which answers every path. */
export const PageInPlaceOfToken: Story = pressed(
  `fetchConnectToken="/api/benji/conect-token"`,
  () => new Response("<!doctype html>", { headers: { "content-type": "text/html" } }),
  /got HTML\. A page answered in place of the token route/,
);

export const RouteNotFound: Story = pressed(
  `fetchConnectToken="/benji/connect-token"`,
  () => new Response(null, { status: 404 }),
  /got HTTP 404\. No route is there/,
);

/** Benji refused your server's request, and your server passed the refusal on with 200. */
export const ErrorOfBenji: Story = pressed(
  `fetchConnectToken={async () => ({ code: "invalid_token", message: "…" })}`,
  () => ({ code: "invalid_token", message: "The token is invalid." }),
  /Benji's envelope of an error/,
);

export const UntrustedHost: Story = pressed(
  `fetchConnectToken={async () => ({ token, connect_url: "https://pay.shop.example" })}`,
  () => ({ token: "t", connect_url: "https://pay.shop.example" }),
  /connect_url_untrusted: .*add it to trustedHosts/,
);

export const PathIsAFullUrl: Story = callback(
  `useBenjiRedirectResult({ path: "https://shop.example/benji/callback" })`,
  { path: "https://shop.example/benji/callback" },
  /path: .*got a full URL/,
);

/** Benji sent the member back to another page than `path` names. */
export const AnotherPath: Story = {
  ...callback(
    `useBenjiRedirectResult({ path: "/benji/calback" })`,
    { path: "/benji/calback" },
    /parameters of Benji's on another path.*correct path, or the Redirect URL/,
  ),
  beforeEach: async () => comeBack({ ...SUCCESS, state: await startedFlow() }),
};

/** The flow is in `"session"`; the callback page looks in `"local"`. */
export const TwoStorages: Story = {
  ...callback(
    `<BenjiConnectButton … />\nuseBenjiRedirectResult({ storage: "local" })`,
    { storage: "local" },
    /stored in "session" and looked for in "local"/,
  ),
  beforeEach: async () => comeBack({ ...SUCCESS, state: await startedFlow() }),
};

export const UserKeyOnOneSide: Story = {
  ...callback(
    `<BenjiConnectButton userKey={user.id} … />\nuseBenjiRedirectResult()`,
    {},
    /user_changed: .*one at the start, and none at the return/,
  ),
  beforeEach: async () => comeBack({ ...SUCCESS, state: await startedFlow({ userKey: "ada" }) }),
};

export const ConfirmWithoutReturn: Story = {
  ...callback(
    `useBenjiRedirectResult({ confirm: async (claim) => { await ask(claim) } })`,
    { confirm: async () => {} },
    /expected confirm to answer .*got nothing\. Is a return missing\?/,
  ),
  beforeEach: async () => comeBack({ ...SUCCESS, state: await startedFlow() }),
};

/** The return has no state. */
export const ReturnWithoutState: Story = {
  ...callback(`useBenjiRedirectResult()`, {}, /state_missing: .*begin at the button/),
  beforeEach: () => comeBackRejected("state_missing"),
};
