import {
  CONNECT_TOKEN,
  EXCHANGE,
  PARTNERSHIP,
  SDK_TOKEN,
  TOKEN_ANSWER,
  TRANSACTION,
  USER,
} from "../../contract.js";
import { buildHostedConnectUrl } from "../../core/out/buildHostedConnectUrl.js";
import { invalidRequest } from "./apiError.js";
import { type BenjiData, malformed, requiredText } from "./benjiAnswer.js";
import { parseBaseUrl } from "./baseUrl.js";
import {
  type BenjiApiOptions,
  callBenji,
  parseApiOptions,
  parseSecret,
  withApiKey,
  withBearer,
} from "./callBenji.js";
import {
  type BenjiPartnership,
  type BenjiTransaction,
  type BenjiUser,
  pathOf,
  readPartnership,
  readTransaction,
  readUser,
} from "./readEntities.js";
import { type ExchangedToken, readExchangedToken } from "./exchangedToken.js";
import { ownField } from "../jsonObject.js";
import { got, ownOptions } from "../options.js";
import {
  buildConnectTokenBody,
  buildExchangeBody,
  buildSdkTokenBody,
  type ConnectTokenInput,
  type SdkTokenInput,
} from "./tokenInput.js";

/** Options of {@link createBenjiClient}. */
export interface BenjiClientOptions extends BenjiApiOptions {
  /** The partner access token, for `createSdkToken`. A server secret. */
  accessToken?: string | undefined;
  /** The base URL for `exchangeToken`: ask Benji, no document names it. */
  authBaseUrl?: string | undefined;
}

/** A fresh connect token and the page it opens. */
export interface ConnectToken {
  /** A bearer secret: send it to this one member's browser, and store it nowhere. */
  token: string;
  /** Base URL of Hosted Connect; `""` where it is not enabled for the account. */
  connectUrl: string;
}

export interface CallOptions {
  signal?: AbortSignal | undefined;
}

/** Options of {@link BenjiClient.createConnectUrl}. */
export interface ConnectUrlOptions extends CallOptions {
  /** Benji returns it unchanged. `useBenjiRedirectResult` accepts only its own browser's states. */
  state?: string | undefined;
  /** The page to use where Benji's `connect_url` is empty. Its host is trusted. */
  hostedConnectUrl?: string | undefined;
  /** Your custom Hosted Connect domains, each as `URL.host` writes it. */
  trustedHosts?: readonly string[] | undefined;
}

/** Benji's API for the partner's server. Every method rejects with a `BenjiApiError`. */
export interface BenjiClient {
  /** Creates a token for one member's browser: `POST /auth/connect` with the API key. */
  createConnectToken: (input: ConnectTokenInput, options?: CallOptions) => Promise<ConnectToken>;
  /**
   * Creates a token and returns the address that contains it, for links in e-mails and redirects by the
   * server. The address is a bearer secret that expires soon: create it when the member follows the
   * link, not when the e-mail is sent.
   *
   * Rejects with a `BenjiConnectError` as well: `connect_url_missing`, `connect_url_untrusted`,
   * `url_too_long`.
   */
  createConnectUrl: (input: ConnectTokenInput, options?: ConnectUrlOptions) => Promise<string>;
  /** Creates a token for the older SDK: `POST /verify/token/create` with the partner access token. */
  createSdkToken: (input: SdkTokenInput, options?: CallOptions) => Promise<{ token: string }>;
  /** Exchanges an exchange token for access tokens: `POST {authBaseUrl}/access/token/exchange`. */
  exchangeToken: (exchangeToken: string, options?: CallOptions) => Promise<ExchangedToken>;
  /**
   * Returns what Benji knows about a member: `GET /users/{uuid}` with the API key. The answer holds
   * personal data (names, e-mail, phone): keep it out of logs.
   *
   * Takes the UUID of a return (`benjiUserUuid`) or of a webhook about a user. A numeric id is
   * `invalid_request`, because no document says that Benji takes one here. An unknown id is
   * `not_found`.
   */
  getUser: (uuid: string, options?: CallOptions) => Promise<BenjiUser>;
  /**
   * Returns the current state of a transfer or redemption: `GET /transactions/{uuid}` with the API key.
   * Takes the UUID of a webhook about a transaction, not the trigger event of a return. An unknown id
   * is `not_found`.
   */
  getTransaction: (uuid: string, options?: CallOptions) => Promise<BenjiTransaction>;
  /**
   * Returns the merchant and the partner of a partnership: `GET /partnerships/{uuid}` with the API key.
   * An unknown id is `not_found`.
   */
  getPartnership: (uuid: string, options?: CallOptions) => Promise<BenjiPartnership>;
}

