import { parseArgs } from "node:util";
import { API_URL } from "../contract.js";
import type { DoctorOptions } from "./doctor/doctor.js";
import type { ListenSandboxOptions } from "../sandbox/listen.js";
import { isScenario, SCENARIOS } from "../sandbox/scenarios.js";
import { EVENTS, isEvent } from "../sandbox/webhooks/webhooks.js";

export interface SandboxCommand {
  readonly kind: "sandbox";
  readonly options: ListenSandboxOptions;
}

/** A command to a sandbox that is already running. */
export interface ControlCommand {
  readonly kind: "control";
  readonly action: "trigger" | "resend";
  readonly body: { readonly event: string } | { readonly number: number };
  readonly at: { readonly host: string; readonly port: number };
}

/** A check of a running integration. */
export interface DoctorCommand {
  readonly kind: "doctor";
  readonly options: Omit<DoctorOptions, "folder">;
  readonly isJson: boolean;
}

type Command =
  | SandboxCommand
  | ControlCommand
  | DoctorCommand
  | { readonly kind: "help" | "version" }
  | { readonly kind: "misused"; readonly problem: string };

export const DEFAULT_PORT = 4010;
export const DEFAULT_HOST = "127.0.0.1";

const SANDBOX_FLAGS = {
  port: { type: "string" },
  host: { type: "string" },
  "allow-remote": { type: "boolean" },
  "redirect-url": { type: "string" },
  "webhook-url": { type: "string" },
  "webhook-salt": { type: "string" },
  "webhook-signed": { type: "string" },
  scenario: { type: "string" },
} as const;

const DOCTOR_FLAGS = {
  url: { type: "string" },
  callback: { type: "string" },
  "token-route": { type: "string" },
  built: { type: "string" },
  "create-token": { type: "boolean" },
  "key-from-env": { type: "boolean" },
  "partnership-id": { type: "string" },
  api: { type: "string" },
  json: { type: "boolean" },
} as const;

const FLAGS = {
  ...SANDBOX_FLAGS,
  ...DOCTOR_FLAGS,
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const;

type Values = ReturnType<typeof parseFlags>["values"];
type Environment = Readonly<Record<string, string | undefined>>;

/** Parses the arguments after the program's name. */
export function parseCommand(args: readonly string[], environment: Environment): Command {
  try {
    const { values, positionals } = parseFlags(args);
    if (values.help) return { kind: "help" };
    if (values.version) return { kind: "version" };
    const [command, ...rest] = positionals;
    if (command === undefined && args.length === 0) return { kind: "help" };
    if (command === undefined) throw new Misuse("The command is missing: sandbox or doctor.");
    mustNotBeEmpty(values);
    switch (command) {
      case "sandbox":
        mustBeOnly(values, SANDBOX_FLAGS, command);
        return parseSandbox(rest, values, environment);
      case "doctor":
        mustBeOnly(values, DOCTOR_FLAGS, command);
        return parseDoctor(rest, values, environment);
      default:
        throw new Misuse(`There is no command "${command}".`);
    }
  } catch (error) {
    return { kind: "misused", problem: describe(error as Error) };
  }
}

// Keeps the first sentence of Node's message: the rest is about dashes.
function describe(error: Error): string {
  return error instanceof Misuse ? error.message : `${error.message.split(/[.\n]/)[0]}.`;
}

class Misuse extends Error {}

function parseFlags(args: readonly string[]) {
  return parseArgs({ args: [...args], options: FLAGS, allowPositionals: true });
}

function mustNotBeEmpty(values: Values): void {
  for (const [flag, value] of Object.entries(values)) {
    if (value === "") throw new Misuse(`--${flag} is empty.`);
  }
}

function mustBeOnly(values: Values, known: object, command: string): void {
  const flag = Object.keys(values).find((name) => !Object.hasOwn(known, name));
  if (flag !== undefined) throw new Misuse(`--${flag} is not for "${command}".`);
}

/** The default paths: our documents use them. */
const CALLBACK = "/benji/callback";
const TOKEN_ROUTE = "/api/benji/connect-token";

function parseDoctor(
  args: readonly string[],
  values: Values,
  environment: Environment,
): DoctorCommand {
  if (args.length > 0) throw new Misuse(`"${args.join(" ")}" is too much after "doctor".`);
  const { url, built, "partnership-id": partnershipId, api = API_URL.staging } = values;
  if (url === undefined) throw new Misuse("--url is missing, such as --url https://shop.example.");
  const apiKey = environment["BENJI_API_KEY"] || undefined;
  const cookie = environment["BENJI_DOCTOR_COOKIE"] || undefined;
  const asksBenji = values["key-from-env"] === true;
  if (asksBenji && apiKey === undefined)
    throw new Misuse("--key-from-env needs BENJI_API_KEY in the environment.");
  if (asksBenji && partnershipId === undefined)
    throw new Misuse("--key-from-env needs --partnership-id, as Pilot shows it.");
  const callback = values.callback ?? CALLBACK;
  const tokenRoute = values["token-route"] ?? TOKEN_ROUTE;
  return {
    kind: "doctor",
    isJson: values.json === true,
    options: {
      url: new URL(parseWebUrl("--url", url).origin),
      callback: mustBePath("--callback", callback),
      tokenRoute: /^https?:/.test(tokenRoute)
        ? parseWebUrl("--token-route", tokenRoute).href
        : mustBePath("--token-route", tokenRoute),
      createsToken: values["create-token"] === true,
      ...(built !== undefined && { built }),
      ...(apiKey !== undefined && { apiKey }),
      ...(cookie !== undefined && { cookie }),
      ...(asksBenji && {
        benji: { api: parseWebUrl("--api", api).origin, partnershipId: partnershipId ?? "" },
      }),
    },
  };
}

function parseWebUrl(flag: string, text: string): URL {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return new URL(text);
  throw new Misuse(`${flag} takes an address such as https://shop.example, not "${text}".`);
}

function mustBePath(flag: string, text: string): string {
  if (text.startsWith("/") && !text.startsWith("//") && !/[?#]/.test(text)) return text;
  throw new Misuse(`${flag} takes a path such as ${CALLBACK}, not "${text}".`);
}

function parseSandbox(args: readonly string[], values: Values, environment: Environment): Command {
  const [action, ...rest] = args;
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
      throw new Misuse(`"${args.join(" ")}" is too much after "sandbox".`);
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

/** Returns the running sandbox's host and port. Refuses all other flags: they are for starting it. */
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
