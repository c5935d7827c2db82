/**
 * The name of the pointer in `history.state`. The pointer names the return that was read on this
 * history entry: by the state of its flow; without a state, by its claim as JSON (`linkOf`); or "" if
 * there is no result to show again. After Back, `findReturn` in journey.ts finds the result with it.
 */
const POINTER = "benjiConnect";

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  Object.prototype.toString.call(value) === "[object Object]";

/** Adds the pointer to the app's `history.state` if that is empty or a plain object. */
export function withPointer(historyState: unknown, state: string): unknown {
  if (historyState !== null && historyState !== undefined && !isPlainObject(historyState))
    return historyState;
  return { ...historyState, [POINTER]: state };
}

/** Returns the pointer; `undefined` if the history entry has none. */
export function readPointer(historyState: unknown): string | undefined {
  const pointer = (historyState as Record<string, unknown> | null | undefined)?.[POINTER];
  return typeof pointer === "string" ? pointer : undefined;
}

/** Removes Next.js' marks, because Next.js ignores a `replaceState` that contains them. */
export function withoutNextMark(historyState: unknown): unknown {
  if (!isPlainObject(historyState)) return historyState;
  const { __NA: _, _N: __, ...kept } = historyState;
  return kept;
}
