/**
 * Merged into `history.state`: which flow ended on this entry, so that Back shows its result again (see
 * `findReturn` in journey.ts). Empty where a return was rejected.
 */
const POINTER = "benjiConnect";

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  Object.prototype.toString.call(value) === "[object Object]";

/** The app's own `history.state` with our pointer beside it. What cannot carry one stays as it is. */
export function withPointer(historyState: unknown, state: string): unknown {
  if (historyState !== null && historyState !== undefined && !isPlainObject(historyState))
    return historyState;
  return { ...historyState, [POINTER]: state };
}

/** The state an entry points to; "" after a rejected return; `undefined` where nothing was left. */
export function readPointer(historyState: unknown): string | undefined {
  const pointer = (historyState as Record<string, unknown> | null | undefined)?.[POINTER];
  return typeof pointer === "string" ? pointer : undefined;
}

/** Next.js marks its entries, and ignores a `replaceState` that carries the mark. */
export function withoutNextMark(historyState: unknown): unknown {
  if (!isPlainObject(historyState)) return historyState;
  const { __NA: _, _N: __, ...kept } = historyState;
  return kept;
}
