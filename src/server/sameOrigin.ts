import { invalidRequest } from "./apiError.js";
import { parseHttpUrl } from "./baseUrl.js";

/**
 * Whether a browser sent this request from the partner's own pages.
 *
 * Every browser sends one of the two headers with a POST, and no page can forge them; a request with
 * neither is refused. `X-Forwarded-*` is not read: any client can write it.
 *
 * @param publicOrigin The origin the browser sees. Default: the origin of the request's URL.
 */
export function isSameOrigin(request: Request, publicOrigin = new URL(request.url).origin) {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  return request.headers.get("origin") === publicOrigin;
}

/**
 * Reads the origin that browsers see, such as `https://shop.example`.
 *
 * @throws BenjiApiError `invalid_request`
 */
export function parsePublicOrigin(publicOrigin: string | undefined): string | undefined {
  if (publicOrigin === undefined) return undefined;
  const url = parseHttpUrl(publicOrigin);
  if (url && url.href === `${url.origin}/`) return url.origin;
  throw invalidRequest('Expected publicOrigin as an origin such as "https://shop.example".');
}
