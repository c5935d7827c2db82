/* eslint-disable @typescript-eslint/no-unused-vars -- a value is here for its type */
// An app that uses every entry with strict types. run.mjs compiles it against the built package with each
// compiler, resolution and React. expectSame fails to compile if a type has become wider or narrower.
import { createElement, createRef, type ReactElement } from "react";
import {
  BenjiConnectButton,
  type BenjiConnectButtonProps,
  type BenjiConnectError,
  type BenjiConnectErrorCode,
  BenjiConnectProvider,
  type BenjiConnectProviderProps,
  type BenjiRedirectResult,
  type UnfinishedFlow,
  type RejectionReason,
  useBenjiConnect,
  type UseBenjiConnectOptions,
  useBenjiRedirectResult,
  type UseBenjiRedirectResultOptions,
} from "react-benji-connect";
import "react-benji-connect/styles.css";
import { createConnectFlow, parseRedirect } from "react-benji-connect/core";
import { createSandbox, listenSandbox } from "react-benji-connect/sandbox";
import {
  BenjiApiError,
  type ConfirmHandlerOptions,
  type ConfirmWithBenjiOptions,
  type ConnectTokenHandlerOptions,
  type ConnectTokenInput,
  type ConnectUrlOptions,
  createBenjiClient,
  createConfirmHandler,
  createConnectTokenHandler,
  type createMemoryStore,
  type createWebhookHandler,
  type SdkTokenInput,
  type TestWebhookOptions,
  verifyWebhook,
  type VerifyWebhookOptions,
} from "react-benji-connect/server";
import {
  BenjiTestProvider,
  finishAtBenji,
  results,
  type returnUrl,
  type startedFlow,
} from "react-benji-connect/testing";

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function expectSame<A, B>(..._: Same<A, B> extends true ? [] : ["not the same"]): void;

interface Cart {
  cart: number;
}

/** The options that refuse an explicit `undefined` under `exactOptionalPropertyTypes`. */
type Refusing<T> = {
  [Name in keyof T]-?: object extends Pick<T, Name>
    ? { [_ in Name]: undefined } extends Pick<T, Name>
      ? never
      : Name
    : never;
}[keyof T];
type OptionsOf<F extends (...options: never[]) => unknown> = Exclude<
  Parameters<F>[number],
  undefined
>;
expectSame<Refusing<BenjiConnectButtonProps>, never>();
expectSame<Refusing<BenjiConnectProviderProps>, never>();
expectSame<Refusing<NonNullable<UseBenjiConnectOptions["messages"]>>, never>();
expectSame<Refusing<UseBenjiRedirectResultOptions>, never>();
expectSame<Refusing<OptionsOf<typeof createConnectFlow>>, never>();
expectSame<Refusing<OptionsOf<typeof createSandbox>>, never>();
expectSame<Refusing<OptionsOf<typeof listenSandbox>>, never>();
expectSame<Refusing<OptionsOf<typeof createMemoryStore>>, never>();
expectSame<Refusing<OptionsOf<typeof createBenjiClient>>, never>();
expectSame<Refusing<ConnectTokenInput>, never>();
expectSame<Refusing<SdkTokenInput>, never>();
expectSame<Refusing<ConnectUrlOptions>, never>();
expectSame<Refusing<ConnectTokenHandlerOptions<Member>>, never>();
expectSame<Refusing<ConfirmHandlerOptions<Member>>, never>();
expectSame<Refusing<ConfirmWithBenjiOptions<Member>>, never>();
expectSame<Refusing<OptionsOf<typeof createWebhookHandler>>, never>();
expectSame<Refusing<VerifyWebhookOptions>, never>();
expectSame<Refusing<TestWebhookOptions>, never>();
expectSame<Refusing<OptionsOf<typeof results.unconfirmed>>, never>();
expectSame<Refusing<OptionsOf<typeof startedFlow>>, never>();
expectSame<Refusing<Exclude<OptionsOf<typeof returnUrl>, string>>, never>();

/** Each status has exactly its own fields, and the switch covers every status. */
export function Callback(): ReactElement {
  const result = useBenjiRedirectResult<Cart>({ path: "/benji/callback" });
  expectSame<typeof result, BenjiRedirectResult<Cart>>();
  switch (result.status) {
    case "pending":
    case "none":
      // @ts-expect-error a page without a return has no appState
      return <p>{result.appState}</p>;
    case "success":
      expectSame<typeof result.appState, Cart | undefined>();
      expectSame<typeof result.benjiUserUuid, string | undefined>();
      expectSame<typeof result.replayed, boolean>();
      expectSame<typeof result.confirmation, unknown>();
      return <p>{result.begunElsewhere ? "by a link" : "here"}</p>;
    case "error":
      expectSame<typeof result.appState, Cart | undefined>();
      return <p>{result.appState?.cart}</p>;
    case "rejected":
      expectSame<typeof result.reason, RejectionReason>();
      // @ts-expect-error a rejected return has no ids
      return <p>{result.benjiUserUuid}</p>;
    case "unconfirmed":
      return <p>{result.error.code}</p>;
    default:
      return result satisfies never;
  }
}

export function Confirmed(): ReactElement {
  const result = useBenjiRedirectResult({
    confirm: async (claim, { signal }) => {
      expectSame<typeof claim.status, "success" | "error">();
      expectSame<typeof signal, AbortSignal>();
      return claim.benjiUserUuid ? { points: 100 } : false;
    },
  });
  if (result.status === "success") {
    expectSame<typeof result.confirmation, { points: number }>();
    expectSame<typeof result.appState, unknown>();
  }
  if (result.status === "unconfirmed") {
    expectSame<typeof result.error.code, BenjiConnectErrorCode>();
    expectSame<typeof result.retry, () => void>();
  }
  return <p>{result.status}</p>;
}

