import type { SandboxWebhook } from "../sandbox/webhooks/outbox.js";
import type { ControlCommand } from "./parseCommand.js";

export type ControlAnswer =
  | { readonly status: "sent"; readonly webhook: SandboxWebhook }
  | { readonly status: "refused"; readonly problem: string };

// Longer than the 10 seconds that the sandbox itself waits for the partner's server.
const PATIENCE_MS = 15_000;

/** Asks the sandbox that runs on a port to send a webhook. */
export async function askSandbox({ action, body, at }: ControlCommand): Promise<ControlAnswer> {
  const host = at.host.includes(":") ? `[${at.host}]` : at.host;
  const url = `http://${host}:${at.port}/sandbox/${action}`;
  const answer = await post(url, body);
  if (!answer) {
    const flag = "Start one, or say where it listens with --port.";
    return {
      status: "refused",
      problem: `No sandbox answers at http://${host}:${at.port}. ${flag}`,
    };
  }
  const { data, message } = answer;
  if (data?.webhook) return { status: "sent", webhook: data.webhook };
  return { status: "refused", problem: message ?? "What answers there is no sandbox." };
}

interface Answer {
  readonly data?: { readonly webhook?: SandboxWebhook };
  readonly message?: string;
}

async function post(url: string, body: object): Promise<Answer | undefined> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": "sandbox-api-key" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await response.text();
    return text.startsWith("{") ? (JSON.parse(text) as Answer) : {};
  } catch {
    return undefined;
  }
}
