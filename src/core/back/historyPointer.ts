/**
 * The name of the pointer in `history.state`. The pointer is the state (or link, see `linkOf`) of
 * the flow whose return was read on this history entry; empty if that was rejected.
 * `settleReturn` in journey.ts settles a return. After the browser's Back button, `findReturn` in
 * journey.ts finds its result again.
 */
const POINTER = "benjiConnect";

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  Object.prototype.toString.call(value) === "[object Object]";

/** Adds the pointer to the app's `history.state`. Anything but a plain object stays unchanged. */
export function withPointer(historyState: unknown, state: string): unknown {
  if (historyState !== null && historyState !== undefined && !isPlainObject(historyState))
    return historyState;
  return { ...historyState, [POINTER]: state };
}

/** The pointer of an entry; "" after a rejected return; `undefined` if the entry has none. */
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
