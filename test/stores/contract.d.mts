import type { BenjiStore } from "../../src/server/index.js";

/** What every store must do: a sentence, and a function that rejects if the store does not do it. */
export declare const storeFacts: Record<string, (store: BenjiStore) => Promise<void>>;
