import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { refusal } from "../../scripts/release.mjs";

const repository = { type: "git", url: "git+https://git.example/shop/library.git" };

it.each([{}, { repository: "" }, { repository: {} }])(
  "the release is refused if package.json names no repository: %j",
  (manifest) => {
    expect(refusal({ version: "1.2.3", ...manifest }, {})).toBe(
      'package.json names no "repository", and npm takes no provenance without it: set it as .github/CONTRIBUTING.md says.',
    );
  },
);

it("the release is refused if its tag names another version than package.json", () => {
  const env = { GITHUB_REF_TYPE: "tag", GITHUB_REF_NAME: "v1.2.4" };
  expect(refusal({ version: "1.2.3", repository }, env)).toMatch(/^The tag v1\.2\.4 is not/);
});

it.each([{}, { GITHUB_REF_TYPE: "tag", GITHUB_REF_NAME: "v1.2.3" }])(
  "the release is allowed with the environment %j",
  (env) => {
    expect(refusal({ version: "1.2.3", repository }, env)).toBeUndefined();
  },
);

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");

/** The allowed actions, each with a commit's hash: a tag can be moved to other code. */
const ACTIONS = [
  "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2",
  "actions/setup-node@49933ea5288caeca8642d1e84afbd3f7d6820020 # v4.4.0",
  "actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2",
  "actions/download-artifact@d3f86a106a0bac45b974a628896c90dbdf5c8093 # v4.3.0",
];

const WORKFLOWS = readdirSync(new URL("../../.github/workflows", import.meta.url));

/** The jobs of a workflow as text, by name. A job's name is indented by two spaces. */
function jobsOf(workflow: string): Map<string, string> {
  const [, jobs = ""] = read(`.github/workflows/${workflow}`).split(/^jobs:\n/m);
  const [, ...parts] = jobs.split(/^ {2}([\w-]+):\n/m);
  return new Map(parts.flatMap((part, n) => (n % 2 ? [] : [[part, parts[n + 1] ?? ""]])));
}

/** The lines below `permissions:`, which are indented by six spaces. */
function permissionsOf(job: string): string[] {
  const [, permissions = ""] = /^ {4}permissions:\n((?: {6}.*\n)+)/m.exec(job) ?? [];
  return permissions
    .split("\n")
    .filter(Boolean)
    .map((line) => line.replace(/#.*/, "").trim());
}

const stepsOf = (job: string) =>
  [...job.matchAll(/^ {6}- (?:run|uses): (.+)$/gm)].map(([, step]) => step ?? "");

it.each(WORKFLOWS)(
  "the workflow %s uses only actions that are pinned to a commit (T28)",
  (workflow) => {
    const used = [...read(`.github/workflows/${workflow}`).matchAll(/uses: (.+)/g)];
    expect(used.length).toBeGreaterThan(0);
    for (const [, action] of used) expect(ACTIONS).toContain(action);
  },
);

it("every permission of a workflow is declared by one of its jobs (T28)", () => {
  const permissions = WORKFLOWS.flatMap((workflow) => {
    expect(read(`.github/workflows/${workflow}`), workflow).toMatch(/^permissions: \{\}$/m);
    return [...jobsOf(workflow)].map(([name, job]) => [`${workflow} ${name}`, permissionsOf(job)]);
  });
  expect(Object.fromEntries(permissions)).toEqual({
    "ci.yml check": ["contents: read"],
    "release.yml pack": ["contents: read"],
    "release.yml publish": ["id-token: write"],
  });
});

it("the package is published with a provenance by a job that runs only npm (T28, T39)", () => {
  const manifest = JSON.parse(read("package.json")) as { publishConfig?: unknown };
  expect(manifest.publishConfig).toEqual({ access: "public", provenance: true });
  const jobs = jobsOf("release.yml");
  expect(stepsOf(jobs.get("publish") ?? "")).toEqual([
    ACTIONS[1],
    ACTIONS[3],
    "npm publish --ignore-scripts --access public --provenance ./*.tgz",
  ]);
  expect(jobs.get("publish")).toContain("needs: pack\n");
  expect(stepsOf(jobs.get("pack") ?? "").slice(-3)).toEqual([
    ".ci/run",
    "npm run release:pack",
    ACTIONS[2],
  ]);
});

it("every change is checked on the oldest Node that the package supports and on newer ones", () => {
  const workflow = read(".github/workflows/ci.yml");
  expect(workflow).toMatch(/^ {2}push:\n {4}branches: \[main\]\n {2}pull_request:\n/m);
  expect(workflow).toContain('node: ["20.19", "22", "24"]');
  const { engines } = JSON.parse(read("package.json")) as { engines: { node: string } };
  expect(engines.node).toBe(">=20.19");
  expect(stepsOf(jobsOf("ci.yml").get("check") ?? "").at(-1)).toBe(".ci/run");
});

it("a job that checks out the code does not persist credentials", () => {
  for (const workflow of WORKFLOWS)
    for (const [name, job] of jobsOf(workflow))
      expect(job.includes("actions/checkout@"), `${workflow} ${name}`).toBe(
        job.includes("persist-credentials: false"),
      );
});
