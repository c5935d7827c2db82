import type { Entities } from "../records/entityStore.js";
import { keepNewest } from "../records/newest.js";
import { travelOf } from "../scenarios.js";
import type { SandboxScenario, Travel } from "../scenarios.js";
import { beginAfter } from "./afterFlow.js";
import type { Message, Step, SucceededFlow } from "./afterFlow.js";
import { createOutbox, pause } from "./outbox.js";
import type { Outbox, Delivery, SandboxWebhook, SandboxWebhookOptions } from "./outbox.js";
import { signWebhook } from "./signWebhook.js";
import type { SignedWebhook } from "./signWebhook.js";

export interface Webhooks {
  /** Called with every flow that has succeeded. It returns at once: the member does not wait. */
  readonly announce: (flow: SucceededFlow) => void;
  /** Sends one webhook, without a retry, about the newest entity of its kind. */
  readonly trigger: (event: SandboxEvent) => Promise<SandboxWebhook>;
  /** Sends an earlier webhook again, without a retry, with a new date and signature. */
  readonly resend: (number: number) => Promise<SandboxWebhook>;
  readonly log: readonly SandboxWebhook[];
  /** Resolves when the webhooks of all flows are finished. */
  readonly settled: () => Promise<void>;
}

/** Every event that a document names, older names included. */
export type SandboxEvent =
  | "user_partner_authentication_created"
  | "user_partner_connected"
  | "transaction_authenticated"
  | "transaction_created"
  | "transaction_status_updated"
  | "reward_transaction_updated"
  | "campaign_updated"
  | "campaign_activated"
  | "campaign_ended";

// Written out on purpose: the sandbox shares no constant with the library.
const ENTITY_OF: Readonly<Record<SandboxEvent, 1 | 2 | 3>> = {
  user_partner_authentication_created: 1,
  user_partner_connected: 1,
  transaction_authenticated: 3,
  transaction_created: 3,
  transaction_status_updated: 3,
  reward_transaction_updated: 3,
  campaign_updated: 2,
  campaign_activated: 2,
  campaign_ended: 2,
};

export const EVENTS = Object.keys(ENTITY_OF) as readonly SandboxEvent[];

export function isEvent(value: unknown): value is SandboxEvent {
  return typeof value === "string" && Object.hasOwn(ENTITY_OF, value);
}

const MOST_FLOWS_UNDER_WAY = 200;
const LATE_MS = 5_000;
const NO_RETRIES: readonly number[] = [];

/** A signed webhook, which a scenario may hold back. */
interface Ready {
  readonly delivery: Delivery;
  readonly signed: SignedWebhook;
}

