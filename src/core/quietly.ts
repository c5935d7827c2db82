/** Ignores what the action throws: its failure must not change the result that the member sees. */
export function quietly<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
