import { invalidRequest } from "../client/apiError.js";
import { parseHttpUrl } from "../client/baseUrl.js";

/** Which pages may call a route. */
export interface OriginOptions {
  /**
   * The origin browsers see, such as `https://shop.example`. Needed behind a proxy, where the
   * request's own URL says something else. Default: the origin of the request's URL.
   */
  publicOrigin?: string | undefined;
  /**
   * Other origins of yours whose pages may call, answered with credentialed CORS. Cookies reach
   * them only on the same site, such as a subdomain.
   */
  allowedOrigins?: readonly string[] | undefined;
}

/** The answers to every question about where a request comes from. */
export interface Origins {
  /** The route's own origin, as browsers see it. */
  ownOrigin: (request: Request) => string;
  isOwnPage: (request: Request) => boolean;
  /** `undefined` where no other origin may read the answer. */
  corsHeaders: (request: Request) => Record<string, string> | undefined;
}

/**
 * Checks the origins.
 *
 * @throws BenjiApiError `invalid_request`
 */
export function parseOrigins({ publicOrigin, allowedOrigins = [] }: OriginOptions): Origins {
  const named = publicOrigin === undefined ? undefined : parseOrigin(publicOrigin, "publicOrigin");
  const allowed = allowedOrigins.map((origin) => parseOrigin(origin, "allowedOrigins"));
  const originOf = (request: Request) => request.headers.get("origin") ?? "";
  const isAllowed = (request: Request) => allowed.includes(originOf(request));
  const ownOrigin = (request: Request) => named ?? new URL(request.url).origin;

  return {
    ownOrigin,
    // Every browser sends one of the two with a POST, and no page can forge them; a request with
    // neither is refused. `X-Forwarded-*` is not read: any client can write it.
    isOwnPage: (request) => {
      if (isAllowed(request)) return true;
      const site = request.headers.get("sec-fetch-site");
      return site === null ? originOf(request) === ownOrigin(request) : site === "same-origin";
    },
    corsHeaders: (request) =>
      isAllowed(request)
        ? {
            "access-control-allow-origin": originOf(request),
            "access-control-allow-credentials": "true",
            vary: "origin",
          }
        : undefined,
  };
}

function parseOrigin(origin: unknown, option: string): string {
  const url = parseHttpUrl(origin);
  if (url && url.href === `${url.origin}/`) return url.origin;
  throw invalidRequest(`Expected ${option} as an origin such as "https://shop.example".`);
}
