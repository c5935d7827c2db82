import { partnershipUuidOf } from "./identity.js";
import { keepNewest } from "./newest.js";

/** 1 initiated, 2 pending, 3 completed, 6 failed. Benji documents more, which no scenario plays. */
export type TransactionStatus = 1 | 2 | 3 | 6;

/** A member who has finished a flow, and so is linked to its partnership. */
export interface User {
  readonly uuid: string;
  readonly partnershipId: string | undefined;
  readonly createdAt: number;
  /** The `external_id` in the user's rows of `merchants` and `partner_status_tiers`. */
  readonly externalIds: ExternalIds;
}

export interface ExternalIds {
  readonly merchant: string | null;
  readonly partner: string | null;
}

/** A transfer or a redemption. */
export interface Transaction {
  readonly uuid: string;
  readonly userUuid: string;
  readonly partnershipId: string | undefined;
  readonly triggerEventUuid: string;
  readonly mode: 3 | 4;
  readonly amount: number;
  readonly status: TransactionStatus;
  readonly createdAt: number;
}

/** What the `GET`s of the API can return: the newest 1,000 users, transactions and partnerships. */
export interface Entities {
  /** Adds a user. A known one keeps the first `createdAt`. */
  link(user: User): void;
  /** Adds a transaction, or replaces it with its next status. */
  record(transaction: Transaction): void;
  /** Adds a partnership. */
  readonly addPartnership: (partnershipId: string | undefined) => void;
  user(uuid: string): User | undefined;
  transaction(uuid: string): Transaction | undefined;
  /** Returns the `partnership_id` that token requests use for the partnership with this UUID. */
  partnershipIdOf(uuid: string): Promise<string | undefined>;
  newestUser(): User | undefined;
  newestTransaction(): Transaction | undefined;
}

export function createEntities(partnershipIds: readonly string[]): Entities {
  const users = new Map<string, User>();
  const transactions = new Map<string, Transaction>();
  const partnerships = new Map<string, Promise<string>>();
  const addPartnership = (id: string | undefined) => {
    if (id === undefined || partnerships.has(id)) return;
    keepNewest(partnerships, id, partnershipUuidOf(id));
  };
  partnershipIds.forEach(addPartnership);

  return {
    link(user) {
      const createdAt = users.get(user.uuid)?.createdAt ?? user.createdAt;
      // The user is deleted first, so that the newest user is the last entry of the map.
      users.delete(user.uuid);
      keepNewest(users, user.uuid, { ...user, createdAt });
    },
    record: (transaction) => keepNewest(transactions, transaction.uuid, transaction),
    addPartnership,
    user: (uuid) => users.get(uuid),
    transaction: (uuid) => transactions.get(uuid),
    async partnershipIdOf(uuid) {
      for (const [id, known] of partnerships) if ((await known) === uuid) return id;
      return undefined;
    },
    newestUser: () => [...users.values()].at(-1),
    newestTransaction: () => [...transactions.values()].at(-1),
  };
}
