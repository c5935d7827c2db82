import type { BenjiStore } from "../../src/server/index.js";

/** What every store must do. Each function rejects if the store does not do it. */
export declare const storeFacts: Record<string, (store: BenjiStore) => Promise<void>>;
