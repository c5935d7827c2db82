import type { ListenSandboxOptions } from "../sandbox/listen.js";
import { SCENARIOS } from "../sandbox/scenarios.js";
import { EVENTS } from "../sandbox/webhooks/webhooks.js";
import type { SandboxWebhook } from "../sandbox/webhooks/outbox.js";

const scenarioLines = SCENARIOS.map(({ name, detail }) => `  ${name.padEnd(36)}${detail}`);

export const HELP = `Usage: npx react-benji-connect sandbox [flags]
       npx react-benji-connect sandbox trigger <event> [--port <number>]
       npx react-benji-connect sandbox resend <n> [--port <number>]
       npx react-benji-connect doctor --url <origin> [flags]

"sandbox" starts a local stand-in for Benji: its API, Hosted Connect and webhooks.
It keeps nothing: when it stops, it forgets. "trigger" and "resend" ask one
that runs to send a webhook; the sandbox prints the number of each.

  --port <number>         Where to listen. Default: 4010; 0 takes any free port
  --redirect-url <url>    Where members are sent back to, as set in Pilot
  --webhook-url <url>     Where webhooks are sent. Default: nowhere
  --webhook-salt <text>   Signs the webhooks. Default: BENJI_WEBHOOK_SALT of the
                          environment, or sandbox-webhook-salt
  --webhook-signed <what> timestamp-and-body (default), or body: Benji's older form
  --scenario <name>       What every flow plays. Default: success
  --host <address>        Default: 127.0.0.1
  --allow-remote          Allows a --host that other machines can reach

"doctor" looks at a running integration and says what is wrong. It creates
nothing unless it is asked to.

  --url <origin>          Where members see the shop, such as https://shop.example
  --callback <path>       Default: /benji/callback
  --token-route <path>    Path or address. Default: /api/benji/connect-token
  --built <folder>        Looks for the API key in the files that browsers load
  --create-token          Creates one token that nobody uses, at the token route;
                          BENJI_DOCTOR_COOKIE is the Cookie header of a test member
  --key-from-env          Asks Benji for one token that nobody uses, with
                          BENJI_API_KEY; needs --partnership-id
  --partnership-id <id>   As Pilot shows it
  --api <origin>          Default: Benji's staging
  --json                  The findings as JSON

  --help, --version

Scenarios:
${scenarioLines.join("\n")}

Events:
${EVENTS.map((event) => `  ${event}`).join("\n")}

Exit codes: 0 stopped, shown, delivered, or nothing is wrong; 1 could not start, not\ndelivered, or something is wrong; 2 misunderstood.`;

/** Returns what a developer wants to copy after the start: addresses, keys and a first call. */
export function startUpText(
  { url, partnershipUuid }: { readonly url: string; readonly partnershipUuid: string },
  options: ListenSandboxOptions,
): string {
  return `The Benji sandbox is running. It keeps nothing: when it stops, it forgets.

  Connect token    POST ${url}/auth/connect
                   x-api-key: sandbox-api-key
  SDK token        POST ${url}/verify/token/create
                   Authorization: Bearer sandbox-access-token
  Exchange token   POST ${url}/access/token/exchange
                   x-api-key: sandbox-api-key
  Look-ups         GET ${url}/users/<uuid>, /transactions/<uuid>, /partnerships/<uuid>
                   x-api-key: sandbox-api-key
  Hosted Connect   ${url}/<partnershipId>, such as ${url}/49
  Partnership 49   ${partnershipUuid}

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
  // The developer's own salt is a secret and is not printed.
  const salt = webhookSalt === undefined ? "the salt sandbox-webhook-salt" : "your salt";
  return `${origin}${pathname}, signed with ${salt}`;
}
