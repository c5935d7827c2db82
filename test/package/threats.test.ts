import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DOES_NOT_APPLY = "docs/decisions/0008-threats-that-do-not-apply.md";

const manual = readFileSync(join(ROOT, "test/threats.md"), "utf8");
const rows = [...manual.matchAll(/^\| ([TF]\d+) +\| .* \| (.*) \|$/gm)].map(
  ([, number = "", cell = ""]) => ({ number, cell }),
);

const numbered = (letter: string, length: number) =>
  Array.from({ length }, (_, index) => `${letter}${index + 1}`);

/** The files with a test whose name ends with this number, written as in the table. */
function filesProving(number: string): string[] {
  return readdirSync(join(ROOT, "test"), { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => /\.test\.tsx?$/.test(file) && !file.includes("node_modules"))
    .filter((file) => numbersIn(file).includes(number))
    .sort();
}

function numbersIn(file: string): string[] {
  const names = readFileSync(join(ROOT, "test", file), "utf8").matchAll(
    / \(((?:[TF]\d+(?:, )?)+)\)["'`]/g,
  );
  return [...names].flatMap(([, numbers = ""]) => numbers.split(", "));
}

it("every threat and every fault has a row in test/threats.md", () => {
  expect(rows.map(({ number }) => number)).toEqual([...numbered("T", 46), ...numbered("F", 50)]);
});

it("every row of test/threats.md names exactly the files whose tests end with its number, or says why none do", () => {
  const decision = readFileSync(join(ROOT, DOES_NOT_APPLY), "utf8");
  for (const { number, cell } of rows) {
    const named = [...cell.matchAll(/`([^`]+)`/g)].map(([, file]) => file);
    expect({ number, named }).toEqual({ number, named: filesProving(number) });
    if (named.length === 0) expect(cell).toContain(DOES_NOT_APPLY);
  }
  expect(decision).toContain("T19 to T21");
});
