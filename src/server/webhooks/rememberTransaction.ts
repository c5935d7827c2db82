import type { BenjiTransaction } from "../client/readEntities.js";
import { transactionKey } from "../stores/storeKeys.js";
import type { BenjiStore } from "../stores/store.js";
import type { FetchesTransaction } from "./webhookHandler.js";

/** Longer than the time in which a return can be confirmed: at most 24 hours from the start. */
const LIFETIME_MS = 48 * 60 * 60 * 1_000;

/** The part of a transaction's webhook that is used. */
export interface TransactionWebhook extends FetchesTransaction {
  /** The transaction's UUID. */
  entityId?: string | undefined;
}

/**
 * Stores which transaction belongs to which trigger event, for {@link confirmWithBenji}: a return names
 * the trigger event only, and Benji documents no way from the event to the transaction. Call this
 * function for every webhook about a transaction. It returns the transaction's current state at Benji.
 *
 * @throws BenjiApiError where the call to Benji fails; the webhook then counts as not handled
 * @example
 * ```ts
 * import {
 *   BENJI_STAGING_URL,
 *   createMemoryStore,
 *   createWebhookHandler,
 *   rememberTransaction,
 * } from "react-benji-connect/server";
 *
 * const store = createMemoryStore();
 *
 * export const POST = createWebhookHandler({
 *   salt: process.env["BENJI_WEBHOOK_SALT"] ?? "",
 *   apiKey: process.env["BENJI_API_KEY"] ?? "",
 *   baseUrl: BENJI_STAGING_URL,
 *   on: {
 *     transaction_created: (webhook) => rememberTransaction(store, webhook),
 *     transaction_status_updated: (webhook) => rememberTransaction(store, webhook),
 *   },
 * });
 * ```
 */
export async function rememberTransaction(
  store: Pick<BenjiStore, "put">,
  { entityId, fetchTransaction }: TransactionWebhook,
): Promise<BenjiTransaction> {
  const transaction = await fetchTransaction();
  const { triggerEventUuid } = transaction;
  if (triggerEventUuid !== undefined && entityId !== undefined) {
    await store.put(transactionKey(triggerEventUuid), entityId, LIFETIME_MS);
  }
  return transaction;
}
