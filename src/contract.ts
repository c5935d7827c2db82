/**
 * Every name that Benji uses on the wire, once. The library uses camelCase everywhere else.
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

/** Benji's own servers. Source: the API introduction, the one page that names production. */
export const API_URL = {
  /** Benji's documents call it the sandbox. */
  staging: "https://api-staging.withbenji.com",
  production: "https://api.withbenji.com",
} as const;

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

/** Benji's envelope, and the fields of the answers that bring a token. */
export const TOKEN_ANSWER = {
  code: "code",
  codeOk: "ok",
  /** Carries the code of a refusal on the pages that do not put it into `code`. */
  error: "error",
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

/** `GET {api}/users/{uuid}`. Source: Benji's documentation, api-reference/endpoint/users/get. */
export const USER = {
  path: "/users/",
  data: "user",
  uuid: "uuid_id",
  /** A number; only in the sample. */
  id: "id",
  /** `null` in the sample. */
  externalId: "external_id",
  createdAt: "created_date",
  firstName: "first_name",
  lastName: "last_name",
  email: "email",
  phoneNumber: "phone_number",
  merchants: "merchants",
  merchantId: "merchant_id",
  partnerStatusTiers: "partner_status_tiers",
  partnerId: "partner_id",
  /** The balance, in points. */
  totalRewards: "total_rewards",
} as const;

/**
 * `GET {api}/transactions/{uuid}`.
 *
 * Source: Benji's documentation, api-reference/endpoint/transactions/get (the older field: create).
 */
export const TRANSACTION = {
  path: "/transactions/",
  data: "reward_transaction",
  userUuid: "user_uuid",
  partnershipUuid: "partnership_uuid",
  triggerEventUuid: "trigger_event_uuid_id",
  /** In points. */
  rewardAmount: "reward_amount",
  type: "transaction_type",
  types: { 1: "earn", 2: "redeem" },
  status: "transaction_status",
  statuses: {
    1: "initiated",
    2: "pending",
    3: "completed",
    4: "error",
    5: "reversed",
    6: "failed",
    7: "cancelled",
  },
  /** Until 2026-02. Its numbers mean other things: the table is chosen by the field's name. */
  olderStatus: "status",
  /** Benji's name for 2 is "confirmed". */
  olderStatuses: { 1: "pending", 2: "completed", 3: "failed" },
  createdAt: "created_date",
} as const;

/**
 * `GET {api}/partnerships/{uuid}`.
 *
 * Source: Benji's documentation, api-reference/endpoint/partnerships/get.
 */
export const PARTNERSHIP = {
  path: "/partnerships/",
  data: "partnership",
  uuid: "uuid_id",
  name: "name",
  merchantId: "merchant_id",
  partnerId: "partner_id",
  /** `true` or 1. */
  isActive: "is_active",
} as const;

/**
 * Webhooks, as Benji sends them to the partner's server.
 *
 * Source: Benji's documentation, api-reference/webhooks/overview and pilot/developer.
 */
export const WEBHOOK = {
  /**
   * HMAC-SHA256 over the text of the timestamp followed by the raw body, keyed with the
   * subscription's salt. Until 2026-01-16: over the body alone. The encoding is not said.
   */
  signatureHeader: "x-benji-signature",
  /** "A datetime in GMT format"; its text is part of what is signed. */
  timestampHeader: "x-benji-timestamp",
  /** The older form's date; not covered by the signature. */
  olderDateHeader: "x-webhook-datetime",
  event: "event",
  /** The sample says `entity`, the table of fields says `entity_type`; an integer. */
  entity: "entity",
  entityType: "entity_type",
  entityTypes: { 1: "user", 2: "campaign", 3: "transaction" },
  /** A UUID since 2026-02; an integer before. */
  entityId: "entity_id",
  userEvents: ["user_partner_authentication_created"],
  transactionEvents: [
    "transaction_authenticated",
    "transaction_created",
    "transaction_status_updated",
  ],
  campaignEvents: ["campaign_updated", "campaign_activated", "campaign_ended"],
  /** Names that older pages, samples and Pilot use, with today's name. */
  olderEvents: {
    user_partner_connected: "user_partner_authentication_created",
    reward_transaction_updated: "transaction_status_updated",
    reward_transaction_update: "transaction_status_updated",
  },
} as const;
