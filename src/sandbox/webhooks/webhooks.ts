import type { SucceededFlow } from "../hosted/hostedPage.js";
import { numericIdOf, toHex } from "../records/identity.js";

/** Where webhooks go, and how. */
export interface SandboxWebhookOptions {
  /** Where webhooks are sent. Without it none are. */
  readonly webhookUrl?: string;
  /** The salt that signs them. Default: `"sandbox-webhook-salt"`. */
  readonly webhookSalt?: string;
  /** How the signature is written; no document says which. Default: `"hex"`. */
  readonly webhookSignature?: "hex" | "base64";
  /** Delivers webhooks, and nothing else. Default: the `fetch` of the platform. */
  readonly fetch?: (request: Request) => Promise<Response>;
  /** Waits between two tries: 1 second, then 5. Default: a timer. */
  readonly wait?: (ms: number) => Promise<void>;
  /** Hears of each webhook that was delivered or given up. */
  readonly onWebhook?: (webhook: SandboxWebhook) => void | Promise<void>;
}

/** One line of the webhooks' log. It holds no body, signature or query. */
export interface SandboxWebhook {
  readonly event: string;
  /** Origin and path of where it went. */
  readonly url: string;
  readonly tries: number;
  /** What the last try came to; `undefined` while the first one is under way. */
  readonly lastStatus: number | "unreachable" | "skipped" | undefined;
}

export interface Webhooks {
  readonly announce: (flow: SucceededFlow) => void;
  readonly log: readonly SandboxWebhook[];
  /** Resolves when nothing is under way any more. */
  readonly settled: () => Promise<void>;
}

interface Message {
  readonly event: string;
  readonly entity: number;
  readonly entity_id: number;
}

/** Anew for each try: a body can be sent once. */
type MakeRequest = (signal: AbortSignal) => Request;
type Delivery = { -readonly [Key in keyof SandboxWebhook]: SandboxWebhook[Key] };

const WAITS_MS = [1_000, 5_000];
const TIMEOUT_MS = 10_000;
const LOG_LENGTH = 200;
const MOST_FLOWS_UNDER_WAY = 200;
const USER = 1;
const TRANSACTION = 3;

export function createWebhooks(options: SandboxWebhookOptions, now: () => number): Webhooks {
  const log: Delivery[] = [];
  const underWay = new Set<Promise<void>>();
  const { webhookUrl } = options;
  const target = webhookUrl === undefined ? undefined : parseTarget(webhookUrl);
  if (target && options.webhookSalt === "") {
    throw new TypeError("webhookSalt must not be empty: nothing can be signed with it.");
  }

  const open = ({ event }: Message, { origin, pathname }: URL): Delivery => {
    const delivery = { event, url: origin + pathname, tries: 0, lastStatus: undefined };
    log.push(delivery);
    if (log.length > LOG_LENGTH) log.shift();
    return delivery;
  };

  const sendAll = async (flow: SucceededFlow, url: URL): Promise<void> => {
    const isCrowded = underWay.size >= MOST_FLOWS_UNDER_WAY;
    const date = new Date(now()).toUTCString();
    const queue = messagesOf(flow).map((message) => ({ message, delivery: open(message, url) }));
    for (const { message, delivery } of queue) {
      if (isCrowded) delivery.lastStatus = "skipped";
      else await deliver(await sign(message, flow, date, url, options), delivery, options);
      void tell(delivery, options);
    }
  };

  return {
    announce(flow) {
      if (!target) return;
      const work: Promise<void> = sendAll(flow, target)
        // A wait of the partner's that rejects ends these webhooks, not the process.
        .catch(() => undefined)
        .finally(() => underWay.delete(work));
      underWay.add(work);
    },
    get log() {
      return log.map((delivery) => ({ ...delivery }));
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

function parseTarget(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") {
    if (url.username === "" && url.password === "") return url;
  }
  throw new TypeError("webhookUrl must be an absolute http or https URL without credentials.");
}

/** A listener of the partner's that fails must not cost the next event its letter. */
async function tell(delivery: Delivery, { onWebhook }: SandboxWebhookOptions): Promise<void> {
  try {
    await onWebhook?.({ ...delivery });
  } catch {
    return;
  }
}

/** After a connection the user's event; after a transaction that and every one of its own. */
function messagesOf({ userUuid, triggerEventId }: SucceededFlow): readonly Message[] {
  // Wire words are spelled out here on purpose: this is the second witness.
  const user = { entity: USER, entity_id: Number(numericIdOf(userUuid)) };
  const connected = { event: "user_partner_connected", ...user };
  if (triggerEventId === undefined) return [connected];

  const transaction = { entity: TRANSACTION, entity_id: Number(numericIdOf(triggerEventId)) };
  return [
    connected,
    { event: "transaction_authenticated", ...transaction },
    { event: "transaction_created", ...transaction },
    { event: "transaction_status_updated", ...transaction },
  ];
}

async function sign(
  message: Message,
  flow: SucceededFlow,
  date: string,
  url: URL,
  { webhookSalt = "sandbox-webhook-salt", webhookSignature = "hex" }: SandboxWebhookOptions,
): Promise<MakeRequest> {
  const body = JSON.stringify({ ...message, sandbox_not_documented: describeFlow(flow) });
  const signature = await hmac(body, webhookSalt);
  const headers = {
    "Content-Type": "application/json",
    "x-benji-signature":
      webhookSignature === "hex" ? toHex(signature) : btoa(String.fromCharCode(...signature)),
    "x-webhook-datetime": date,
  };
  return (signal) =>
    new Request(url, { method: "POST", headers, body, redirect: "manual", signal });
}

/** What the documents give a webhook no room for, and a demo needs to tell whose it is. */
function describeFlow({ contents, amount, userUuid, triggerEventId }: SucceededFlow): object {
  return {
    partnership_id: contents.partnershipId,
    mode: contents.mode,
    user_external_id: contents.userExternalId,
    amount,
    benji_user_uuid: userUuid,
    trigger_event_id: triggerEventId,
  };
}

async function hmac(text: string, salt: string): Promise<Uint8Array> {
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(salt), algorithm, false, [
    "sign",
  ]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(text)));
}

async function deliver(
  makeRequest: MakeRequest,
  delivery: Delivery,
  { fetch = (request) => globalThis.fetch(request), wait = pause }: SandboxWebhookOptions,
): Promise<void> {
  for (const ms of [0, ...WAITS_MS]) {
    if (ms > 0) await wait(ms);
    delivery.tries += 1;
    delivery.lastStatus = await tryOnce(makeRequest, fetch);
    if (isDelivered(delivery.lastStatus)) return;
  }
}

async function tryOnce(
  makeRequest: MakeRequest,
  fetch: (request: Request) => Promise<Response>,
): Promise<number | "unreachable"> {
  // Not AbortSignal.timeout: its timer would outlive a quick answer, thousands at a time.
  const impatience = new AbortController();
  const timer = setTimeout(() => impatience.abort(), TIMEOUT_MS);
  try {
    const response = await fetch(makeRequest(impatience.signal));
    // Unread bodies keep their connection, and nobody is interested in this one.
    await response.body?.cancel();
    return response.status;
  } catch {
    return "unreachable";
  } finally {
    clearTimeout(timer);
  }
}

function isDelivered(status: Delivery["lastStatus"]): boolean {
  return typeof status === "number" && status >= 200 && status < 300;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
