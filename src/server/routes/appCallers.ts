import { invalidRequest } from "../client/apiError.js";
import { got } from "../options.js";

/** Callers that are no page of a browser. */
export interface AppOptions {
  /**
   * The header by which your native app authenticates, such as `"authorization"`. Without it, only
   * pages may call.
   *
   * A request that carries it, and comes from no page (neither `Origin` nor `Sec-Fetch-Site`) or from
   * an allowed origin on another site, is an app's: `getUser` then gets the request without its cookies,
   * and no `host`, so that a cookie can never authenticate it. The token answer has a `binding` instead of
   * a cookie; the app keeps it and sends it in the confirm route's body. Give it on both routes.
   */
  appHeader?: string | undefined;
}

/** What a browser sends by itself, or lets any page send without asking us. */
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

/** The request as an app sends it: no cookie can authenticate it. Its body has been read. */
export function withoutCookies({ url, method, headers, signal }: Request): Request {
  const own = new Headers(headers);
  own.delete("cookie");
  return new Request(url, { method, headers: own, signal });
}