export function createWebhooks(
  options: SandboxWebhookOptions & { readonly scenario?: SandboxScenario | undefined },
  entities: Entities,
  now: () => number,
): Webhooks {
  const { wait = pause, scenario: usual = "success" } = options;
  const outbox = createOutboxFor(options);
  const underWay = new Set<Promise<void>>();

  const dateOf = createDates(now);
  const sign = (body: string) => signWebhook(body, dateOf(body), options);
  const open = (message: Message, target: Outbox): Delivery =>
    target.open(message.event, JSON.stringify(message));

  const sendSteps = async (flow: SucceededFlow, steps: readonly Step[]): Promise<void> => {
    const isCrowded = underWay.size >= MOST_FLOWS_UNDER_WAY;
    const travel = travelOf(flow.scenario);
    const held: Ready[] = [];
    for (const { afterMs, apply, message } of steps) {
      if (afterMs > 0 && !isCrowded) await wait(afterMs);
      apply?.();
      if (!outbox) continue;
      const delivery = open(message, outbox);
      if (isCrowded) outbox.drop(delivery, "skipped");
      else if (travel === "lost") outbox.drop(delivery, "lost");
      else {
        const ready = { delivery, signed: await sign(delivery.body) };
        if (isHeld(travel)) held.push(ready);
        else await dispatch(ready, travel, outbox);
      }
    }
    if (!outbox || held.length === 0) return;
    if (travel === "late") await wait(LATE_MS);
    for (const ready of travel === "reversed" ? held.reverse() : held) {
      await dispatch(ready, travel, outbox);
    }
  };

  const sendOnce = async (delivery: Delivery, target: Outbox): Promise<SandboxWebhook> => {
    await target.deliver(delivery, await sign(delivery.body), NO_RETRIES);
    return { ...delivery.line };
  };

  return {
    announce(flow) {
      const steps = beginAfter(flow, entities, now(), usual);
      const work: Promise<void> = sendSteps(flow, steps)
        // If the partner's `wait` rejects, that ends the webhooks of this flow, not the process.
        .catch(() => undefined)
        .finally(() => underWay.delete(work));
      underWay.add(work);
    },
    async trigger(event) {
      if (!isEvent(event)) throw new TypeError(`There is no event "${String(event)}".`);
      const target = mustHaveTarget(outbox);
      const entity = ENTITY_OF[event];
      const entity_id = entityIdFor(entity, entities, now);
      return sendOnce(open({ event, entity, entity_id }, target), target);
    },
    async resend(number) {
      const target = mustHaveTarget(outbox);
      const earlier = target.find(number);
      if (!earlier) throw new TypeError(`There is no webhook #${number}, or it is too long ago.`);
      return sendOnce(target.open(earlier.line.event, earlier.body), target);
    },
    get log() {
      return outbox?.log ?? [];
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

/**
 * Returns dates that differ for equal bodies. A date has whole seconds, and the body of a status update
 * does not carry the status: two of them in one second would be equal in every byte, and a receiver
 * would drop the second as a repeat.
 */
function createDates(now: () => number): (body: string) => Date {
  const seconds = new Map<string, number>();
  return (body) => {
    const earlier = seconds.get(body) ?? -Infinity;
    const second = Math.max(Math.floor(now() / 1_000), earlier + 1);
    keepNewest(seconds, body, second);
    return new Date(second * 1_000);
  };
}

function createOutboxFor(options: SandboxWebhookOptions): Outbox | undefined {
  if (options.webhookUrl === undefined) return undefined;
  const target = parseTarget(options.webhookUrl);
  if (options.webhookSalt === "") {
    throw new TypeError("webhookSalt must not be empty: nothing can be signed with it.");
  }
  return createOutbox(target, options);
}

function parseTarget(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") {
    if (url.username === "" && url.password === "") return url;
  }
  throw new TypeError("webhookUrl must be an absolute http or https URL without credentials.");
}

function mustHaveTarget(outbox: Outbox | undefined): Outbox {
  if (outbox) return outbox;
  throw new TypeError("There is nowhere to send webhooks: no webhookUrl is set.");
}

/** True if the webhooks of a flow are held back until its last step. */
function isHeld(travel: Travel): boolean {
  return travel === "late" || travel === "reversed";
}

async function dispatch(
  { delivery, signed }: Ready,
  travel: Travel,
  outbox: Outbox,
): Promise<void> {
  await outbox.deliver(delivery, signed);
  if (travel !== "repeated") return;
  await outbox.deliver(outbox.open(delivery.line.event, delivery.body), signed);
}

/** Returns the id of the newest user or transaction; where there is none yet, creates one. */
function entityIdFor(entity: 1 | 2 | 3, entities: Entities, now: () => number): string {
  if (entity === 2) return crypto.randomUUID();
  const newest = entity === 1 ? entities.newestUser() : entities.newestTransaction();
  if (newest) return newest.uuid;
  const steps = beginAfter(flowOfNobody(entity === 1 ? 1 : 3), entities, now(), "success");
  for (const { apply } of steps) apply?.();
  return steps.at(-1)?.message.entity_id ?? "";
}

function flowOfNobody(mode: 1 | 3): SucceededFlow {
  const scenario: SandboxScenario = "success";
  return {
    contents: {
      partnershipId: "49",
      mode,
      displayName: undefined,
      userExternalId: undefined,
      actions: [],
    },
    amount: undefined,
    userUuid: crypto.randomUUID(),
    triggerEventId: mode === 1 ? undefined : crypto.randomUUID(),
    scenario,
  };
}
