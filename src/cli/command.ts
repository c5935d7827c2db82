import { parseArgs } from "node:util";

import type { ListenSandboxOptions } from "../sandbox/listen.js";
import { isScenario, SCENARIOS } from "../sandbox/scenarios.js";

export interface SandboxCommand {
  readonly kind: "sandbox";
  readonly options: ListenSandboxOptions;
}

type Command =
  | SandboxCommand
  | { readonly kind: "help" | "version" }
  | { readonly kind: "misused"; readonly problem: string };

const FLAGS = {
  port: { type: "string" },
  host: { type: "string" },
  "allow-remote": { type: "boolean" },
  "redirect-url": { type: "string" },
  "webhook-url": { type: "string" },
  "webhook-salt": { type: "string" },
  scenario: { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const;

type Values = ReturnType<typeof parseWords>["values"];

/** Reads what was typed after the name of the program. */
export function parseCommand(words: readonly string[]): Command {
  try {
    const { values, positionals } = parseWords(words);
    if (values.help) return { kind: "help" };
    if (values.version) return { kind: "version" };
    const [command, ...rest] = positionals;
    if (command === undefined && words.length === 0) return { kind: "help" };
    if (command === undefined) throw new Misuse("The command is missing: sandbox.");
    if (command !== "sandbox") throw new Misuse(`There is no command "${command}".`);
    if (rest.length > 0) throw new Misuse(`"${rest.join(" ")}" is too much after "sandbox".`);
    return { kind: "sandbox", options: toOptions(values) };
  } catch (error) {
    return { kind: "misused", problem: describe(error as Error) };
  }
}

// Node's own first sentence is clear; what follows it is about dashes.
function describe(error: Error): string {
  return error instanceof Misuse ? error.message : `${error.message.split(/[.\n]/)[0]}.`;
}

class Misuse extends Error {}

function parseWords(words: readonly string[]) {
  return parseArgs({ args: [...words], options: FLAGS, allowPositionals: true });
}

function toOptions(values: Values): ListenSandboxOptions {
  for (const [flag, value] of Object.entries(values)) {
    if (value === "") throw new Misuse(`--${flag} is empty.`);
  }
  const { port, host, scenario } = values;
  return {
    ...(port !== undefined && { port: parsePort(port) }),
    ...(host !== undefined && { host }),
    ...(values["allow-remote"] && { allowRemote: true }),
    ...(values["redirect-url"] !== undefined && { redirectUrl: values["redirect-url"] }),
    ...(scenario !== undefined && { scenario: parseScenario(scenario) }),
    ...toWebhookOptions(values),
  };
}

function toWebhookOptions(values: Values): ListenSandboxOptions {
  const { "webhook-url": webhookUrl, "webhook-salt": webhookSalt } = values;
  if (webhookUrl === undefined && webhookSalt !== undefined) {
    throw new Misuse("--webhook-salt signs webhooks; say where they go with --webhook-url.");
  }
  return {
    ...(webhookUrl !== undefined && { webhookUrl }),
    ...(webhookSalt !== undefined && { webhookSalt }),
  };
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (port <= 65_535) return port;
  throw new Misuse(`--port takes a number from 0 (any free one) to 65535, not "${text}".`);
}

function parseScenario(name: string) {
  if (isScenario(name)) return name;
  const names = SCENARIOS.map((scenario) => scenario.name).join(", ");
  throw new Misuse(`There is no scenario "${name}". There are: ${names}.`);
}
