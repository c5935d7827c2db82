// All keys of the store are here: several servers of one partner share the store. A flow is one visit
// to Benji; a claim is what the browser reports about its return.

const CLAIM = "benji:claim:";

/** The key of a user's first claim of a flow. */
export const claimKey = (flow: string, user: string): string => `${CLAIM}${user}:${flow}`;

/**
 * Returns the part of a claim's key that names the user; `undefined` for all other keys, which no
 * member can create at will.
 */
export const ownerOf = (key: string): string | undefined =>
  key.startsWith(CLAIM) ? key.slice(0, key.lastIndexOf(":")) : undefined;

/** The key of a webhook that was handled, or is being handled. */
export const webhookKey = (signature: string, timestamp: string): string =>
  `benji-webhook:${signature}:${timestamp}`;

/** The key of the transaction that a webhook named for this trigger event. */
export const transactionKey = (triggerEventUuid: string): string =>
  `benji:transaction:${triggerEventUuid.toLowerCase()}`;

/** The key of the flow that has used up this trigger event: no second flow can use it. */
export const usedEventKey = (triggerEventUuid: string): string =>
  `benji:used-event:${triggerEventUuid.toLowerCase()}`;
