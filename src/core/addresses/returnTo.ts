import { toUrl } from "./url.js";

/**
 * Reads where the member should go afterwards: same origin only, as a path with exactly one
 * leading slash, so that no reader can be sent to another site.
 */
export function sameOriginPath(returnTo: string, pageUrl: string): string | undefined {
  const target = toUrl(returnTo, pageUrl);
  if (!target || target.origin !== toUrl(pageUrl)?.origin) return undefined;
  return `/${target.pathname.replace(/^\/+/, "")}${target.search}${target.hash}`;
}