/**
 * Creates a typed client of Benji's API. It checks inputs before a call and answers after it, and never
 * retries, because a second call would create a second token.
 *
 * @throws BenjiApiError `invalid_request` for options that cannot work, or in a browser (a `document`
 * exists)
 * @see docs/contract.md, "Tokens" and "Afterwards"
 * @example
 * ```ts
 * import { BENJI_STAGING_URL, createBenjiClient } from "react-benji-connect/server";
 *
 * const benji = createBenjiClient({
 *   apiKey: process.env["BENJI_API_KEY"] ?? "",
 *   baseUrl: process.env["BENJI_API_URL"] ?? BENJI_STAGING_URL,
 * });
 *
 * const { token, connectUrl } = await benji.createConnectToken({
 *   partnershipId: 49,
 *   mode: "transfer",
 *   userExternalId: "user-1234",
 * });
 * ```
 */
export function createBenjiClient(given: BenjiClientOptions): BenjiClient {
  const options = ownOptions(given);
  const api = parseApiOptions(options);
  const { baseUrl } = api;
  const apiKey = withApiKey(api.apiKey);
  const bearer = () => withBearer(parseSecret(options.accessToken, "accessToken"));
  const authUrl = () => parseBaseUrl(options.authBaseUrl ?? "", "authBaseUrl", api.allowsLocal);
  // One method needs each. They may be left out or empty, but a wrong one is refused here.
  if (isGiven(options.accessToken)) bearer();
  if (isGiven(options.authBaseUrl)) authUrl();

  const createConnectToken: BenjiClient["createConnectToken"] = async (input, { signal } = {}) => {
    const body = buildConnectTokenBody(input);
    const { path } = CONNECT_TOKEN;
    return readConnectToken(
      await callBenji(api, { baseUrl, path, credential: apiKey, body, signal }),
    );
  };

  const get = (path: string, { signal }: CallOptions) =>
    callBenji(api, { baseUrl, path, credential: apiKey, signal });

  return {
    createConnectToken,
    createConnectUrl: async (input, how = {}) => {
      const { signal, state, hostedConnectUrl, trustedHosts } = ownOptions(how);
      if (trustedHosts !== undefined && !Array.isArray(trustedHosts)) {
        throw invalidRequest(`Expected trustedHosts as a list of hosts; ${got(trustedHosts)}.`);
      }
      const { token, connectUrl } = await createConnectToken(input, signal && { signal });
      const params = { connectToken: token, state };
      // A base URL on loopback is this package's sandbox. It also serves the hosted page, and `pageUrl`
      // makes that page trusted.
      const trusted = { hostedConnectUrl, trustedHosts, pageUrl: baseUrl.href };
      return buildHostedConnectUrl(connectUrl, params, trusted);
    },
    createSdkToken: async (input, { signal } = {}) => {
      const credential = bearer();
      const body = buildSdkTokenBody(input);
      const { path } = SDK_TOKEN;
      const answer = await callBenji(api, { baseUrl, path, credential, body, signal });
      return { token: requiredText(answer.data, TOKEN_ANSWER.token, answer.details) };
    },
    exchangeToken: async (exchangeToken, { signal } = {}) => {
      const baseUrl = authUrl();
      const body = buildExchangeBody(exchangeToken);
      const { path } = EXCHANGE;
      const credential = { ...apiKey, secrets: [...apiKey.secrets, exchangeToken] };
      return readExchangedToken(await callBenji(api, { baseUrl, path, credential, body, signal }));
    },
    getUser: async (uuid, options = {}) =>
      readUser(await get(pathOf(USER.path, uuid), options), uuid),
    getTransaction: async (uuid, options = {}) =>
      readTransaction(await get(pathOf(TRANSACTION.path, uuid), options)),
    getPartnership: async (uuid, options = {}) =>
      readPartnership(await get(pathOf(PARTNERSHIP.path, uuid), options), uuid),
  };
}

const isGiven = (option: unknown) => option !== undefined && option !== "";

function readConnectToken({ data, details }: BenjiData): ConnectToken {
  const token = requiredText(data, TOKEN_ANSWER.token, details);
  // The document does not mark `connect_url` as required. An absent one and an empty one both mean "no
  // Hosted Connect URL".
  const connectUrl = ownField(data, TOKEN_ANSWER.connectUrl) ?? "";
  if (typeof connectUrl !== "string") throw malformed("data.connect_url as text", details);
  return { token, connectUrl };
}
