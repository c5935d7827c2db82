/**
 * Defines once every name in Benji's requests, responses, addresses and webhooks; the rest of the
 * library uses camelCase. A member is the partner's user; Pilot is Benji's console for partners.
 *
 * Source: Benji's documents "Create connect token" and "Hosted Connect overview".
 */

/** Query parameters Hosted Connect understands when the member arrives. */
export const OUTGOING = {
  connectToken: "connect_token",
  /** Opaque; Benji returns it unchanged. */
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

/**
 * Prefix of Benji's own query parameters. One such parameter and a known `status` make the address
 * a return.
 */
export const BENJI_NAME_PREFIX = "benji_";

/** The numbers of the modes in Benji's API. There is no 2. */
export const MODE_NUMBERS = { connect: 1, transfer: 3, redeem: 4 } as const;

/** Benji's own servers. Source: the API introduction, the only page that names the production URL. */
export const API_URL = {
  /** Benji's documents call it the sandbox. */
  staging: "https://api-staging.withbenji.com",
  production: "https://api.withbenji.com",
} as const;

/** The request headers that authenticate the partner's server. Both values are secrets of the server. */
export const CREDENTIAL = {
  /** The value is the partner API key. */
  apiKeyHeader: "x-api-key",
  /** The value is `Bearer <partner access token>`, to request an SDK token. */
  bearerHeader: "authorization",
} as const;

/** `POST /auth/connect`, from the partner's server. Source: "Create connect token". */
export const CONNECT_TOKEN = { path: "/auth/connect" } as const;

/** `POST /verify/token/create`, for the older kind of token. Source: "Create SDK token". */
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

/** The fields of Benji's response envelope and of the token inside it. */
export const TOKEN_ANSWER = {
  code: "code",
  codeOk: "ok",
  /** Some of Benji's documents put the error code here, and not into `code`. */
  error: "error",
  data: "data",
  token: "token",
  /** May be empty if Hosted Connect is not enabled for the account. */
  connectUrl: "connect_url",
} as const;

/** Benji serves Hosted Connect on this domain, on its subdomains, or on a custom domain of the partner. */
export const BENJI_DOMAIN = "withbenji.com";

/**
 * The fields of a request for a connect token or an SDK token.
 *
 * Source: Benji's documents "Create connect token" and "Create SDK token".
 */
export const TOKEN_REQUEST = {
  /** Documented as a string, but a number in the examples: the library accepts both. */
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
  /** A number. Only the documentation's sample contains this field. */
  id: "id",
  /** `null` in the documentation's sample. */
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
 * Source: Benji's documentation, api-reference/endpoint/transactions/get (the older field:
 * transactions/create).
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
  /** The name of the status field until 2026-02. Its numbers have the meanings in `olderStatuses`. */
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
   * HMAC-SHA256 over the text of the timestamp followed by the raw body, keyed with the subscription's
   * salt. Until 2026-01-16: over the body alone. The documentation does not state the signature's encoding.
   */
  signatureHeader: "x-benji-signature",
  /** "A datetime in GMT format"; the signature covers its text. */
  timestampHeader: "x-benji-timestamp",
  /** The date header of older webhooks; the signature does not cover it. */
  olderDateHeader: "x-webhook-datetime",
  event: "event",
  /** An integer, named `entity` in the documentation's sample and `entity_type` in its table of fields. */
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
  /** Event names in older pages, samples and Pilot, each with its present name. */
  olderEvents: {
    user_partner_connected: "user_partner_authentication_created",
    reward_transaction_updated: "transaction_status_updated",
    reward_transaction_update: "transaction_status_updated",
  },
} as const;
