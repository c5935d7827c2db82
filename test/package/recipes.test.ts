import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const APPS = fileURLToPath(new URL("../apps/", import.meta.url));
const MANUAL = new URL("../../docs/recipes.md", import.meta.url);

const blocks = [...readFileSync(MANUAL, "utf8").matchAll(/^```\w+\n([^]*?)^```/gm)].map(
  ([, code = ""]) => code,
);

/** The apps' own files; their node_modules and builds are not theirs. */
function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return /^(?:node_modules|dist|\.next)$/.test(entry.name) ? [] : filesUnder(path);
    return /\.(?:[mc]?[jt]sx?|json)$/.test(entry.name) ? [path] : [];
  });
}

it("every recipe is a file of a tested app, or lines of one", () => {
  const files = filesUnder(APPS).map((file) => readFileSync(file, "utf8"));
  expect(blocks.length).toBeGreaterThan(7);
  expect(blocks.filter((code) => !files.some((text) => text.includes(code)))).toEqual([]);
});

it("no recipe needs more than five lines of glue for its router", () => {
  const glue = blocks.filter((code) => /useBenjiRedirectResult/.test(code)).map(linesOfGlue);
  expect(Math.max(...glue)).toBeLessThanOrEqual(5);
});

const linesOfGlue = (code: string) =>
  code.split("\n").filter((line) => /navigate|history|router|replaceUrl/i.test(line)).length;
