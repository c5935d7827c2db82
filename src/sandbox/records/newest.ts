const NEWEST_KEPT = 1_000;

/** Keeps the newest entries only, so that a long test run does not fill the memory. */
export function keepNewest<Value>(entries: Map<string, Value>, name: string, value: Value): void {
  entries.set(name, value);
  for (const oldest of entries.keys()) {
    if (entries.size <= NEWEST_KEPT) return;
    entries.delete(oldest);
  }
}
