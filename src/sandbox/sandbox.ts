import { answerCreateSdkToken, answerCreateToken } from "./api/createToken.js";
import type { Credentials } from "./api/apiAnswers.js";
import { answerControl, isControlPath } from "./api/control.js";
import { answerEntity, readEntityPath } from "./api/entities.js";
import { answerExchange } from "./api/exchange.js";
import { answerHostedConnect } from "./hosted/hostedPage.js";
import type { Ending, HostedContext } from "./hosted/hostedPage.js";
import { createEntities } from "./records/entities.js";
import type { Entities } from "./records/entities.js";
import type { UserName } from "./records/identity.js";
import { partnershipUuidOf } from "./records/identity.js";
import { notFoundPage } from "./hosted/pages.js";
import { resolveRedirectUrl } from "./hosted/redirectBack.js";
import type { SandboxScenario } from "./scenarios.js";
import { createScript } from "./records/script.js";
import { createTokenStore } from "./records/tokens.js";
import type { TokenContents, TokenStore } from "./records/tokens.js";
import { createWebhooks } from "./webhooks/webhooks.js";
import type { SandboxEvent, Webhooks } from "./webhooks/webhooks.js";
import type { SandboxWebhook, SandboxWebhookOptions } from "./webhooks/outbox.js";

/** How the sandbox is set up. Everything has a default. */
export interface SandboxOptions extends SandboxWebhookOptions {
  /**
   * What Pilot calls Redirect URL: absolute (http or https) or relative. Without it the member is
   * not sent back, as documented.
   */
  readonly redirectUrl?: string | undefined;
  /**
   * The origin a relative `redirectUrl` belongs to. The documents do not say what relative is
   * relative to; without this the browser resolves it against the hosted page.
   */
  readonly shopOrigin?: string | undefined;
  /** The partner API keys that may create tokens. Default: `["sandbox-api-key"]`. */
  readonly apiKeys?: readonly string[] | undefined;
  /**
   * The partner access tokens (`Authorization: Bearer`) of the older endpoints.
   * Default: `["sandbox-access-token"]`.
   */
  readonly accessTokens?: readonly string[] | undefined;
  /** Names for partnership ids, for flows that bring no `display_name`. Any id works. */
  readonly partnerships?: Readonly<Record<string, string>> | undefined;
  /**
   * Custom domains: which partnership a host shows, as `{ "rewards.shop.example": "49" }`. A key
   * counts for every port unless it names one. A partnership in the path wins over the host's.
   */
  readonly hosts?: Readonly<Record<string, string>> | undefined;
  /** The sandbox's public origin, for `connect_url`. Default: the origin of each request. */
  readonly baseUrl?: string | undefined;
  /** `false` answers with an empty `connect_url`, as for an account without Hosted Connect. */
  readonly hostedConnectEnabled?: boolean | undefined;
  /** The clock, in milliseconds. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** How long a connect token works. Default: 15 minutes (no document gives a number). */
  readonly tokenLifetimeMs?: number | undefined;
  /** What every flow plays for which no other scenario was set. Default: `"success"`. */
  readonly scenario?: SandboxScenario | undefined;
}

/** One line of the sandbox's log. It holds no query, key, token, state or body. */
export interface SandboxRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** Whom an exchange token stands for. */
export interface SandboxExchange {
  /** The partner's own id of the user. Without it the user is a new one. */
  readonly userExternalId?: string | undefined;
  /** With it the `user_id` is the one that a flow of this partnership returns for the same user. */
  readonly partnershipId?: string | number | undefined;
}

