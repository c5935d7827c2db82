// Packs the version in package.json into release/ (`npm run release:pack`). In .github/workflows/release.yml
// another job publishes this tarball.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Returns why this must not be released, in one sentence; `undefined` if it may. */
export function refusal(manifest, env) {
  const { repository, version } = manifest;
  const url = typeof repository === "object" ? repository.url : repository;
  if (!url)
    return `package.json names no "repository", and npm takes no provenance without it: set it as .github/CONTRIBUTING.md says.`;
  const { GITHUB_REF_TYPE: type, GITHUB_REF_NAME: tag } = env;
  if (type === "tag" && tag !== `v${version}`)
    return `The tag ${tag} is not the version in package.json, ${version}: tag the commit that says so.`;
}

const FOLDER = "release";
const STEPS = [
  ["npm", "run", "build"],
  ["npm", "run", "check:package"],
  ["npm", "pack", "--pack-destination", FOLDER], // builds once more, so that nothing stale is packed
];

function pack() {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const why = refusal(manifest, process.env);
  if (why) {
    console.error(`Not released. ${why}`);
    return 1;
  }
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  mkdirSync(new URL(`../${FOLDER}`, import.meta.url), { recursive: true });
  const shell = process.platform === "win32";
  for (const [command, ...args] of STEPS) {
    const { status } = spawnSync(command, args, { cwd, shell, stdio: "inherit" });
    if (status !== 0) return status ?? 1;
  }
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = pack();
