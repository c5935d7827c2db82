/** A malformed escape, such as "%zz", stands for itself. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/**
 * A path as routers compare it, in one text: letter case, slashes at the end and percent-encoding
 * make no difference. An encoded slash ("%2F") separates nothing.
 */
export const segmentsOf = (path: string): string =>
  JSON.stringify(
    path
      .split("/")
      .filter(Boolean)
      .map((segment) => decoded(segment).toLowerCase()),
  );