/** If `confirm` may be undefined, the confirmation may be missing. */
export function ConfirmedAtTimes({ isOn }: { isOn: boolean }): ReactElement {
  const confirm = async () => ({ points: 100 });
  const result = useBenjiRedirectResult({ confirm: isOn ? confirm : undefined });
  if (result.status !== "success")
    return <p>{result.status satisfies "unconfirmed" | Unbelieved}</p>;
  // @ts-expect-error the confirmation may be missing
  return <p>{result.confirmation.points}</p>;
}

type Unbelieved = Exclude<BenjiRedirectResult["status"], "success">;

export function FromAnEmail(): ReactElement {
  const result = useBenjiRedirectResult({ dangerouslyAcceptReturnsWithoutState: true });
  if (result.status === "unverified") return <p>{result.claim.benjiUserUuid}</p>;
  return <p>{result.status}</p>;
}

export function NotFromAnEmail(): boolean {
  const result = useBenjiRedirectResult();
  // @ts-expect-error only with that option a return can be unverified
  return result.status === "unverified";
}

export const Buttons = (): ReactElement => (
  <BenjiConnectProvider
    messages={{ locale: "de", connect: "Verbinden" }}
    trustedHosts={["a.example"]}
  >
    <BenjiConnectButton
      ref={createRef<HTMLButtonElement>()}
      className="wide"
      data-testid="connect"
      mode="transfer"
      amount={500}
      appState={{ cart: 1 }}
      fetchConnectToken={async ({ state, mode }, { signal }) =>
        fetch("/token", { method: "POST", body: JSON.stringify({ state, mode }), signal })
      }
      onError={(error) => expectSame<typeof error, BenjiConnectError>()}
      onClick={(event) => event.currentTarget.blur()}
    >
      {(status) => (status === "connecting" ? "One moment" : "Transfer")}
    </BenjiConnectButton>
    {/* @ts-expect-error mode 2 does not exist */}
    <BenjiConnectButton mode={2} />
    {/* @ts-expect-error the button is a button */}
    <BenjiConnectButton type="submit" />
  </BenjiConnectProvider>
);

export function OwnButton(): ReactElement {
  const benji = useBenjiConnect({ mode: "connect" });
  if (benji.status === "failed") expectSame<typeof benji.error, BenjiConnectError>();
  const { error } = benji;
  expectSame<typeof error, BenjiConnectError | undefined>();
  expectSame<Awaited<ReturnType<typeof benji.connect>>["status"], "redirecting" | "failed">();
  expectSame<typeof benji.unfinished, UnfinishedFlow | undefined>();
  return <button {...benji.buttonProps}>{benji.unfinished?.startedAt}</button>;
}

export const flow = createConnectFlow<Cart>({ userKey: "ada", storage: "local" });
const landed = flow.getResult();
if (landed.status === "success") expectSame<typeof landed.appState, Cart | undefined>();
export const claim = parseRedirect("https://shop.example/?status=success");

interface Member {
  id: string;
}

const shop = {
  publicOrigin: "https://shop.example",
  getUser: async (request: Request): Promise<Member | null> =>
    request.headers.has("cookie") ? { id: "ada" } : null,
};

export const POST = createConnectTokenHandler({
  ...shop,
  apiKey: "key",
  baseUrl: "https://api.example",
  createRequest: ({ user, body, request }) => {
    expectSame<typeof user, Member>();
    expectSame<(typeof body)["mode"], unknown>();
    expectSame<typeof request, Request>();
    if (body["mode"] === "redeem") return new Response(null, { status: 422 });
    return { partnershipId: 49, mode: "connect", userExternalId: user.id };
  },
});
expectSame<typeof POST, (request: Request, host?: unknown) => Promise<Response>>();

export const confirm = createConfirmHandler({
  ...shop,
  apiKey: "key",
  isConfirmed: ({ user, claim: claimed, state, flow }) => {
    expectSame<typeof flow.mode, "connect" | "transfer" | "redeem">();
    expectSame<typeof user, Member>();
    expectSame<typeof state, string>();
    return claimed.benjiUserUuid === user.id;
  },
});

createConnectTokenHandler({
  ...shop,
  apiKey: "key",
  baseUrl: "https://api.example",
  // @ts-expect-error a token without a mode
  createRequest: () => ({ partnershipId: 49 }),
});

export const client = createBenjiClient({ apiKey: "key", baseUrl: "https://api.example" });
export const token = client.createConnectToken({ partnershipId: "49", mode: 4 });
expectSame<Awaited<typeof token>, { token: string; connectUrl: string }>();

export async function webhook(request: Request): Promise<string> {
  try {
    const hook = await verifyWebhook(request, { salt: "salt" });
    return hook.event === "transaction_created" ? (hook.entityId ?? "") : hook.event;
  } catch (error) {
    return error instanceof BenjiApiError ? error.code : "unknown";
  }
}

export const sandbox = createSandbox({ scenario: "no-uuid" });
export const listening = listenSandbox({ port: 0 });
// @ts-expect-error no such scenario
createSandbox({ scenario: "win" });

export const scene = createElement(BenjiTestProvider, { storage: "session" });
export const success = results.success<Cart>({ appState: { cart: 1 } });
export const finish = finishAtBenji;

/** Error codes are a closed list. */
export const isOver = (code: BenjiConnectErrorCode): boolean => code === "confirm_failed";
// @ts-expect-error no such code
isOver("no_such_code");
