// Vitest reporter: writes the number of tests of each project to $ENGINE_COUNTS, for scripts/test.mjs.
import { writeFileSync } from "node:fs";

export default class EngineReporter {
  onTestRunEnd(modules) {
    const counts = {};
    for (const { project, children } of modules) {
      const tally = (counts[project.name] ??= { passed: 0, failed: 0, skipped: 0 });
      for (const test of children.allTests()) tally[test.result().state]++;
    }
    writeFileSync(process.env.ENGINE_COUNTS, JSON.stringify(counts));
  }
}
