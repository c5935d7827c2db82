import { MODE_NUMBERS } from "../contract.js";
import { BenjiConnectError } from "../errors.js";

/** What the member will do at Benji, by name. */
export type ConnectModeName = keyof typeof MODE_NUMBERS;

/** The number of a mode in Benji's documents. There is no 2. */
export type ConnectModeNumber = (typeof MODE_NUMBERS)[ConnectModeName];

/** A mode, as its name or its number. */
export type ConnectMode = ConnectModeName | ConnectModeNumber;

const NAMES = Object.keys(MODE_NUMBERS) as ConnectModeName[];

/** The name of a mode, or `undefined` for an unknown one. */
export const modeName = (mode: unknown): ConnectModeName | undefined =>
  NAMES.find((known) => known === mode || MODE_NUMBERS[known] === mode);

/**
 * Reads a mode, written as a name or as Benji's number.
 *
 * @throws BenjiConnectError `invalid_request` for anything else; 2 is refused.
 */
export function parseMode(mode: unknown): ConnectModeName {
  const name = modeName(mode);
  if (name) return name;
  throw new BenjiConnectError("invalid_request", "mode");
}

/** The number that is sent to Benji. */
export const modeNumber = (mode: unknown): ConnectModeNumber => MODE_NUMBERS[parseMode(mode)];
