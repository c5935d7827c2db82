/** Connect = 1, Transfer = 3, Redeem = 4. There is no 2. */
export type TokenMode = 1 | 3 | 4;

export interface TokenAction {
  readonly mode: 3 | 4;
  readonly amount: number;
  readonly allowsEditing: boolean;
}

/** What a token stands for: the sandbox believes this, never the query beside it. */
export interface TokenContents {
  readonly partnershipId: string;
  readonly mode: TokenMode;
  readonly displayName: string | undefined;
  readonly userExternalId: string | undefined;
  readonly actions: readonly TokenAction[];
}

export type TokenLookup =
  | { readonly status: "valid"; readonly contents: TokenContents }
  | { readonly status: "unknown" | "expired" | "used" };

export interface TokenStore {
  create(contents: TokenContents): string;
  look(token: string): TokenLookup;
  markUsed(token: string): void;
}

interface TokenRecord {
  readonly contents: TokenContents;
  readonly expiresAt: number;
  readonly used: boolean;
}

const NEWEST_KEPT = 1_000;

export function isTokenMode(value: unknown): value is TokenMode {
  return value === 1 || value === 3 || value === 4;
}

/** Keeps the newest tokens only, so that a long test run does not fill the memory. */
export function createTokenStore(now: () => number, lifetimeMs: number): TokenStore {
  const records = new Map<string, TokenRecord>();

  return {
    create(contents) {
      const token = crypto.randomUUID();
      records.set(token, { contents, expiresAt: now() + lifetimeMs, used: false });
      dropOldest(records);
      return token;
    },
    look(token) {
      const record = records.get(token);
      if (!record) return { status: "unknown" };
      if (record.used) return { status: "used" };
      if (record.expiresAt <= now()) return { status: "expired" };
      return { status: "valid", contents: record.contents };
    },
    markUsed(token) {
      const record = records.get(token);
      if (record) records.set(token, { ...record, used: true });
    },
  };
}

function dropOldest(records: Map<string, TokenRecord>): void {
  for (const token of records.keys()) {
    if (records.size <= NEWEST_KEPT) return;
    records.delete(token);
  }
}
