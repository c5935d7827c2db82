/** The text after the "&" in a link that an HTML editor has escaped ("&amp;"). */
export const ESCAPED_AMPERSAND = "amp;";

// Without the leading "&", URLSearchParams would remove a "?" that belongs to the first name.
// Parses the whole query once: one object per parameter takes seconds for a million parameters.
const namesOf = (query: string) => [...new URLSearchParams(`&${query}`).keys()];

/** Removes parameters from a query (without its "?") and keeps every other byte. */
export function omitParams(query: string, names: readonly string[]): string {
  const found = namesOf(query).values();
  return query
    .split("&")
    .filter((segment) => !segment || !names.includes(found.next().value ?? ""))
    .join("&");
}

/**
 * Removes the parameters of a damaged link: always "&amp;state=…"; "?state=…" after a second question
 * mark only if the query has no intact `state`.
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
