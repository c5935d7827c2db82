/** What a flow can be made to do. `success` is the documented one. */
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
  | "no-redirect-url";

interface ScenarioText {
  readonly name: SandboxScenario;
  readonly label: string;
  readonly detail: string;
}

/** In the order the drawer shows them. */
export const SCENARIOS: readonly ScenarioText[] = [
  { name: "success", label: "As documented", detail: "The return table, nothing else" },
  { name: "error", label: "Error", detail: "status=error, whichever button is pressed" },
  { name: "close", label: "Closed", detail: "No return, whichever button is pressed" },
  { name: "slow", label: "Slow", detail: "The answer takes 1.5 seconds" },
  { name: "no-uuid", label: "No UUID", detail: "A numeric benji_user_id instead" },
  { name: "no-state", label: "No state", detail: "The state is not echoed back" },
  {
    name: "duplicated-parameters",
    label: "Duplicates",
    detail: "Every parameter twice, with differing values",
  },
  { name: "extra-parameters", label: "Extras", detail: "Parameters that no table names" },
  { name: "tampered-uuid", label: "Tampered UUID", detail: "The UUID of somebody else" },
  { name: "expired-token", label: "Expired token", detail: "The token's time is over" },
  { name: "used-token", label: "Used token", detail: "The token has finished a flow before" },
  {
    name: "no-redirect-url",
    label: "No Redirect URL",
    detail: "As if Pilot had none: the member stays",
  },
];

export function isScenario(value: unknown): value is SandboxScenario {
  return SCENARIOS.some(({ name }) => name === value);
}

/** Two scenarios that make the token itself stop working. */
export function spoilingOf(scenario: SandboxScenario): "expired" | "used" | undefined {
  switch (scenario) {
    case "expired-token":
      return "expired";
    case "used-token":
      return "used";
    default:
      return undefined;
  }
}
