import type { BenjiStore } from "../../src/server/index.js";

/** What every store must do, by its sentence. Rejects where it does not. */
export declare const storeFacts: Record<string, (store: BenjiStore) => Promise<void>>;
