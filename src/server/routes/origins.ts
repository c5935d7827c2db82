import { isLoopback } from "../../core/addresses/url.js";
import { invalidRequest } from "../client/apiError.js";
import { parseHttpUrl } from "../client/baseUrl.js";
import { HTTPS_ONLY, isLocalHttp, type LocalHttpOptions, parseLocalHttp } from "../localHttp.js";
import { got } from "../options.js";
import { type AppOptions, parseAppHeader } from "./appCallers.js";
import { Refusal } from "./refusal.js";

/** Which pages and apps may call a route. */
export interface OriginOptions extends LocalHttpOptions, AppOptions {
  /**
   * The origin browsers see, such as `https://shop.example`. Needed behind a proxy, where the request's
   * URL has another origin. Default: the origin of the request's URL.
   */
  publicOrigin?: string | undefined;
  /**
   * Other origins of yours whose pages may call, with credentialed CORS. `capacitor://localhost` and
   * the like are compared as text. A browser sends cookies only from the same site, such as a
   * subdomain.
   */
  allowedOrigins?: readonly string[] | undefined;
}

/** Who calls: a page, which keeps our cookie, or an app, which gets a `binding` as text instead. */
export type Caller = "page" | "app";

/** Functions that tell where a request comes from. */
export interface Origins {
  /** @throws Refusal `cross_site`, with an error for `onError` where the options look wrong */
  callerOf: (request: Request) => Caller;
  /** Whether the browser uses plain http, where it drops cookies with `Secure`. */
  isOnPlainHttp: (request: Request) => boolean;
  /** Returns `undefined` for an origin that may not read the answer. */
  corsHeaders: (request: Request) => Record<string, string> | undefined;
  /** Whether pages of other origins may call: then answers differ by origin. */
  hasOthers: boolean;
}

/** @throws BenjiApiError `invalid_request` */
export function parseOrigins(options: OriginOptions): Origins {
  const { publicOrigin, allowedOrigins = [] } = options;
  const allowsLocal = parseLocalHttp(options);
  const named = publicOrigin === undefined ? undefined : parsePublic(publicOrigin, allowsLocal);
  if (!Array.isArray(allowedOrigins)) {
    throw invalidRequest(`Expected allowedOrigins as a list of origins; ${got(allowedOrigins)}.`);
  }
  const isHttps = named?.startsWith("https:") === true;
  const allowed = allowedOrigins.map((origin) => parseAllowed(origin, isHttps, allowsLocal));
  const appHeader = parseAppHeader(options);
  const isAllowed = (origin: string | null) => origin !== null && allowed.includes(origin);
  const isNamedPlain = named !== undefined && isLocalHttp(new URL(named), allowsLocal);
  const isLocal = (origin: string) => isLocalHttp(new URL(origin), allowsLocal);

  const isApp = ({ headers }: Request, origin: string | null, site: string | null) => {
    if (appHeader === undefined || !headers.get(appHeader)) return false;
    if (origin === null) return site === null;
    // Browsers send the route's cookies neither from an app's own scheme, such as capacitor://, nor
    // from another site. They send them from a subdomain, so that is a page, not an app.
    return isAllowed(origin) && (site === "cross-site" || parseHttpUrl(origin) === undefined);
  };

  /** Refuses pages of other origins. `X-Forwarded-*` is not read: any client can write it. */
  const judgePage = (request: Request, origin: string | null, site: string | null) => {
    // Every browser sends `Origin` or `Sec-Fetch-Site` with a POST, and no page can forge them.
    if (site !== null && site !== "same-origin") throw new Refusal("cross_site");
    if (site !== null && origin === null) return;
    const own = named ?? new URL(request.url).origin;
    if (origin === null || (site === null && origin !== own)) throw new Refusal("cross_site");
    if (named === undefined && parseHttpUrl(origin)?.origin === origin) {
      if (isLocal(origin) && isLocal(own)) return;
      if (origin.startsWith("http:"))
        throw mistaken(`Expected https; ${origin} came. ${HTTPS_ONLY}.`);
      // Accepts the page: a proxy terminates TLS and keeps Host.
      if (origin === own.replace(/^http:/, "https:")) return;
    }
    if (origin !== own) throw mistaken(foreignOrigin(origin, own, named !== undefined));
  };

  /**
   * Refuses an https page of another machine where this route's URL is local: a proxy has rewritten
   * Host, and `publicOrigin` is missing.
   */
  const judgeAllowedPage = ({ url }: Request, origin: string | null) => {
    const page = named === undefined ? parseHttpUrl(origin) : undefined;
    if (page?.protocol !== "https:" || isLoopback(page) || !isLocal(url)) return;
    throw mistaken(foreignOrigin(page.origin, new URL(url).origin, false));
  };

  return {
    callerOf: (request) => {
      const origin = request.headers.get("origin");
      const site = request.headers.get("sec-fetch-site");
      if (isApp(request, origin, site)) return "app";
      if (isAllowed(origin)) judgeAllowedPage(request, origin);
      else judgePage(request, origin, site);
      return "page";
    },
    isOnPlainHttp: ({ url }) => (named === undefined ? isLocal(url) : isNamedPlain),
    corsHeaders: ({ headers }) => {
      const origin = headers.get("origin");
      if (origin === null || !isAllowed(origin)) return undefined;
      return {
        "access-control-allow-origin": origin,
        "access-control-allow-credentials": "true",
        "access-control-expose-headers": "retry-after",
      };
    },
    hasOthers: allowed.length > 0,
  };
}

