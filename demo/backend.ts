import {
  type BenjiStore,
  type ConnectTokenInput,
  confirmWithBenji,
  createBenjiClient,
  createConfirmHandler,
  createConnectTokenHandler,
  createMemoryStore,
  createWebhookHandler,
  rememberTransaction,
} from "react-benji-connect/server";
import { readSession } from "./session.js";

export const TOKEN_ROUTE = "/api/benji/connect-token";
export const CONFIRM_ROUTE = "/api/benji/confirm";
export const WEBHOOK_ROUTE = "/webhooks/benji";

/** What the shop's server must know about Benji. */
export interface Backend {
  apiKey: string;
  baseUrl: string;
  /** Of the webhook subscription. */
  salt: string;
  partnershipUuid: string;
  /** One for all servers of the shop. Default: the memory of this one. */
  store?: BenjiStore;
}

/** The server's own price list: the browser says which button was pressed, never how many points. */
const PRICE_LIST = new Map<unknown, Pick<ConnectTokenInput, "mode" | "actions">>([
  ["connect", { mode: "connect" }],
  [
    "transfer",
    { mode: "transfer", actions: [{ mode: "transfer", amount: 1_000, allowsEditing: false }] },
  ],
  ["redeem", { mode: "redeem", actions: [{ mode: "redeem", amount: 500, allowsEditing: true }] }],
]);

/** Everything that the shop's server does with Benji: three routes, by path. */
export function createBackend(backend: Backend) {
  const { apiKey, baseUrl, salt, partnershipUuid, store = createMemoryStore() } = backend;
  const client = createBenjiClient({ apiKey, baseUrl });
  const onError = (error: unknown) => console.error("Benji:", error);

  /** The shop's page asks it for a token. */
  const token = createConnectTokenHandler({
    apiKey,
    baseUrl,
    onError,
    getUser: readSession,
    createRequest: ({ user, body }) => {
      const offer = PRICE_LIST.get(body["mode"] ?? "connect");
      if (!offer) return Response.json({ error: "no_such_offer" }, { status: 422 });
      return { partnershipId: 49, displayName: "Corner Coffee", userExternalId: user.id, ...offer };
    },
  });

  /** The callback page asks it whether a success counts, and it asks Benji. */
  const confirm = createConfirmHandler({
    apiKey,
    store,
    onError,
    getUser: readSession,
    isConfirmed: confirmWithBenji({
      client,
      store,
      partnershipUuid,
      // Benji does not document that any row carries the shop's id of a member. The demo's sandbox is
      // configured to write it there; without this line, linking an account ends as `unconfirmed`.
      undocumentedUserExternalIdIn: "merchants",
    }),
  });

  /** Receives from Benji which transaction a return is about. */
  const webhook = createWebhookHandler({
    salt,
    client,
    store,
    onError,
    on: {
      transaction_created: (event) => rememberTransaction(store, event),
      transaction_status_updated: (event) => rememberTransaction(store, event),
    },
  });

  return new Map<string, (request: Request) => Promise<Response>>([
    [TOKEN_ROUTE, token],
    [CONFIRM_ROUTE, confirm],
    [WEBHOOK_ROUTE, webhook],
  ]);
}
