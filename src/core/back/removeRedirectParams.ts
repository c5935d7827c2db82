import { omitDamagedParams, omitParams } from "../addresses/query.js";
import { OUR_NAMES } from "./parseRedirect.js";

/**
 * Removes Benji's five redirect parameters from an address. Order, repeats, encoding and hash of
 * everything else stay byte for byte. What a damaged link has made of the five ("&amp;state=…", a second
 * question mark) goes too.
 *
 * @example
 * ```ts
 * import { removeRedirectParams } from "react-benji-connect/core";
 *
 * removeRedirectParams("/cart?id=7&status=success&state=benji.x#top"); // "/cart?id=7#top"
 * ```
 */
export function removeRedirectParams(url: string): string {
  const [, base = "", query = "", hash = ""] = /^([^?#]*)\??([^#]*)(.*)$/s.exec(url) ?? [];
  const kept = omitParams(omitDamagedParams(query, OUR_NAMES), OUR_NAMES);
  if (kept === query) return url;
  return base + (kept && `?${kept}`) + hash;
}
