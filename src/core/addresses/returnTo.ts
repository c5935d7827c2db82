import { toUrl } from "./url.js";

/**
 * Returns the path where the member goes after the return; `undefined` for another origin. The path
 * begins with exactly one slash: two would lead to another site.
 */
export function sameOriginPath(returnTo: string, pageUrl: string): string | undefined {
  const target = toUrl(returnTo, pageUrl);
  if (!target || target.origin !== toUrl(pageUrl)?.origin) return undefined;
  return `/${target.pathname.replace(/^\/+/, "")}${target.search}${target.hash}`;
}
