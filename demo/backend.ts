import { type ConnectTokenInput, createConnectTokenHandler } from "react-benji-connect/server";

export const TOKEN_ROUTE = "/api/benji/connect-token";

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
