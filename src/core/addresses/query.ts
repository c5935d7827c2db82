/** After the "&" of a link that went through an HTML editor. */
export const ESCAPED_AMPERSAND = "amp;";

// A leading "&" keeps URLSearchParams from swallowing a "?" that belongs to the name. Read once for the
// whole query: an object for each of a million parameters takes seconds.
const namesOf = (query: string) => [...new URLSearchParams(`&${query}`).keys()];

/** Takes parameters out of a query (without its "?") and leaves every other byte as it was. */
export function omitParams(query: string, names: readonly string[]): string {
  const found = namesOf(query).values();
  return query
    .split("&")
    .filter((segment) => !segment || !names.includes(found.next().value ?? ""))
    .join("&");
}

/**
 * Takes out what a damaged link has made of the parameters: "&amp;state=…", and "?state=…" behind
 * a second question mark, where the query does not have that name as it should be.
 */
export function omitDamagedParams(query: string, names: readonly string[]): string {
  if (!/amp;|\?/.test(query)) return query;
  const present = new Set(namesOf(query));
  const missing = names.filter((name) => !present.has(name)).join("|");
  const kept = omitParams(
    query,
    names.map((name) => ESCAPED_AMPERSAND + name),
  );
  return missing ? kept.replace(RegExp(`([^&?])\\?(${missing})=[^&]*`, "g"), "$1") : kept;
}
