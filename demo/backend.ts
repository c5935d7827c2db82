import {
  type BenjiWebhook,
  type ConnectTokenInput,
  createConfirmHandler,
  createConnectTokenHandler,
  createWebhookHandler,
} from "react-benji-connect/server";
import { createLedger, type Ledger } from "./ledger.js";

export const TOKEN_ROUTE = "/api/benji/connect-token";
export const CONFIRM_ROUTE = "/api/benji/confirm";
export const WEBHOOK_ROUTE = "/webhooks/benji";

/** Everything of the shop's server that has to do with Benji. */
export interface Backend {
  apiKey: string;
  baseUrl: string;
  /** Of the webhook subscription. */
  salt: string;
}

/** The routes, by their path. */
export function createBackend({ salt, ...benji }: Backend) {
  const ledger = createLedger();
  return new Map<string, (request: Request) => Promise<Response>>([
    [TOKEN_ROUTE, createTokenRoute(benji)],
    [CONFIRM_ROUTE, createConfirmRoute(benji, ledger)],
    [WEBHOOK_ROUTE, createWebhookRoute({ salt, ...benji }, ledger)],
  ]);
}

interface DemoUser {
  id: string;
}

/** A real shop reads its session cookie here, and answers `null` for nobody. */
const readSession = (): DemoUser => ({ id: "corner-coffee-member-7" });

const PARTNERSHIP = { partnershipId: 49, displayName: "Corner Coffee" };

/** The server's own price list: the browser says which button was pressed, never how many points. */
const PRICE_LIST: Record<string, Pick<ConnectTokenInput, "mode" | "actions">> = {
  connect: { mode: "connect" },
  transfer: {
    mode: "transfer",
    actions: [{ mode: "transfer", amount: 1_000, allowsEditing: false }],
  },
  redeem: {
    mode: "redeem",
    actions: [{ mode: "redeem", amount: 500, allowsEditing: true }],
  },
};

/** The route that the shop's page asks for a token. */
export const createTokenRoute = (benji: { apiKey: string; baseUrl: string }) =>
  createConnectTokenHandler({
    ...benji,
    getUser: readSession,
    createRequest: ({ user, body }) => {
      const mode = String(body["mode"] ?? "connect");
      const offer = Object.hasOwn(PRICE_LIST, mode) ? PRICE_LIST[mode] : undefined;
      if (!offer) return Response.json({ error: "no_such_offer" }, { status: 422 });
      return { ...PARTNERSHIP, ...offer, userExternalId: user.id };
    },
    onError: (error) => console.error("The token route failed:", error),
  });

/** The route that the callback page asks whether a success counts. */
const createConfirmRoute = ({ apiKey }: { apiKey: string }, ledger: Ledger) =>
  createConfirmHandler({
    apiKey,
    getUser: readSession,
    isConfirmed: async ({ user, claim }) => {
      const { benjiUserUuid, benjiUserId, triggerEventId } = claim;
      const ids = [benjiUserUuid ?? benjiUserId, triggerEventId].filter((id) => id !== undefined);
      return (await ledger.hearsOf(user.id, ids)) && { confirmedBy: "webhook" };
    },
    onError: (error) => console.error("The confirm route failed:", error),
  });

/** What Benji says to the server, where no member can edit it. */
const createWebhookRoute = (options: Backend, ledger: Ledger) =>
  createWebhookHandler({
    ...options,
    // Benji documents neither a user of ours nor the uuid here; the sandbox adds both under this name.
    on: {
      user_partner_authentication_created: (event) => noteIn(ledger, event),
      transaction_created: (event) => noteIn(ledger, event),
      transaction_status_updated: (event) => noteIn(ledger, event),
    },
    onError: (error) => console.error("The webhook route failed:", error),
  });

function noteIn(ledger: Ledger, { entityId, body }: BenjiWebhook<string>): void {
  const extra = body["sandbox_not_documented"] as Record<string, unknown> | undefined;
  const { user_external_id, benji_user_uuid, trigger_event_id } = extra ?? {};
  ledger.note(String(user_external_id), [entityId, benji_user_uuid, trigger_event_id]);
}
