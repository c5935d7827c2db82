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
  /** The salt of the webhook subscription. */
  salt: string;
  partnershipUuid: string;
  /** All servers of the shop share one store. Default: this server's memory. */
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

/** Creates the three routes in which the shop's server talks to Benji, keyed by path. */
export function createBackend(backend: Backend) {
  const { apiKey, baseUrl, salt, partnershipUuid, store = createMemoryStore() } = backend;
  const client = createBenjiClient({ apiKey, baseUrl });
  const onError = (error: unknown) => console.error("Benji:", error);

  /** The token route: the shop's page requests a token here. */
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

  /** The confirm route: the callback page asks it whether a success counts, and it asks Benji. */
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

  /** The webhook route: a webhook from Benji names the transaction of a return. */
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
