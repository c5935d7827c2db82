import { defineConfig } from "vitest/config";

/** The same tests without plugins and projects: Stryker runs them some thousand times. */
export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    environment: "node",
    include: ["test/core/**/*.test.ts", "test/contract/**/*.test.ts"],
    // Chance must not decide a score: a mutant that only a lucky draw kills counts as alive.
    exclude: ["test/core/{properties,interleavings}*", "test/contract/roundTrip.test.ts"],
  },
});
