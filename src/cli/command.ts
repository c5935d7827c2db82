import { parseArgs } from "node:util";

import type { ListenSandboxOptions } from "../sandbox/listen.js";
import { isScenario, SCENARIOS } from "../sandbox/scenarios.js";
import { EVENTS, isEvent } from "../sandbox/webhooks/webhooks.js";

export interface SandboxCommand {
  readonly kind: "sandbox";
  readonly options: ListenSandboxOptions;
}

/** What is asked of a sandbox that runs already. */
export interface ControlCommand {
  readonly kind: "control";
  readonly action: "trigger" | "resend";
  readonly body: { readonly event: string } | { readonly number: number };
  readonly at: { readonly host: string; readonly port: number };
}

type Command =
  | SandboxCommand
  | ControlCommand
  | { readonly kind: "help" | "version" }
  | { readonly kind: "misused"; readonly problem: string };

export const DEFAULT_PORT = 4010;
export const DEFAULT_HOST = "127.0.0.1";

const FLAGS = {
  port: { type: "string" },
  host: { type: "string" },
  "allow-remote": { type: "boolean" },
  "redirect-url": { type: "string" },
  "webhook-url": { type: "string" },
  "webhook-salt": { type: "string" },
  "webhook-signed": { type: "string" },
  scenario: { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const;

type Values = ReturnType<typeof parseWords>["values"];
type Environment = Readonly<Record<string, string | undefined>>;

/** Reads what was typed after the name of the program. */
export function parseCommand(words: readonly string[], environment: Environment): Command {
  try {
    const { values, positionals } = parseWords(words);
    if (values.help) return { kind: "help" };
    if (values.version) return { kind: "version" };
    const [command, ...rest] = positionals;
    if (command === undefined && words.length === 0) return { kind: "help" };
    if (command === undefined) throw new Misuse("The command is missing: sandbox.");
    if (command !== "sandbox") throw new Misuse(`There is no command "${command}".`);
    mustNotBeEmpty(values);
    return parseSandbox(rest, values, environment);
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

function mustNotBeEmpty(values: Values): void {
  for (const [flag, value] of Object.entries(values)) {
    if (value === "") throw new Misuse(`--${flag} is empty.`);
  }
}

function parseSandbox(words: readonly string[], values: Values, environment: Environment): Command {
  const [action, ...rest] = words;
  switch (action) {
    case undefined:
      return { kind: "sandbox", options: toOptions(values, environment) };
    case "trigger":
      return { kind: "control", action, body: { event: parseEvent(rest) }, at: toAddress(values) };
    case "resend":
      return {
        kind: "control",
        action,
        body: { number: parseNumber(rest) },
        at: toAddress(values),
      };
    default:
      throw new Misuse(`"${words.join(" ")}" is too much after "sandbox".`);
  }
}

function parseEvent([event, ...rest]: readonly string[]): string {
  if (isEvent(event) && rest.length === 0) return event;
  throw new Misuse(`"sandbox trigger" takes one event: ${EVENTS.join(", ")}.`);
}

function parseNumber([number = "", ...rest]: readonly string[]): number {
  if (/^[1-9]\d{0,8}$/.test(number) && rest.length === 0) return Number(number);
  throw new Misuse(
    '"sandbox resend" takes the number of a webhook, as the sandbox prints it: resend 3.',
  );
}

/** Where the running sandbox listens. What else can be set was set when it was started. */
function toAddress({ port, host = DEFAULT_HOST, ...rest }: Values): ControlCommand["at"] {
  const [flag] = Object.keys(rest);
  if (flag !== undefined) throw new Misuse(`--${flag} is for starting the sandbox.`);
  return { host, port: port === undefined ? DEFAULT_PORT : parsePort(port) };
}

function toOptions(values: Values, environment: Environment): ListenSandboxOptions {
  const { port, host, scenario } = values;
  return {
    ...(port !== undefined && { port: parsePort(port) }),
    ...(host !== undefined && { host }),
    ...(values["allow-remote"] && { allowRemote: true }),
    ...(values["redirect-url"] !== undefined && { redirectUrl: values["redirect-url"] }),
    ...(scenario !== undefined && { scenario: parseScenario(scenario) }),
    ...toWebhookOptions(values, environment),
  };
}

function toWebhookOptions(values: Values, environment: Environment): ListenSandboxOptions {
  const { "webhook-url": webhookUrl, "webhook-salt": salt, "webhook-signed": signed } = values;
  if (webhookUrl === undefined) {
    if (salt !== undefined || signed !== undefined) {
      throw new Misuse("--webhook-salt and --webhook-signed need --webhook-url: where they go.");
    }
    return {};
  }
  // Other users of the machine can read a command line, but not the environment.
  const webhookSalt = salt ?? (environment["BENJI_WEBHOOK_SALT"] || undefined);
  return {
    webhookUrl,
    ...(webhookSalt !== undefined && { webhookSalt }),
    ...(signed !== undefined && { webhookSigned: parseSigned(signed) }),
  };
}

function parseSigned(text: string): "timestamp-and-body" | "body" {
  if (text === "timestamp-and-body" || text === "body") return text;
  throw new Misuse(`--webhook-signed takes timestamp-and-body or body, not "${text}".`);
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
