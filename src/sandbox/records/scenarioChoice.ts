import { keepNewest } from "./newest.js";
import { isScenario } from "../scenarios.js";
import type { SandboxScenario } from "../scenarios.js";

/**
 * Chooses a flow's scenario: the token's own, else the one set for the next flow, else the default.
 */
export interface ScenarioChoice {
  readonly setNext: (name: SandboxScenario) => void;
  setFor(token: string, name: SandboxScenario): void;
  scenarioOf(token: string | undefined): SandboxScenario;
  /** Resets the next flow's scenario to the default, unless the token had its own. */
  markUsed(token: string | undefined): void;
}

export function createScenarioChoice(usual: SandboxScenario): ScenarioChoice {
  const pinned = new Map<string, SandboxScenario>();
  let next = mustBeScenario(usual);
  const pinOf = (token: string | undefined) =>
    token === undefined ? undefined : pinned.get(token);

  return {
    setNext: (name) => void (next = mustBeScenario(name)),
    setFor: (token, name) => keepNewest(pinned, token, mustBeScenario(name)),
    scenarioOf: (token) => pinOf(token) ?? next,
    markUsed(token) {
      if (pinOf(token) === undefined) next = usual;
    },
  };
}

function mustBeScenario(name: SandboxScenario): SandboxScenario {
  if (!isScenario(name)) throw new TypeError(`There is no scenario named "${String(name)}".`);
  return name;
}
