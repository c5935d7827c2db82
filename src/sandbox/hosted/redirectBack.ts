import { numericIdOf, stableUuid } from "../records/identity.js";
import type { SandboxScenario } from "../scenarios.js";

/** What a return tells the partner's page. */
export interface FlowReturn {
  readonly status: "success" | "error";
  readonly state: string | undefined;
  readonly userUuid: string | undefined;
  readonly triggerEventId: string | undefined;
}

type Parameter = readonly [name: string, value: string];

/** Returns the parameters of the documented return, altered as the scenario requires. */
export async function describeReturn(
  back: FlowReturn,
  scenario: SandboxScenario,
): Promise<readonly Parameter[]> {
  const documented = documentedParameters(back);
  switch (scenario) {
    case "success":
    case "error":
    case "slow":
    case "close":
    case "expired-token":
    case "used-token":
    case "no-redirect-url":
    case "slow-transaction":
    case "failed-transaction":
    case "late-webhooks":
    case "repeated-webhooks":
    case "out-of-order-webhooks":
    case "lost-webhooks":
    case "loyalty-number":
    case "undocumented-merchant-external-id":
    case "undocumented-partner-external-id":
      return documented;
    case "no-uuid":
      return documented.map(toNumericId);
    case "no-state":
      return documented.filter(([name]) => name !== "state");
    case "duplicated-parameters":
      return [...documented, ...documented.map(toDifferingValue)];
    case "extra-parameters":
      return [...documented, ...EXTRA_PARAMETERS];
    case "tampered-uuid":
      return Promise.all(documented.map(toSomebodyElse));
    default:
      return scenario satisfies never;
  }
}

/**
 * Adds parameters to the Redirect URL. Text is appended and nothing is parsed or rewritten: a query
 * that is already there keeps every byte and a fragment stays at the end.
 */
export function mergeIntoQuery(url: string, parameters: readonly Parameter[]): string {
  const [, base = "", fragment = ""] = /^([^#]*)(.*)$/s.exec(url) ?? [];
  const added = parameters.map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
  return base + separatorAfter(base) + added + fragment;
}

/**
 * Resolves a relative Redirect URL against the shop's origin, if that is known. Otherwise the browser
 * resolves it against the hosted page (the documents do not say which). An absolute URL stays as it is.
 */
export function resolveRedirectUrl(url: string, shopOrigin: string | undefined): string {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== "http" && scheme !== "https") {
    throw new TypeError(
      `redirectUrl must be http, https or relative; it starts with "${scheme}:".`,
    );
  }
  if (scheme !== undefined || shopOrigin === undefined) return toHeaderText(url);
  return toHeaderText(new URL(shopOrigin).origin + (url.startsWith("/") ? "" : "/") + url);
}

function documentedParameters(back: FlowReturn): readonly Parameter[] {
  // Benji's names are written out on purpose: the sandbox shares no constant with the library.
  const parameters: readonly (readonly [string, string | undefined])[] = [
    ["status", back.status],
    ["state", back.state],
    ["benji_user_uuid", back.userUuid],
    ["trigger_event_id", back.triggerEventId],
  ];
  return parameters.filter((pair): pair is Parameter => pair[1] !== undefined);
}

const EXTRA_PARAMETERS: readonly Parameter[] = [
  ["sandbox_campaign", "spring"],
  ["sandbox_note", "in no table & harmless = true"],
  ["sandbox_list[]", "1"],
  ["sandbox_list[]", "2"],
];

function toNumericId([name, value]: Parameter): Parameter {
  return name === "benji_user_uuid" ? ["benji_user_id", numericIdOf(value)] : [name, value];
}

function toDifferingValue([name, value]: Parameter): Parameter {
  if (name === "status") return [name, value === "success" ? "error" : "success"];
  if (name === "state") return [name, `${value}-again`];
  return [name, crypto.randomUUID()];
}

async function toSomebodyElse([name, value]: Parameter): Promise<Parameter> {
  return [name, name === "benji_user_uuid" ? await stableUuid("somebody else", value) : value];
}

function separatorAfter(base: string): string {
  if (!base.includes("?")) return "?";
  return /[?&]$/.test(base) ? "" : "&";
}

/** Percent-encodes everything but visible ASCII, which is all that a header can carry. */
function toHeaderText(url: string): string {
  return url.replace(/\p{Surrogate}/gu, "\ufffd").replace(/[^\x21-\x7e]/gu, encodeURIComponent);
}
