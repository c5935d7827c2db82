import { RETURN } from "../../contract.js";
import { omitParams } from "../addresses/query.js";

const OUR_NAMES = Object.values(RETURN);

/**
 * Removes Benji's five redirect parameters from an address. Order, repeats, encoding and hash of
 * everything else stay byte for byte.
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
  const kept = omitParams(query, OUR_NAMES);
  if (kept === query) return url;
  return base + (kept && `?${kept}`) + hash;
}
