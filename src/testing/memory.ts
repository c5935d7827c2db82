import type { RedirectStorage } from "react-benji-connect";

/**
 * Creates a storage in memory. Pass the same one to the start and to the return.
 *
 * @example
 * ```ts
 * import { memoryStorage } from "react-benji-connect/testing";
 *
 * const storage = memoryStorage({ theme: "dark" });
 * console.log(storage.getItem("theme"), storage.length);
 * ```
 */
export function memoryStorage(items: Readonly<Record<string, string>> = {}): RedirectStorage {
  const kept = new Map(Object.entries(items));
  return {
    get length() {
      return kept.size;
    },
    key: (index) => [...kept.keys()][index] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, String(value)),
    removeItem: (key) => void kept.delete(key),
  };
}

/** Records each address and stays on the page. */
export interface MemoryNavigate {
  (url: string): void;
  /** Oldest first. */
  readonly addresses: readonly string[];
}

/**
 * Creates a `navigate` that only records addresses, for test runners without spies.
 *
 * @example
 * ```tsx
 * import { BenjiTestProvider, memoryNavigate } from "react-benji-connect/testing";
 * import { BenjiConnectButton } from "react-benji-connect";
 *
 * const navigate = memoryNavigate();
 * const scene = (
 *   <BenjiTestProvider navigate={navigate}>
 *     <BenjiConnectButton />
 *   </BenjiTestProvider>
 * );
 * // Render the scene, press the button, then:
 * console.log(navigate.addresses);
 * ```
 */
export function memoryNavigate(): MemoryNavigate {
  const addresses: string[] = [];
  return Object.assign((url: string) => void addresses.push(url), { addresses });
}
