import { keepNewest } from "./newest.js";

/** Connect = 1, Transfer = 3, Redeem = 4. There is no 2. */
export type TokenMode = 1 | 3 | 4;

export interface TokenAction {
  readonly mode: 3 | 4;
  readonly amount: number;
  readonly allowsEditing: boolean;
}

/**
 * What a token was created for. A visit with a token never reads these values from the page's query.
 */
export interface TokenContents {
  /**
   * A token for Benji's embedded SDK may name no partnership. Then the host or the path of the hosted page
   * names it.
   */
  readonly partnershipId: string | undefined;
  readonly mode: TokenMode;
  readonly displayName: string | undefined;
  readonly userExternalId: string | undefined;
  readonly actions: readonly TokenAction[];
}

type TokenLookup<Contents> =
  | { readonly status: "valid"; readonly contents: Contents }
  | { readonly status: "unknown" | "expired" | "used" };

/** Tokens that can be used once, until they expire. */
export interface TokenStore<Contents> {
  create(contents: Contents): string;
  look(token: string): TokenLookup<Contents>;
  invalidate(token: string, why: "expired" | "used"): void;
}

interface TokenRecord<Contents> {
  readonly contents: Contents;
  readonly expiresAt: number;
  readonly invalidated?: "expired" | "used";
}

export function isTokenMode(value: unknown): value is TokenMode {
  return value === 1 || value === 3 || value === 4;
}

export function createTokenStore<Contents>(
  now: () => number,
  lifetimeMs: number,
): TokenStore<Contents> {
  const records = new Map<string, TokenRecord<Contents>>();

  return {
    create(contents) {
      const token = crypto.randomUUID();
      keepNewest(records, token, { contents, expiresAt: now() + lifetimeMs });
      return token;
    },
    look(token) {
      const record = records.get(token);
      if (!record) return { status: "unknown" };
      if (record.invalidated) return { status: record.invalidated };
      if (record.expiresAt <= now()) return { status: "expired" };
      return { status: "valid", contents: record.contents };
    },
    invalidate(token, why) {
      const record = records.get(token);
      if (record) records.set(token, { ...record, invalidated: why });
    },
  };
}