/**
 * A refusal with an error for `onError`: no page can send such a request, so the options may be wrong.
 */
const mistaken = (message: string) => new Refusal("cross_site", { error: new TypeError(message) });

const foreignOrigin = (origin: string, own: string, isNamed: boolean) => {
  const came = parseHttpUrl(origin)?.origin ?? "another origin";
  return isNamed
    ? `Expected the Origin ${own}, as publicOrigin says; ${came} came with Sec-Fetch-Site: same-origin. ` +
        "Is publicOrigin what browsers see?"
    : `Expected publicOrigin: the browser is on ${came}, and this request's URL says ${own}. ` +
        "A proxy that rewrites Host hides the origin that browsers see.";
};

function parsePublic(origin: unknown, allowsLocal: boolean): string {
  const url = parseOrigin(origin, "publicOrigin");
  if (url.protocol === "https:" || isLocalHttp(url, allowsLocal)) return url.origin;
  throw invalidRequest(`Expected publicOrigin with https: ${HTTPS_ONLY}.`);
}

/**
 * An origin with a scheme other than http and https, as a browser writes it in `Origin`. Schemes
 * without an origin of their own, such as `file:`, are excluded.
 */
const OTHER_SCHEME =
  /^(?!(?:https?|file|data|blob|about|javascript):)[a-z][a-z\d+.-]*:\/\/[\w.~-]+(?::\d+)?$/i;

function parseAllowed(origin: unknown, isHttpsRoute: boolean, allowsLocal: boolean): string {
  if (typeof origin === "string" && OTHER_SCHEME.test(origin)) return origin;
  const url = parseOrigin(origin, "allowedOrigins");
  if (url.protocol === "https:") return url.origin;
  // Anybody on the network can serve a page from an http origin, and that page could call an https
  // route.
  if (isLocalHttp(url, allowsLocal) && (allowsLocal || !isHttpsRoute)) return url.origin;
  throw invalidRequest(`Expected allowedOrigins with https: ${HTTPS_ONLY}.`);
}

function parseOrigin(origin: unknown, option: string): URL {
  const url = parseHttpUrl(origin);
  const isOrigin = url !== undefined && url.href === `${url.origin}/`;
  if (isOrigin && !url.hostname.includes("*")) return url;
  throw invalidRequest(
    `Expected ${option} as origins such as "https://shop.example", each by its name and without ` +
      `wildcards; ${got(origin)}.`,
  );
}
