import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Each code block says the app's file that it is, or is a part of. */
const blocksOf = (manual: string) =>
  [...readFileSync(join(ROOT, "docs", manual), "utf8").matchAll(/^```(.*)\n([^]*?)^```/gm)].map(
    ([, head = "", code = ""]) => ({ file: /^\w+ file=(\S+)$/.exec(head)?.[1] ?? head, code }),
  );

it.each([
  ["frameworks.md", 10],
  ["csp.md", 2],
])("every block of docs/%s stands in the tested app's own file", (manual, atLeast) => {
  const blocks = blocksOf(manual);
  expect(blocks.length).toBeGreaterThanOrEqual(atLeast);
  for (const { file, code } of blocks)
    expect(readFileSync(join(ROOT, "test/apps", file), "utf8")).toContain(code);
});
