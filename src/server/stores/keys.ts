// Every name under which something is stored, in one place: servers of one partner share a store.

const CLAIM = "benji:claim:";

/** The first claim of a flow by this user. */
export const claimKey = (flow: string, user: string): string => `${CLAIM}${user}:${flow}`;

/** Whose first claim it is; `undefined` for whatever no member can write at will. */
export const ownerOf = (key: string): string | undefined =>
  key.startsWith(CLAIM) ? key.slice(0, key.lastIndexOf(":")) : undefined;

/** A webhook that was handled, or is being handled. */
export const webhookKey = (signature: string, timestamp: string): string =>
  `benji-webhook:${signature}:${timestamp}`;

/** The transaction that a webhook named for this trigger event. */
export const transactionKey = (triggerEventUuid: string): string =>
  `benji:transaction:${triggerEventUuid.toLowerCase()}`;

/** The one flow that a trigger event counts on. */
export const usedEventKey = (triggerEventUuid: string): string =>
  `benji:used-event:${triggerEventUuid.toLowerCase()}`;