/** Benji in a box. */
export interface Sandbox {
  /**
   * Answers one request: a `Request`, or what the platform's `fetch` takes. Can be handed over as it
   * is, such as to `createConnectTokenHandler({ fetch })`.
   */
  readonly fetch: (input: Request | URL | string, init?: RequestInit) => Promise<Response>;
  /** What came in, oldest first: the last 200 requests. */
  readonly requests: readonly SandboxRequest[];
  /** What went out, oldest first: the last 200 webhooks. */
  readonly webhooks: readonly SandboxWebhook[];
  /** Resolves when every webhook was delivered or given up. */
  readonly webhooksSettled: () => Promise<void>;
  /**
   * Sends one webhook, in one try, about the newest user or transaction. Where there is none yet, one
   * comes to life in partnership 49. Campaigns get a new id, which no `GET` takes.
   *
   * Rejects with a TypeError when `webhookUrl` is not set or no document names the event.
   */
  readonly triggerWebhook: (event: SandboxEvent) => Promise<SandboxWebhook>;
  /**
   * Sends an earlier webhook again, in one try: the same body, dated and signed anew. `number` is
   * that of its line in `webhooks`.
   *
   * Rejects with a TypeError when there is none of that number among the last 200.
   */
  readonly resendWebhook: (number: number) => Promise<SandboxWebhook>;
  /** The UUID that `GET /partnerships/{uuid}` takes for a `partnership_id`; always the same one. */
  readonly partnershipUuid: (partnershipId: string | number) => Promise<string>;
  /** Changes the Redirect URL, as saving it in Pilot would; `undefined` removes it. */
  readonly setRedirectUrl: (url: string | undefined) => void;
  /**
   * Preselects the scenario for the next flow. It is forgotten once a flow has finished.
   * A choice in the page's drawer wins. Set it before the page is opened.
   */
  readonly setNextScenario: (name: SandboxScenario) => void;
  /**
   * Pins a scenario to one connect token, for tests that run side by side. It wins over
   * `setNextScenario` and leaves it to another flow.
   *
   * @throws TypeError when the sandbox does not know the token.
   */
  readonly setScenarioFor: (token: string, name: SandboxScenario) => void;
  /**
   * Makes what the modal SDK hands to its success callback: a token for
   * `POST /access/token/exchange`, good once and for 15 minutes. The documented redirect carries
   * none, so this is the only way to get one here.
   */
  readonly createExchangeToken: (user?: SandboxExchange) => string;
}

const FIFTEEN_MINUTES_MS = 15 * 60 * 1_000;
const LOG_LENGTH = 200;

/**
 * Rebuilds Benji's token endpoints, Hosted Connect and webhooks from the documents, as a plain
 * `Request -> Response` function, for demos and tests.
 *
 * @throws TypeError when `redirectUrl` has a scheme other than http and https, `webhookUrl` is not
 * an absolute http or https URL, `webhookSalt` is empty, or `scenario` does not exist.
 *
 * @example
 * ```ts
 * import { createSandbox } from "react-benji-connect/sandbox";
 *
 * const sandbox = createSandbox({ redirectUrl: "https://shop.example/rewards?tab=benji" });
 * const response = await sandbox.fetch("http://localhost:4010/auth/connect", {
 *   method: "POST",
 *   headers: { "content-type": "application/json", "x-api-key": "sandbox-api-key" },
 *   body: JSON.stringify({ partnership_id: 49, mode: 1 }),
 * });
 * const { data } = await response.json(); // { token, connect_url }
 * ```
 */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const { now = Date.now, scenario = "success" } = options;
  const lifetimeMs = options.tokenLifetimeMs ?? FIFTEEN_MINUTES_MS;
  const tokens = createTokenStore<TokenContents>(now, lifetimeMs);
  const exchangeTokens = createTokenStore<UserName>(now, FIFTEEN_MINUTES_MS);
  const script = createScript(scenario);
  const entities = createEntities(partnershipsOf(options));
  const webhooks = createWebhooks(options, entities, now);
  const redirect = createRedirectSetting(options);
  const log: SandboxRequest[] = [];

  const answer = createRouter(options, {
    credentials: {
      apiKeys: options.apiKeys ?? ["sandbox-api-key"],
      accessTokens: options.accessTokens ?? ["sandbox-access-token"],
    },
    exchangeTokens,
    entities,
    webhooks,
    now,
    hosted: {
      tokens,
      endings: new Map<string, Promise<Ending>>(),
      script,
      baseUrl: options.baseUrl,
      redirectUrl: redirect.get,
      nameOf: createNames(options),
      announce: webhooks.announce,
    },
  });

  return {
    async fetch(input, init) {
      // Some servers hand over something else beside a request.
      const request = input instanceof Request ? input : new Request(input, init);
      const path = new URL(request.url).pathname;
      const response = await answer(request, path);
      log.push({ method: request.method, path, status: response.status });
      if (log.length > LOG_LENGTH) log.shift();
      return response;
    },
    get requests() {
      return [...log];
    },
    get webhooks() {
      return webhooks.log;
    },
    webhooksSettled: webhooks.settled,
    triggerWebhook: webhooks.trigger,
    resendWebhook: webhooks.resend,
    partnershipUuid(partnershipId) {
      entities.meet(String(partnershipId));
      return partnershipUuidOf(String(partnershipId));
    },
    setRedirectUrl: redirect.set,
    setNextScenario: script.setNext,
    setScenarioFor(token, name) {
      if (tokens.look(token).status === "unknown") {
        throw new TypeError("This sandbox does not know that connect token.");
      }
      script.setFor(token, name);
    },
    createExchangeToken({ userExternalId, partnershipId } = {}) {
      const id = partnershipId === undefined ? undefined : String(partnershipId);
      return exchangeTokens.create({ userExternalId, partnershipId: id });
    },
  };
}

