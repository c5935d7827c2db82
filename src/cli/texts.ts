import type { ListenSandboxOptions } from "../sandbox/listen.js";
import { SCENARIOS } from "../sandbox/scenarios.js";
import type { SandboxWebhook } from "../sandbox/webhooks/outbox.js";

const scenarioLines = SCENARIOS.map(({ name, detail }) => `  ${name.padEnd(24)}${detail}`);

export const HELP = `Usage: npx react-benji-connect sandbox [flags]

Starts a local stand-in for Benji: token endpoints, Hosted Connect and webhooks.
It keeps nothing: when it stops, it forgets.

  --port <number>         Where to listen. Default: 4010; 0 takes any free port
  --redirect-url <url>    Where members are sent back to, as set in Pilot
  --webhook-url <url>     Where webhooks are sent. Default: nowhere
  --webhook-salt <text>   Signs the webhooks. Default: sandbox-webhook-salt
  --scenario <name>       What every flow plays. Default: success
  --host <address>        Default: 127.0.0.1
  --allow-remote          Allows a --host that other machines can reach
  --help, --version

Scenarios:
${scenarioLines.join("\n")}

Exit codes: 0 stopped or told, 1 could not start, 2 misunderstood.`;

/** Everything that somebody who has just started it wants to copy. */
export function startUpText(url: string, options: ListenSandboxOptions): string {
  return `The Benji sandbox is running. It keeps nothing: when it stops, it forgets.

  Connect token    POST ${url}/auth/connect
                   x-api-key: sandbox-api-key
  SDK token        POST ${url}/verify/token/create
                   Authorization: Bearer sandbox-access-token
  Exchange token   POST ${url}/access/token/exchange
                   x-api-key: sandbox-api-key
  Hosted Connect   ${url}/<partnershipId>, such as ${url}/49

  Redirect URL     ${options.redirectUrl ?? "none, so members stay (set --redirect-url)"}
  Webhooks         ${describeWebhooks(options)}
  Scenario         ${options.scenario ?? "success"}
${options.allowRemote ? "\n  Other machines may reach it: --allow-remote is set.\n" : ""}
Create a connect token:

  curl -s ${url}/auth/connect -H "x-api-key: sandbox-api-key" -H "content-type: application/json" -d "{\\"partnership_id\\":49,\\"mode\\":1}"

Ctrl-C stops it.`;
}

export function webhookLine({ number, event, url, tries, lastStatus }: SandboxWebhook): string {
  return `webhook #${number} ${event} to ${url}: ${lastStatus} (tries: ${tries})`;
}

function describeWebhooks({ webhookUrl, webhookSalt }: ListenSandboxOptions): string {
  if (webhookUrl === undefined) return "none (set --webhook-url)";
  const { origin, pathname } = new URL(webhookUrl);
  // The salt is a secret where it is one.
  const salt = webhookSalt === undefined ? "the salt sandbox-webhook-salt" : "your salt";
  return `${origin}${pathname}, signed with ${salt}`;
}
