/** Decodes a path segment. One with a malformed escape, such as "%zz", stays as it is. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/**
 * Returns the same text for two paths that routers treat as equal: letter case, slashes at the end
 * and percent-encoding make no difference. An encoded slash ("%2F") is no separator.
 */
export const segmentsOf = (path: string): string =>
  JSON.stringify(
    path
      .split("/")
      .filter(Boolean)
      .map((segment) => decoded(segment).toLowerCase()),
  );
