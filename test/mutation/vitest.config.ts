import { defineConfig } from "vitest/config";

/**
 * Runs the core's tests without plugins, because Stryker repeats them some thousand times. With
 * `MUTATION_TESTS=react` it runs the React tests, for mutants that survive the core's tests (decision 6).
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
        // These tests use random values: a mutant that only some runs detect must count as alive.
        exclude: ["test/core/{properties,interleavings}*", "test/contract/roundTrip.test.ts"],
      },
});
