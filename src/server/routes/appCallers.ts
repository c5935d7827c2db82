import { invalidRequest } from "../client/apiError.js";
import { got } from "../options.js";

/** The option for native apps, which call without a page. `isApp` in origins.ts judges a request by it. */
export interface AppOptions {
  /**
   * The header by which your native app authenticates, such as `"authorization"`. Without this option,
   * only pages may call.
   *
   * A request with this header counts as an app's in two cases: it has neither `Origin` nor
   * `Sec-Fetch-Site`, or it comes from an allowed origin on another site. `getUser` then gets the request
   * without its cookies, and no `host`: a cookie can never authenticate an app. The token route's
   * answer has a `binding` instead of a cookie; the app sends it back in the confirm route's body. Set
   * the option on both routes.
   */
  appHeader?: string | undefined;
}

/** Headers that a browser sends by itself, or that a page may send without a CORS preflight. */
const SENT_BY_BROWSERS =
  /^(?:accept|connection|content|cookie|host|origin|proxy|range|referer|sec|te$|user-agent|via)/;

/** @throws BenjiApiError `invalid_request` */
export function parseAppHeader({ appHeader }: AppOptions): string | undefined {
  if (appHeader === undefined) return undefined;
  const name = typeof appHeader === "string" ? appHeader.toLowerCase() : "";
  if (/^[a-z\d][\w.-]*$/.test(name) && !SENT_BY_BROWSERS.test(name)) return name;
  throw invalidRequest(
    'Expected appHeader as the name of a header that no browser sends by itself, such as "authorization"; ' +
      `${got(appHeader)}.`,
  );
}

/**
 * Copies a request without its cookies, so that no cookie can authenticate an app, and without its
 * body, which has been read.
 */
export function withoutCookies({ url, method, headers, signal }: Request): Request {
  const own = new Headers(headers);
  own.delete("cookie");
  return new Request(url, { method, headers: own, signal });
}
