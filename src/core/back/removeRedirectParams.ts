import { omitDamagedParams, omitParams } from "../addresses/query.js";
import { OUR_NAMES } from "./parseRedirect.js";

/**
 * Removes Benji's five redirect parameters from an address, also in a damaged link ("&amp;state=…", a
 * second question mark). Everything else stays as it is, byte for byte. Does not change the address
 * bar: `cleanAddress` in journey.ts does.
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
