import type { Entities, Transaction, TransactionStatus } from "../records/entityStore.js";
import type { TokenContents } from "../records/tokens.js";
import { externalIdsOf, rowScenarioOf } from "../scenarios.js";
import type { SandboxScenario } from "../scenarios.js";

export interface SucceededFlow {
  readonly contents: TokenContents;
  readonly amount: number | undefined;
  readonly userUuid: string;
  readonly triggerEventId: string | undefined;
  readonly scenario: SandboxScenario;
}

/** The body of a webhook, with Benji's names. */
export interface Message {
  readonly event: string;
  /** 1 user, 2 campaign, 3 transaction. */
  readonly entity: 1 | 2 | 3;
  readonly entity_id: string;
}

/** One thing that happens after a flow, and the webhook that reports it. */
export interface Step {
  readonly afterMs: number;
  /** Undefined where the step changes no status. */
  readonly apply: (() => void) | undefined;
  readonly message: Message;
}

const SLOW_STEP_MS = 2_000;

/**
 * Creates the user and, for a transfer or redemption, the transaction. This happens before the member
 * is sent back, so that a server that asks at once finds them. Returns the steps that follow.
 */
export function beginAfter(
  flow: SucceededFlow,
  entities: Entities,
  now: number,
  usual: SandboxScenario,
): readonly Step[] {
  const { contents, userUuid, scenario } = flow;
  const { partnershipId, userExternalId } = contents;
  entities.addPartnership(partnershipId);
  const externalIds = externalIdsOf(rowScenarioOf(scenario, usual), { userUuid, userExternalId });
  entities.link({ uuid: userUuid, partnershipId, createdAt: now, externalIds });

  // Benji's names are written out on purpose: the sandbox shares no constant with the library.
  const connected = announce({
    event: "user_partner_authentication_created",
    entity: 1,
    entity_id: userUuid,
  });
  const transaction = transactionOf(flow, now);
  if (!transaction) return [connected];
  entities.record(transaction);
  return [connected, ...stepsOf(transaction, scenario, entities)];
}

function transactionOf(flow: SucceededFlow, createdAt: number): Transaction | undefined {
  const { contents, amount = 0, userUuid, triggerEventId } = flow;
  const { mode, partnershipId } = contents;
  if (mode === 1 || triggerEventId === undefined) return undefined;
  return {
    uuid: crypto.randomUUID(),
    userUuid,
    partnershipId,
    triggerEventUuid: triggerEventId,
    mode,
    amount,
    status: 1,
    createdAt,
  };
}

/** The transaction is initiated, then pending, then completed or failed. */
function stepsOf(
  transaction: Transaction,
  scenario: SandboxScenario,
  entities: Entities,
): readonly Step[] {
  const about = { entity: 3, entity_id: transaction.uuid } as const;
  const changed = (status: TransactionStatus): Step => ({
    afterMs: scenario === "slow-transaction" ? SLOW_STEP_MS : 0,
    apply: () => entities.record({ ...transaction, status }),
    message: { event: "transaction_status_updated", ...about },
  });
  return [
    announce({ event: "transaction_authenticated", ...about }),
    announce({ event: "transaction_created", ...about }),
    changed(2),
    changed(scenario === "failed-transaction" ? 6 : 3),
  ];
}

function announce(message: Message): Step {
  return { afterMs: 0, apply: undefined, message };
}