interface Context {
  readonly credentials: Credentials;
  readonly exchangeTokens: TokenStore<UserName>;
  readonly entities: Entities;
  readonly webhooks: Webhooks;
  readonly hosted: HostedContext;
  readonly now: () => number;
}

type Answer = (request: Request, path: string) => Response | Promise<Response>;

function createRouter(options: SandboxOptions, context: Context): Answer {
  const { credentials, exchangeTokens, entities, webhooks, hosted, now } = context;
  const connectUrlFor = createConnectUrls(options);
  const api = { ...credentials, tokens: hosted.tokens, connectUrlFor, meet: entities.meet };
  const exchange = { ...credentials, exchangeTokens, now };
  const partnershipAt = createHosts(options);
  const control = { ...credentials, webhooks };
  const lookUp = { ...credentials, entities, nameOf: hosted.nameOf };

  return (request, path) => {
    if (path === "/auth/connect") return answerCreateToken(request, api);
    if (path === "/verify/token/create") return answerCreateSdkToken(request, api);
    if (path === "/access/token/exchange") return answerExchange(request, exchange);
    if (isControlPath(path)) return answerControl(request, path, control);
    const entityPath = readEntityPath(path);
    if (entityPath) return answerEntity(request, entityPath, lookUp);
    const place = readPlace(path);
    if (!place) return notFoundPage();
    return answerHostedConnect(request, place.partnershipId ?? partnershipAt(request), hosted);
  };
}

function createRedirectSetting({ redirectUrl, shopOrigin }: SandboxOptions) {
  let current: string | undefined;
  const set = (url: string | undefined) => {
    current = url === undefined ? undefined : resolveRedirectUrl(url, shopOrigin);
  };
  set(redirectUrl);
  return { set, get: () => current };
}

/** Those that the options name exist from the start, and so does the one of the examples. */
function partnershipsOf({ partnerships = {}, hosts = {} }: SandboxOptions): readonly string[] {
  return ["49", ...Object.keys(partnerships), ...Object.values(hosts)];
}

function createNames({ partnerships = {} }: SandboxOptions) {
  return (id: string | undefined): string => {
    if (id === undefined) return "our partner";
    return (Object.hasOwn(partnerships, id) && partnerships[id]) || `Partner ${id}`;
  };
}

/** Node's server puts the Host header into the address, and so does whoever makes a Request. */
function createHosts({ hosts = {} }: SandboxOptions) {
  const known = new Map(Object.entries(hosts).map(([host, id]) => [host.toLowerCase(), id]));
  return ({ url }: Request): string | undefined => {
    const { host, hostname } = new URL(url);
    return known.get(host) ?? known.get(hostname);
  };
}

function createConnectUrls({ baseUrl, hostedConnectEnabled = true }: SandboxOptions) {
  return (partnershipId: string, request: Request): string => {
    if (!hostedConnectEnabled) return "";
    const base = baseUrl?.replace(/\/+$/, "") ?? new URL(request.url).origin;
    return `${base}/${encodeURIComponent(partnershipId)}`;
  };
}

/** `/` is Hosted Connect by hostname, `/<partnershipId>` by path; anything deeper is no place. */
function readPlace(path: string): { readonly partnershipId: string | undefined } | undefined {
  if (path === "/") return { partnershipId: undefined };
  const segment = /^\/([^/]+)\/?$/.exec(path)?.[1];
  if (segment === undefined || segment === "favicon.ico") return undefined;
  try {
    return { partnershipId: decodeURIComponent(segment) };
  } catch {
    return undefined;
  }
}
