/**
 * Every word that Benji speaks, once. The library says camelCase everywhere else.
 *
 * Source: Benji's documents "Create connect token" and "Hosted Connect overview".
 */

/** Query parameters Hosted Connect understands when the member arrives. */
export const OUTGOING = {
  connectToken: "connect_token",
  /** Opaque; comes back unchanged. */
  state: "state",
  mode: "mode",
  /** `1` shows Pilot's preview of the page. */
  preview: "preview",
  amount: "amount",
  userExternalId: "user_external_id",
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

/** How the partner's server says who it is. Server secrets, both. */
export const CREDENTIAL = {
  /** Carries the partner API key. */
  apiKeyHeader: "x-api-key",
  /** Carries `Bearer <partner access token>`, for the SDK token. */
  bearerHeader: "authorization",
} as const;

/** `POST /auth/connect`, from the partner's server. Source: "Create connect token". */
export const CONNECT_TOKEN = { path: "/auth/connect" } as const;

/** `POST /verify/token/create`, the older one. Source: "Create SDK token". */
export const SDK_TOKEN = { path: "/verify/token/create" } as const;

/** `POST {auth}/access/token/exchange`. Source: Benji's public documentation. */
export const EXCHANGE = {
  path: "/access/token/exchange",
  exchangeToken: "exchange_token",
  userId: "user_id",
  merchantId: "merchant_id",
  tokenData: "token_data",
  accessToken: "access_token",
  refreshToken: "refresh_token",
  /** An HTTP date. */
  accessTokenExpiresAt: "access_token_expires_at",
} as const;

/** Fields of the answers that bring a token. */
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
 * What a connect token and an SDK token are asked for with.
 *
 * Source: Benji's documents "Create connect token" and "Create SDK token".
 */
export const TOKEN_REQUEST = {
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

/**
 * Webhooks, as Benji sends them to the partner's server.
 *
 * Source: Benji's public documentation, "Webhooks overview" and "Developer" (Pilot).
 */
export const WEBHOOK = {
  /** HMAC-SHA256 of the raw body, keyed with the subscription's salt. The encoding is not said. */
  signatureHeader: "x-benji-signature",
  /** When the event was, "in GMT format"; not covered by the signature. */
  dateHeader: "x-webhook-datetime",
  event: "event",
  /** The example says `entity`, the table of fields says `entity_type`; an integer. */
  entity: "entity",
  entityType: "entity_type",
  /** An integer. */
  entityId: "entity_id",
  events: [
    "user_partner_connected",
    "transaction_authenticated",
    "transaction_created",
    "transaction_status_updated",
  ],
} as const;
