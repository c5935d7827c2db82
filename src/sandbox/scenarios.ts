import type { ExternalIds } from "./records/entityStore.js";

/** How a flow, one visit to the hosted page, can go. `success` is as documented. */
export type SandboxScenario =
  | "success"
  | "error"
  | "close"
  | "slow"
  | "no-uuid"
  | "no-state"
  | "duplicated-parameters"
  | "extra-parameters"
  | "tampered-uuid"
  | "expired-token"
  | "used-token"
  | "no-redirect-url"
  | "slow-transaction"
  | "failed-transaction"
  | "late-webhooks"
  | "repeated-webhooks"
  | "out-of-order-webhooks"
  | "lost-webhooks"
  | "loyalty-number"
  | "undocumented-merchant-external-id"
  | "undocumented-partner-external-id";

interface ScenarioText {
  readonly name: SandboxScenario;
  readonly label: string;
  readonly detail: string;
  /** `afterwards`: the scenario changes only webhooks and `GET`s, not the flow and its return. */
  readonly part: "flow" | "afterwards";
}

/** In the order in which the hosted page shows them. */
export const SCENARIOS: readonly ScenarioText[] = [
  {
    part: "flow",
    name: "success",
    label: "As documented",
    detail: "The return table, nothing else",
  },
  {
    part: "flow",
    name: "error",
    label: "Error",
    detail: "status=error, whichever button is pressed",
  },
  {
    part: "flow",
    name: "close",
    label: "Closed",
    detail: "No return, whichever button is pressed",
  },
  { part: "flow", name: "slow", label: "Slow", detail: "The answer takes 1.5 seconds" },
  { part: "flow", name: "no-uuid", label: "No UUID", detail: "A numeric benji_user_id instead" },
  { part: "flow", name: "no-state", label: "No state", detail: "The state is not echoed back" },
  {
    part: "flow",
    name: "duplicated-parameters",
    label: "Duplicates",
    detail: "Every parameter twice, with differing values",
  },
  {
    part: "flow",
    name: "extra-parameters",
    label: "Extras",
    detail: "Parameters that no table names",
  },
  {
    part: "flow",
    name: "tampered-uuid",
    label: "Tampered UUID",
    detail: "The UUID of somebody else",
  },
  {
    part: "flow",
    name: "expired-token",
    label: "Expired token",
    detail: "The token's time is over",
  },
  {
    part: "flow",
    name: "used-token",
    label: "Used token",
    detail: "The token has finished a flow before",
  },
  {
    part: "flow",
    name: "no-redirect-url",
    label: "No Redirect URL",
    detail: "As if Pilot had none: the member stays",
  },
  {
    part: "afterwards",
    name: "slow-transaction",
    label: "Slow transaction",
    detail: "2 seconds pass before each next status",
  },
  {
    part: "afterwards",
    name: "failed-transaction",
    label: "Failed transaction",
    detail: "The return says success, then it fails",
  },
  {
    part: "afterwards",
    name: "late-webhooks",
    label: "Late webhooks",
    detail: "They come 5 seconds after the flow",
  },
  {
    part: "afterwards",
    name: "repeated-webhooks",
    label: "Repeated webhooks",
    detail: "Each one is sent twice, byte for byte",
  },
  {
    part: "afterwards",
    name: "out-of-order-webhooks",
    label: "Webhooks out of order",
    detail: "The last one is sent first",
  },
  {
    part: "afterwards",
    name: "lost-webhooks",
    label: "Lost webhooks",
    detail: "None is sent; resend them by number",
  },
  {
    part: "afterwards",
    name: "loyalty-number",
    label: "Loyalty number",
    detail: "Both rows of the user carry one as external_id",
  },
  {
    part: "afterwards",
    name: "undocumented-merchant-external-id",
    label: "Undocumented: merchant row",
    detail: "It echoes user_external_id as external_id",
  },
  {
    part: "afterwards",
    name: "undocumented-partner-external-id",
    label: "Undocumented: partner row",
    detail: "It echoes user_external_id as external_id",
  },
];

export function isScenario(value: unknown): value is SandboxScenario {
  return SCENARIOS.some(({ name }) => name === value);
}

/** Returns how a scenario invalidates the token; `undefined` for all but two. */
export function invalidationOf(scenario: SandboxScenario): "expired" | "used" | undefined {
  switch (scenario) {
    case "expired-token":
      return "expired";
    case "used-token":
      return "used";
    default:
      return undefined;
  }
}

/** How the webhooks of one flow are delivered. */
export type Travel = "at-once" | "late" | "repeated" | "reversed" | "lost";

export function travelOf(scenario: SandboxScenario): Travel {
  switch (scenario) {
    case "late-webhooks":
      return "late";
    case "repeated-webhooks":
      return "repeated";
    case "out-of-order-webhooks":
      return "reversed";
    case "lost-webhooks":
      return "lost";
    default:
      return "at-once";
  }
}

/**
 * Returns the scenario that decides the user's `external_id`s: the flow's own, if that is `success` or
 * sets them, otherwise the sandbox's default. So a demo that relies on an undocumented row can also
 * send late webhooks.
 */
export function rowScenarioOf(played: SandboxScenario, usual: SandboxScenario): SandboxScenario {
  switch (played) {
    case "success":
    case "loyalty-number":
    case "undocumented-merchant-external-id":
    case "undocumented-partner-external-id":
      return played;
    default:
      return usual;
  }
}

const NONE: ExternalIds = { merchant: null, partner: null };

/** Returns the `external_id`s of the user's rows: `null` where the scenario sets none. */
export function externalIdsOf(
  scenario: SandboxScenario,
  {
    userUuid,
    userExternalId = null,
  }: { userUuid: string; userExternalId?: string | null | undefined },
): ExternalIds {
  switch (scenario) {
    case "loyalty-number": {
      const number = `LOYALTY-${userUuid.slice(0, 8)}`;
      return { merchant: number, partner: number };
    }
    case "undocumented-merchant-external-id":
      return { ...NONE, merchant: userExternalId };
    case "undocumented-partner-external-id":
      return { ...NONE, partner: userExternalId };
    default:
      return NONE;
  }
}
