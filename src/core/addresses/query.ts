/** After the "&" of a link that went through an HTML editor. */
export const ESCAPED_AMPERSAND = "amp;";

// A leading "&" keeps URLSearchParams from swallowing a "?" that belongs to the name.
const nameOf = (segment: string) => new URLSearchParams(`&${segment}`).keys().next().value ?? "";

/** Takes parameters out of a query (without its "?") and leaves every other byte as it was. */
export const omitParams = (query: string, names: readonly string[]): string =>
  query
    .split("&")
    .filter((segment) => !names.includes(nameOf(segment)))
    .join("&");

/**
 * Takes out what a damaged link has made of the parameters: "&amp;state=…", and "?state=…" behind
 * a second question mark, where the query does not have that name as it should be.
 */
export function omitDamagedParams(query: string, names: readonly string[]): string {
  if (!/amp;|\?/.test(query)) return query;
  const present = new Set(query.split("&").map(nameOf));
  const missing = names.filter((name) => !present.has(name)).join("|");
  const kept = omitParams(
    query,
    names.map((name) => ESCAPED_AMPERSAND + name),
  );
  return missing ? kept.replace(RegExp(`([^&?])\\?(${missing})=[^&]*`, "g"), "$1") : kept;
}
