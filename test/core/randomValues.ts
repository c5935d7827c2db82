// Random values for the property tests, all from one seed.
import fc from "fast-check";
import { vi } from "vitest";

/** Called once per test file. It prints the seed: `FC_SEED=… npx vitest …` repeats the run. */
export function seedRuns(file: string): void {
  const seed = Number(process.env["FC_SEED"] ?? Date.now() % 2 ** 31);
  // A run is stopped after ten minutes. It reports what it has found, and fails, because it proves less.
  const patience = { interruptAfterTimeLimit: 600_000, markInterruptAsFailure: true };
  fc.configureGlobal({ ...fc.readConfigureGlobal(), ...patience, seed, numRuns: 1_000 });
  vi.setConfig({ testTimeout: 650_000 });
  console.info(`${file}: FC_SEED=${seed}`);
}

/** Any well-formed text that a parameter may hold: line breaks, NUL, emoji, `&=#%+`, right to left. */
export const anyText = fc.oneof(
  fc.string({ unit: "binary", minLength: 1, maxLength: 100 }),
  fc.string({ unit: fc.constantFrom(..."&=#?%+/\\;:@ \"'<>\r\n\0é漢😀"), minLength: 1 }),
  fc.uuid(),
);

/** Makes a `randomBytes` whose states look real and never repeat. */
export const randomBytesFrom =
  (next: () => number) =>
  (length: number): Uint8Array =>
    Uint8Array.from({ length }, () => next() & 255);

/** A generator of numbers that never repeat in a run (mulberry32). Equal seeds give equal numbers. */
export function numbersFrom(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}

const at = (text: string, index: number, change: (letter: string) => string) =>
  text.slice(0, index) + change(text.charAt(index)) + text.slice(index + 1);
const toOtherCase = (c: string) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase());
const toPercent = (c: string) => `%${c.charCodeAt(0).toString(16)}`;
// The last of 43 letters carries only 4 bits: the next letter decodes to the same bytes.
const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const toNeighbour = (c: string) => BASE64URL.charAt(BASE64URL.indexOf(c) ^ 1);

const NEAR_MISSES: ((state: string, index: number) => string)[] = [
  (state, index) => at(state, index, toOtherCase),
  (state, index) => at(state, index, toPercent), // encoded twice on the wire
  (state, index) => at(state, index, () => ""),
  (state, index) => at(state, index, (c) => c + c),
  (state) => at(state, state.length - 1, toNeighbour),
  (state, index) => state.slice(0, index),
  (state, index) => state.slice(index),
  (state, index) => state + ["x", " ", "\0", "\n", "=", "%00", ",", ";", "\u00a0"][index % 9],
  (state, index) => [" ", "\t", "\ufeff", "x", "benji.", "1:"][index % 6] + state,
  (state) => state.toUpperCase(),
  (state) => state.toLowerCase(),
  (state) => encodeURIComponent(encodeURIComponent(`${state}%`)),
  (state) => state.replace(".", "\uff0e"),
  (state) => state.replace(/-/g, "+").replace(/_/g, "/"),
  (state) => `benji-connect:1:${state}`,
  (state) => `${state}${state}`,
];

/** Generates texts that differ slightly from the given state. */
export const nearMissOf = (state: string) =>
  fc
    .tuple(fc.constantFrom(...NEAR_MISSES), fc.nat(48))
    .map(([change, index]) => change(state, index))
    .filter((text) => text !== state);
