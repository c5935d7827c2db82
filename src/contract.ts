/**
 * Every word that Benji speaks, once. The library says camelCase everywhere else.
 *
 * Source: Benji's documents "Create connect token" and "Hosted Connect overview".
 */

/** Query parameters Hosted Connect understands when the member arrives. */
export const OUTGOING = {
  connectToken: "connect_token",
  mode: "mode",
  userExternalId: "user_external_id",
  amount: "amount",
  /** Opaque; comes back unchanged. */
  state: "state",
  /** `1` shows Pilot's preview of the page. */
  preview: "preview",
} as const;

/** Query parameters Hosted Connect merges into the partner's Redirect URL. */
export const RETURN = {
  status: "status",
  state: "state",
  /** Preferred stable user identifier. */
  benjiUserUuid: "benji_user_uuid",
  /** Numeric, sent where the UUID is not available. */
  benjiUserId: "benji_user_id",
  /** Sent where a transaction event applies (transfer, redeem). */
  triggerEventId: "trigger_event_id",
} as const;

/** The two values `status` can take on a return. */
export const RETURN_STATUSES = ["success", "error"] as const;

/** Names Benji keeps for itself; one of them is enough to recognise a return. */
export const BENJI_NAME_PREFIX = "benji_";

/** Modes on the wire. There is no 2. */
export const MODE_NUMBERS = { connect: 1, transfer: 3, redeem: 4 } as const;

/** Fields of the answer to `POST /auth/connect`. */
export const TOKEN_ANSWER = {
  code: "code",
  codeOk: "ok",
  data: "data",
  token: "token",
  /** May be empty where Hosted Connect is not enabled for the account. */
  connectUrl: "connect_url",
} as const;

/** Hosted Connect lives on this domain and its subdomains, or on a domain the partner names. */
export const BENJI_DOMAIN = "withbenji.com";

/**
 * `POST /auth/connect`, as the partner's server sends it.
 *
 * Source: Benji's document "Create connect token".
 */
export const TOKEN_REQUEST = {
  path: "/auth/connect",
  /** Header that carries the partner API key, a server secret. */
  apiKeyHeader: "x-api-key",
  /** Typed string, shown as a number in the examples: both are accepted. */
  partnershipId: "partnership_id",
  mode: "mode",
  displayName: "display_name",
  /** When set, the flow can skip the authentication step. */
  userExternalId: "user_external_id",
  customAttributes: "custom_attributes",
  /** Inside `custom_attributes`: a list of `{ mode: 3 | 4, amount, allows_editing }`. */
  actions: "actions",
  actionMode: "mode",
  /** In points. */
  amount: "amount",
  allowsEditing: "allows_editing",
} as const;
