/** What a return can look like. `success` is the documented one. */
export type SandboxScenario =
  | "success"
  | "error"
  | "no-uuid"
  | "no-state"
  | "duplicated-parameters"
  | "extra-parameters"
  | "tampered-uuid"
  | "slow";

interface ScenarioText {
  readonly name: SandboxScenario;
  readonly label: string;
  readonly detail: string;
}

/** In the order the drawer shows them. */
export const SCENARIOS: readonly ScenarioText[] = [
  { name: "success", label: "As documented", detail: "The return table, nothing else" },
  { name: "error", label: "Error", detail: "status=error, whichever button is pressed" },
  { name: "no-uuid", label: "No UUID", detail: "A numeric benji_user_id instead" },
  { name: "no-state", label: "No state", detail: "The state is not echoed back" },
  {
    name: "duplicated-parameters",
    label: "Duplicates",
    detail: "Every parameter twice, with differing values",
  },
  { name: "extra-parameters", label: "Extras", detail: "Parameters that no table names" },
  { name: "tampered-uuid", label: "Tampered UUID", detail: "The UUID of somebody else" },
  { name: "slow", label: "Slow", detail: "The answer takes 1.5 seconds" },
];

export function isScenario(value: unknown): value is SandboxScenario {
  return SCENARIOS.some(({ name }) => name === value);
}
