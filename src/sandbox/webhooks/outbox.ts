import type { SandboxSigningOptions, SignedWebhook } from "./signWebhook.js";

// This file logs webhooks and delivers each one, with retries. `sendSteps` in webhooks.ts holds them back
// for a scenario; afterFlow.ts sets the delay before each status of a transaction.

/** Options for sending webhooks. */
export interface SandboxWebhookOptions extends SandboxSigningOptions {
  /** Where webhooks are sent. Without it none is sent. */
  readonly webhookUrl?: string | undefined;
  /** Delivers webhooks, and nothing else. Default: the `fetch` of the platform. */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
  /**
   * Waits the given milliseconds between two tries (1 second, then 5), and where a scenario delays a
   * webhook or a status. Default: a timer.
   */
  readonly wait?: ((ms: number) => Promise<void>) | undefined;
  /**
   * Called with each webhook that was delivered, given up, skipped or lost. Default with
   * `listenSandbox`: warns on the console of each that was not delivered.
   */
  readonly onWebhook?: ((webhook: SandboxWebhook) => void | Promise<void>) | undefined;
}

/** One line of the webhooks' log. It holds no body, signature or query. */
export interface SandboxWebhook {
  /** Counts from 1; for `resendWebhook`. */
  readonly number: number;
  readonly event: string;
  /** Origin and path of the receiver. */
  readonly url: string;
  readonly tries: number;
  /**
   * The result of the last try; `undefined` until the first one has ended. `"lost"`: the scenario keeps
   * the webhook unsent. `"skipped"`: unsent, because the webhooks of 200 flows were still being sent.
   */
  readonly lastStatus: number | "unreachable" | "skipped" | "lost" | undefined;
}

/** One webhook: its line in the log, and its body for sending it again. */
export interface Delivery {
  readonly line: { -readonly [Key in keyof SandboxWebhook]: SandboxWebhook[Key] };
  readonly body: string;
}

export interface Outbox {
  open(event: string, body: string): Delivery;
  /** Sends the webhook, again after each wait, until an answer is 2xx. Calls `onWebhook` at the end. */
  deliver(delivery: Delivery, signed: SignedWebhook, waitsMs?: readonly number[]): Promise<void>;
  /** Marks the webhook as not sent. */
  drop(delivery: Delivery, why: "skipped" | "lost"): void;
  find(number: number): Delivery | undefined;
  readonly log: readonly SandboxWebhook[];
}

const RETRIES_MS = [1_000, 5_000];
const TIMEOUT_MS = 10_000;
const LOG_LENGTH = 200;

export function createOutbox(target: URL, options: SandboxWebhookOptions): Outbox {
  const { fetch = (request: Request) => globalThis.fetch(request), wait = pause } = options;
  const deliveries: Delivery[] = [];
  const url = target.origin + target.pathname;
  let count = 0;

  return {
    open(event, body) {
      const line = { number: ++count, event, url, tries: 0, lastStatus: undefined };
      const delivery = { line, body };
      deliveries.push(delivery);
      if (deliveries.length > LOG_LENGTH) deliveries.shift();
      return delivery;
    },
    async deliver({ line }, signed, waitsMs = RETRIES_MS) {
      for (const ms of [0, ...waitsMs]) {
        if (ms > 0) await wait(ms);
        line.tries += 1;
        line.lastStatus = await tryOnce(signed, target, fetch);
        if (isDelivered(line)) break;
      }
      void tell(line, options);
    },
    drop({ line }, why) {
      line.lastStatus = why;
      void tell(line, options);
    },
    find: (number) => deliveries.find(({ line }) => line.number === number),
    get log() {
      return deliveries.map(({ line }) => ({ ...line }));
    },
  };
}

export function isDelivered({ lastStatus }: SandboxWebhook): boolean {
  return typeof lastStatus === "number" && lastStatus >= 200 && lastStatus < 300;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Calls `onWebhook`. If it fails, the next webhook must still be sent. */
async function tell(line: SandboxWebhook, { onWebhook }: SandboxWebhookOptions): Promise<void> {
  try {
    await onWebhook?.({ ...line });
  } catch {
    return;
  }
}

async function tryOnce(
  { body, headers }: SignedWebhook,
  target: URL,
  fetch: (request: Request) => Promise<Response>,
): Promise<number | "unreachable"> {
  // A timer of `AbortSignal.timeout` cannot be cleared: thousands would stay after quick answers.
  const { signal, abort } = createAbort();
  const timer = setTimeout(abort, TIMEOUT_MS);
  try {
    // A new request for each try: a body can be sent once.
    const request = new Request(target, {
      method: "POST",
      headers,
      body,
      redirect: "manual",
      signal,
    });
    const response = await fetch(request);
    // An unread body keeps its connection open, and this body is not needed.
    await response.body?.cancel();
    return response.status;
  } catch {
    return "unreachable";
  } finally {
    clearTimeout(timer);
  }
}

function createAbort() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
