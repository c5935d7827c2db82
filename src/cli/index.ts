#!/usr/bin/env node
import { readFileSync } from "node:fs";

import { DEFAULT_HOST, DEFAULT_PORT, parseCommand } from "./parseCommand.js";
import type { ControlCommand, DoctorCommand, SandboxCommand } from "./parseCommand.js";
import { askSandbox } from "./sendToSandbox.js";
import { examine, findingsText } from "./doctor/doctor.js";
import { HELP, startUpText, webhookLine } from "./texts.js";
import { listenSandbox } from "../sandbox/index.js";
import type { ListeningSandbox } from "../sandbox/index.js";
import { isDelivered } from "../sandbox/webhooks/outbox.js";

const DONE = 0;
const FAILED = 1;
const MISUSED = 2;

/** Runs the command of `npx react-benji-connect …`. */
async function run(args: readonly string[]): Promise<void> {
  const command = parseCommand(args, process.env);
  switch (command.kind) {
    case "help":
      return say(HELP);
    case "version":
      return say(readVersion());
    case "misused":
      return fail(MISUSED, `${command.problem}\nTry: npx react-benji-connect --help`);
    case "sandbox":
      return startSandbox(command);
    case "control":
      return control(command);
    case "doctor":
      return diagnose(command);
    default:
      return command satisfies never;
  }
}

async function startSandbox(command: SandboxCommand): Promise<void> {
  const { options } = command;
  try {
    const onWebhook = (webhook: Parameters<typeof webhookLine>[0]) => say(webhookLine(webhook));
    const running = await listenSandbox({ ...options, onWebhook });
    stopOnSignal(running);
    const partnershipUuid = await running.sandbox.partnershipUuid(49);
    say(startUpText({ url: running.url, partnershipUuid }, options));
  } catch (error) {
    explain(error as NodeJS.ErrnoException, command);
  }
}

async function control(command: ControlCommand): Promise<void> {
  const answer = await askSandbox(command);
  if (answer.status === "refused") return fail(FAILED, answer.problem);
  const line = webhookLine(answer.webhook);
  return isDelivered(answer.webhook) ? say(line) : fail(FAILED, line);
}

async function diagnose({ options, isJson }: DoctorCommand): Promise<void> {
  const findings = await examine({ ...options, folder: process.cwd() });
  say(isJson ? JSON.stringify({ findings }, undefined, 2) : findingsText(findings));
  if (findings.some(({ verdict }) => verdict === "wrong")) process.exitCode = FAILED;
}

function explain(error: NodeJS.ErrnoException, { options }: SandboxCommand): void {
  const { host = DEFAULT_HOST, port = DEFAULT_PORT } = options;
  switch (error.code) {
    case "EADDRINUSE":
      return fail(FAILED, `Port ${port} is taken. Pass another: --port ${nextPort(port)}`);
    case "EACCES":
      return fail(FAILED, `Port ${port} is not ours to take. Pass another: --port 4010`);
    case "ERR_SANDBOX_NOT_LOOPBACK":
      return fail(
        MISUSED,
        `--host ${host} can be reached by other machines. If you mean it, add --allow-remote`,
      );
    default:
      return fail(
        error instanceof TypeError ? MISUSED : FAILED,
        `The sandbox cannot start: ${error.message}`,
      );
  }
}

function nextPort(port: number): number {
  return port < 65_535 ? port + 1 : 0;
}

function stopOnSignal({ close }: ListeningSandbox): void {
  const stop = () => {
    say("\nThe sandbox has stopped.");
    // A second Ctrl-C ends the process at once: `once` has removed this handler, and the default is in
    // effect.
    void close().finally(() => process.exit(DONE));
  };
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, stop);
}

function readVersion(): string {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function fail(code: number, text: string): void {
  process.stderr.write(`${text}\n`);
  process.exitCode = code;
}

void run(process.argv.slice(2));
