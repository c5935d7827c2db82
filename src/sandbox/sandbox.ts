import { answerCreateToken } from "./api.js";
import { answerHostedConnect } from "./hostedPage.js";
import { notFoundPage } from "./pages.js";
import { resolveRedirectUrl } from "./redirectBack.js";
import { isScenario } from "./scenarios.js";
import type { SandboxScenario } from "./scenarios.js";
import { createTokenStore } from "./tokens.js";

/** How the sandbox is set up. Everything has a default. */
export interface SandboxOptions {
  /**
   * What Pilot calls Redirect URL: absolute (http or https) or relative. Without it the member is
   * not sent back, as documented.
   */
  readonly redirectUrl?: string;
  /**
   * The origin a relative `redirectUrl` belongs to. The documents do not say what relative is
   * relative to; without this the browser resolves it against the hosted page.
   */
  readonly shopOrigin?: string;
  /** The partner API keys that may create tokens. Default: `["sandbox-api-key"]`. */
  readonly apiKeys?: readonly string[];
  /** Names for partnership ids, for flows that bring no `display_name`. Any id works. */
  readonly partnerships?: Readonly<Record<string, string>>;
  /** The sandbox's public origin, for `connect_url`. Default: the origin of each request. */
  readonly baseUrl?: string;
  /** `false` answers with an empty `connect_url`, as for an account without Hosted Connect. */
  readonly hostedConnectEnabled?: boolean;
  /** The clock, in milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
  /** How long a connect token works. Default: 15 minutes (no document gives a number). */
  readonly tokenLifetimeMs?: number;
}

/** One line of the sandbox's log. It holds no query, key, token, state or body. */
export interface SandboxRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** Benji in a box. */
export interface Sandbox {
  /** Answers one request. Needs nothing from `this`, so it can be passed on alone. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** What came in, oldest first: the last 200 requests. */
  readonly requests: readonly SandboxRequest[];
  /** Changes the Redirect URL, as saving it in Pilot would; `undefined` removes it. */
  readonly setRedirectUrl: (url: string | undefined) => void;
  /**
   * Preselects the scenario for the next flow. It is forgotten once a flow has finished.
   * A choice in the page's drawer wins. Set it before the page is opened.
   */
  readonly setNextScenario: (name: SandboxScenario) => void;
}

const FIFTEEN_MINUTES_MS = 15 * 60 * 1_000;
const LOG_LENGTH = 200;

/**
 * Rebuilds Benji's token endpoint and Hosted Connect from the documents, as a plain
 * `Request -> Response` function, for demos and tests.
 *
 * @throws TypeError when `redirectUrl` has a scheme other than http and https.
 *
 * @example
 * ```ts
 * import { createSandbox } from "react-benji-connect/sandbox";
 *
 * const sandbox = createSandbox({ redirectUrl: "https://shop.example/rewards?tab=benji" });
 * const response = await sandbox.fetch(
 *   new Request("http://localhost:4010/auth/connect", {
 *     method: "POST",
 *     headers: { "Content-Type": "application/json", "x-api-key": "sandbox-api-key" },
 *     body: JSON.stringify({ partnership_id: 49, mode: 1 }),
 *   }),
 * );
 * const { data } = await response.json(); // { token, connect_url }
 * ```
 */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const { apiKeys = ["sandbox-api-key"], partnerships = {}, now = Date.now } = options;
  const tokens = createTokenStore(now, options.tokenLifetimeMs ?? FIFTEEN_MINUTES_MS);
  const log: SandboxRequest[] = [];
  let redirectUrl: string | undefined;
  let nextScenario: SandboxScenario = "success";

  const setRedirectUrl = (url: string | undefined) => {
    redirectUrl = url === undefined ? undefined : resolveRedirectUrl(url, options.shopOrigin);
  };
  const setNextScenario = (name: SandboxScenario) => {
    if (!isScenario(name)) throw new TypeError(`There is no scenario named "${String(name)}".`);
    nextScenario = name;
  };
  setRedirectUrl(options.redirectUrl);

  const api = { apiKeys, tokens, connectUrlFor: createConnectUrls(options) };
  const hosted = {
    tokens,
    redirectUrl: () => redirectUrl,
    nameOf: (id: string) =>
      (Object.hasOwn(partnerships, id) && partnerships[id]) || `Partner ${id}`,
    nextScenario: () => nextScenario,
    forgetNextScenario: () => setNextScenario("success"),
  };

  const answer = (request: Request, path: string): Response | Promise<Response> => {
    if (path === "/auth/connect") return answerCreateToken(request, api);
    const place = readPlace(path);
    return place ? answerHostedConnect(request, place.partnershipId, hosted) : notFoundPage();
  };

  return {
    async fetch(request) {
      const path = new URL(request.url).pathname;
      const response = await answer(request, path);
      log.push({ method: request.method, path, status: response.status });
      if (log.length > LOG_LENGTH) log.shift();
      return response;
    },
    get requests() {
      return [...log];
    },
    setRedirectUrl,
    setNextScenario,
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
