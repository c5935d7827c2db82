// Everything that the shop's server does with Benji.
import * as benji from "react-benji-connect/server";

const { BENJI_API_KEY: apiKey, BENJI_API_URL: baseUrl, BENJI_WEBHOOK_SALT: salt } = process.env;
const { BENJI_PARTNERSHIP_UUID: partnershipUuid, PUBLIC_ORIGIN: publicOrigin } = process.env;
const client = benji.createBenjiClient({ apiKey, baseUrl });
const store = benji.createMemoryStore(); // with several servers: one that they share
const getUser = (_request, { incoming }) => incoming.session.user;
const shop = { apiKey, baseUrl, store, publicOrigin, getUser, onError: console.error };

/** The price list: the browser says which button was pressed, never how many points. */
const points = { mode: "transfer", amount: 500, allowsEditing: false };
const OFFERS = new Map([
  ["connect", { mode: "connect" }],
  ["transfer", { mode: "transfer", actions: [points] }],
]);

export const token = benji.createConnectTokenHandler({
  ...shop,
  createRequest: ({ user, body: { mode = "connect" } }) =>
    OFFERS.has(mode)
      ? { partnershipId: 49, userExternalId: user.id, ...OFFERS.get(mode) }
      : Response.json({ error: "no_such_offer" }, { status: 422 }),
});

// Benji does not document that a row in `merchants` carries the shop's id of a member: ask first.
const ours = { client, store, partnershipUuid, undocumentedUserExternalIdIn: "merchants" };
const isConfirmed = benji.confirmWithBenji(ours);
export const confirm = benji.createConfirmHandler({ ...shop, isConfirmed });

const remember = (event) => benji.rememberTransaction(store, event);
const on = { transaction_created: remember, transaction_status_updated: remember };
export const webhook = benji.createWebhookHandler({ client, store, salt, on });
