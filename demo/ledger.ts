/** What Benji's webhooks have said of each member. A real shop has a table. */
export interface Ledger {
  note(member: string, ids: readonly unknown[]): void;
  /** Waits a little: a webhook may be slower than the member. */
  hearsOf(member: string, ids: readonly string[]): Promise<boolean>;
}

const PATIENCE_MS = 3_000;
const PAUSE_MS = 50;

export function createLedger(): Ledger {
  const known = new Set<string>();
  const line = (member: string, id: string) => JSON.stringify([member, id]);
  const knows = (member: string, ids: readonly string[]) =>
    ids.length > 0 && ids.every((id) => known.has(line(member, id)));

  return {
    note: (member, ids) => {
      for (const id of ids) if (typeof id === "string") known.add(line(member, id));
    },
    hearsOf: async (member, ids) => {
      const deadline = Date.now() + PATIENCE_MS;
      while (!knows(member, ids) && Date.now() < deadline)
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      return knows(member, ids);
    },
  };
}
