// Creates the sandbox, and gives each request to its route by the path. Each route refuses a wrong
// method: `refuseMethod` (api/apiAnswers.ts) as JSON, `methodPage` (hosted/pages.ts) as a page.

import { answerCreateSdkToken, answerCreateToken } from "./api/createToken.js";
import type { Credentials } from "./api/readCall.js";
import { answerControl, isControlPath } from "./api/control.js";
import { answerEntity, readEntityPath } from "./api/answerEntity.js";
import { answerExchange } from "./api/exchange.js";
import { answerHostedConnect } from "./hosted/hostedPage.js";
import type { Ending, HostedContext } from "./hosted/hostedPage.js";
import { createEntities } from "./records/entityStore.js";
import type { Entities } from "./records/entityStore.js";
import type { UserName } from "./records/identity.js";
import { partnershipUuidOf } from "./records/identity.js";
import { notFoundPage } from "./hosted/pages.js";
import { resolveRedirectUrl } from "./hosted/redirectBack.js";
import type { SandboxScenario } from "./scenarios.js";
import { createScenarioChoice } from "./records/scenarioChoice.js";
import { createTokenStore } from "./records/tokens.js";
import type { TokenContents, TokenStore } from "./records/tokens.js";
import { createWebhooks } from "./webhooks/webhooks.js";
import type { SandboxEvent, Webhooks } from "./webhooks/webhooks.js";
import type { SandboxWebhook, SandboxWebhookOptions } from "./webhooks/outbox.js";

/** Options of {@link createSandbox}. Each has a default. */
export interface SandboxOptions extends SandboxWebhookOptions {
  /**
   * What Pilot, Benji's dashboard, calls Redirect URL: absolute (http or https) or relative. Without it
   * the member is not sent back, as documented.
   */
  readonly redirectUrl?: string | undefined;
  /**
   * The origin against which a relative `redirectUrl` is resolved. No document names one; without this
   * option the browser resolves it against the hosted page.
   */
  readonly shopOrigin?: string | undefined;
  /** The partner API keys that may create tokens. Default: `["sandbox-api-key"]`. */
  readonly apiKeys?: readonly string[] | undefined;
  /**
   * The partner access tokens (`Authorization: Bearer`) of the older endpoints.
   * Default: `["sandbox-access-token"]`.
   */
  readonly accessTokens?: readonly string[] | undefined;
  /**
   * Names of partnerships by id, for flows without a `display_name`. An id that is not listed works
   * too, and is called `Partner <id>`.
   */
  readonly partnerships?: Readonly<Record<string, string>> | undefined;
  /**
   * Custom domains: each host's partnership, such as `{ "rewards.shop.example": "49" }`. A key
   * without a port is valid for every port. A partnership in the path takes precedence.
   */
  readonly hosts?: Readonly<Record<string, string>> | undefined;
  /** The sandbox's public origin, for `connect_url`. Default: the origin of each request. */
  readonly baseUrl?: string | undefined;
  /** `false`: `connect_url` is empty, as for an account without Hosted Connect. */
  readonly hostedConnectEnabled?: boolean | undefined;
  /** The clock, in milliseconds. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** The lifetime of a connect token. Default: 15 minutes (no document gives a number). */
  readonly tokenLifetimeMs?: number | undefined;
  /** The scenario of every flow for which no other one was set. Default: `"success"`. */
  readonly scenario?: SandboxScenario | undefined;
}

/** One line of the sandbox's log. It holds no query, key, token, state or body. */
export interface SandboxRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** The user of an exchange token. */
export interface SandboxExchange {
  /** The partner's own id of the user. Without it the user is a new one. */
  readonly userExternalId?: string | undefined;
  /** With both ids, the user is the same as in a flow with these ids. */
  readonly partnershipId?: string | number | undefined;
}

