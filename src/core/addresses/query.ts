// A leading "&" keeps URLSearchParams from swallowing a "?" that belongs to the name.
const nameOf = (segment: string) => new URLSearchParams(`&${segment}`).keys().next().value ?? "";

/** Takes parameters out of a query (without its "?") and leaves every other byte as it was. */
export const omitParams = (query: string, names: readonly string[]): string =>
  query
    .split("&")
    .filter((segment) => !names.includes(nameOf(segment)))
    .join("&");
