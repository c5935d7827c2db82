/** Merged into `history.state`: which flow ended on this entry. Empty where a return was rejected. */
const POINTER = "benjiConnect";

// Next's patched replaceState ignores a call that carries these.
const NEXT_KEYS = ["__NA", "_N"];

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  Object.prototype.toString.call(value) === "[object Object]";

/** The app's own `history.state` with our pointer beside it. What cannot carry one stays as it is. */
export function withPointer(historyState: unknown, state: string): unknown {
  if (historyState !== null && historyState !== undefined && !isPlainObject(historyState))
    return historyState;
  const kept = Object.entries(historyState ?? {}).filter(([key]) => !NEXT_KEYS.includes(key));
  return { ...Object.fromEntries(kept), [POINTER]: state };
}

/** The state an entry points to; "" after a rejected return; `undefined` where nothing was left. */
export function readPointer(historyState: unknown): string | undefined {
  const pointer = isPlainObject(historyState) ? historyState[POINTER] : undefined;
  return typeof pointer === "string" ? pointer : undefined;
}
