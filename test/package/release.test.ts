import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { refusal } from "../../scripts/release.mjs";

const repository = { type: "git", url: "git+https://git.example/shop/library.git" };

it.each([{}, { repository: "" }, { repository: {} }])(
  "is not released without a repository: %j",
  (manifest) => {
    expect(refusal({ version: "1.2.3", ...manifest }, {})).toBe(
      'package.json names no "repository", and npm takes no provenance without it: set it as CONTRIBUTING.md says.',
    );
  },
);

it("is not released under the tag of another version", () => {
  const env = { GITHUB_REF_TYPE: "tag", GITHUB_REF_NAME: "v1.2.4" };
  expect(refusal({ version: "1.2.3", repository }, env)).toMatch(/^The tag v1\.2\.4 is not/);
});

it.each([{}, { GITHUB_REF_TYPE: "tag", GITHUB_REF_NAME: "v1.2.3" }])("is released: %j", (env) => {
  expect(refusal({ version: "1.2.3", repository }, env)).toBeUndefined();
});

it("T28: is released with a provenance, by actions whose content is pinned", () => {
  const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
  const manifest = JSON.parse(read("package.json")) as { publishConfig?: unknown };
  expect(manifest.publishConfig).toEqual({ access: "public", provenance: true });
  const workflow = read(".github/workflows/release.yml");
  expect(workflow).toContain("id-token: write");
  for (const [, action] of workflow.matchAll(/uses: (\S+)/g))
    expect(action).toMatch(/@[\da-f]{40}$/);
});
