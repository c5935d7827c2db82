import { omitDamagedParams, omitParams } from "../addresses/query.js";
import { OUR_NAMES } from "./parseRedirect.js";

/**
 * Removes Benji's five redirect parameters from an address. `cleanAddress` in journey.ts writes it into
 * the address bar, `notifyRouter` notifies the router. Everything else stays as it is, byte
 * for byte. Also removes the five in a damaged link ("&amp;state=…", a second question mark).
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
