import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const topLevel = () => {
  const files = execFileSync("git", ["ls-files"], { cwd: ROOT, encoding: "utf8" }).trim();
  return new Set(files.split("\n").map((file) => file.split("/")[0]));
};

it("the repository has at most 21 entries at its top level", () => {
  expect([...topLevel()].length).toBeLessThanOrEqual(21);
});