/** A local stand-in for Benji, with controls for tests. */
export interface Sandbox {
  /**
   * Answers one request: a `Request`, or what the platform's `fetch` takes. It can be passed on
   * directly, such as to `createConnectTokenHandler({ fetch })`.
   */
  readonly fetch: (input: Request | URL | string, init?: RequestInit) => Promise<Response>;
  /** The last 200 requests, oldest first. */
  readonly requests: readonly SandboxRequest[];
  /** The last 200 webhooks, oldest first. */
  readonly webhooks: readonly SandboxWebhook[];
  /** Resolves when all flows' webhooks were delivered or given up. */
  readonly webhooksSettled: () => Promise<void>;
  /**
   * Sends one webhook, without a retry, about the newest user or transaction. Where there is none yet,
   * the sandbox creates one in partnership 49. A campaign gets a new id, which no `GET` knows.
   *
   * Rejects with a TypeError when `webhookUrl` is not set or no document names the event.
   */
  readonly triggerWebhook: (event: SandboxEvent) => Promise<SandboxWebhook>;
  /**
   * Sends an earlier webhook again, without a retry: the same body with a new date and signature.
   * `number` is the webhook's `number` in `webhooks`.
   *
   * Rejects with a TypeError when none of the last 200 has that number.
   */
  readonly resendWebhook: (number: number) => Promise<SandboxWebhook>;
  /** Returns the UUID of a `partnership_id` for `GET /partnerships/{uuid}`; it never changes. */
  readonly partnershipUuid: (partnershipId: string | number) => Promise<string>;
  /** Changes the Redirect URL, as saving it in Pilot would; `undefined` removes it. */
  readonly setRedirectUrl: (url: string | undefined) => void;
  /**
   * Preselects the scenario for the next flow, until one flow has finished. A choice on the hosted page
   * takes precedence. Set it before the page is opened.
   */
  readonly setNextScenario: (name: SandboxScenario) => void;
  /**
   * Pins a scenario to one connect token, for tests that run at the same time. It takes precedence over
   * `setNextScenario`, which then stays set for another flow.
   *
   * @throws TypeError when the sandbox does not know the token.
   */
  readonly setScenarioFor: (token: string, name: SandboxScenario) => void;
  /**
   * Creates what the modal SDK passes to its success callback: a token for
   * `POST /access/token/exchange` that can be used once, within 15 minutes. The documented redirect
   * carries none, so this is the only way to get one here.
   */
  readonly createExchangeToken: (user?: SandboxExchange) => string;
}

const FIFTEEN_MINUTES_MS = 15 * 60 * 1_000;
const LOG_LENGTH = 200;

/**
 * Creates a stand-in for Benji's token endpoints, Hosted Connect and webhooks, built from the
 * documents, as a plain `Request -> Response` function, for demos and tests.
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
  const scenarioChoice = createScenarioChoice(scenario);
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
      scenarioChoice,
      baseUrl: options.baseUrl,
      redirectUrl: redirect.get,
      nameOf: createNames(options),
      announce: webhooks.announce,
    },
  });

  return {
    async fetch(input, init) {
      // Some servers pass a second argument of their own with a `Request`; it is ignored.
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
      entities.addPartnership(String(partnershipId));
      return partnershipUuidOf(String(partnershipId));
    },
    setRedirectUrl: redirect.set,
    setNextScenario: scenarioChoice.setNext,
    setScenarioFor(token, name) {
      if (tokens.look(token).status === "unknown") {
        throw new TypeError("This sandbox does not know that connect token.");
      }
      scenarioChoice.setFor(token, name);
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
  const api = {
    ...credentials,
    tokens: hosted.tokens,
    connectUrlFor,
    addPartnership: entities.addPartnership,
  };
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

/** Partnerships that exist at the start: those in the options, and 49 of the examples. */
function partnershipsOf({ partnerships = {}, hosts = {} }: SandboxOptions): readonly string[] {
  return ["49", ...Object.keys(partnerships), ...Object.values(hosts)];
}

function createNames({ partnerships = {} }: SandboxOptions) {
  return (id: string | undefined): string => {
    if (id === undefined) return "our partner";
    return (Object.hasOwn(partnerships, id) && partnerships[id]) || `Partner ${id}`;
  };
}

/**
 * Finds the partnership of a custom domain. The host is read from `request.url`: Node's adapter and
 * hand-made Requests both put it there.
 */
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

/**
 * Reads a Hosted Connect path: `/` (the hostname names the partnership) or `/<partnershipId>`. Returns
 * `undefined` for any other path.
 */
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
