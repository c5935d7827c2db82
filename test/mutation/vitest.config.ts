import { defineConfig } from "vitest/config";

/**
 * The same tests without plugins: Stryker runs them some thousand times. `MUTATION_TESTS=react` takes the
 * tests of React in place of the core's, for the mutants that those leave alive (see decision 6).
 */
const withReact = process.env["MUTATION_TESTS"] === "react";

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: withReact
    ? {
        environment: "happy-dom",
        include: ["test/react/**/*.test.tsx"],
        setupFiles: ["test/react/setup.ts"],
      }
    : {
        environment: "node",
        include: ["test/core/**/*.test.ts", "test/contract/**/*.test.ts"],
        // Chance must not decide a score: a mutant that only a lucky draw kills counts as alive.
        exclude: ["test/core/{properties,interleavings}*", "test/contract/roundTrip.test.ts"],
      },
});
