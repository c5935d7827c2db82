// Runs every test: finds or installs the browsers, builds the package, then runs all projects that can run.
// `--all` adds WebKit. Other arguments go to vitest: `npm test -- --project core`.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureEngine, ENGINES } from "./engines.mjs";

const isAll = process.argv.includes("--all");
const given = process.argv.slice(2).filter((argument) => argument !== "--all");
const named = namedProjects(given);

const run = (bin, args, env = {}) => {
  const command = process.platform === "win32" ? `${bin}.cmd` : bin;
  const { status } = spawnSync(`node_modules/.bin/${command}`, args, {
    stdio: "inherit",
    env: { ...process.env, ...env },
    shell: process.platform === "win32",
  });
  return status ?? 1;
};

/** Returns the values of `--project`; none means every project. */
function namedProjects(args) {
  const values = args.map((argument, index) =>
    argument === "--project" ? args[index + 1] : /^--project=(.+)/.exec(argument)?.[1],
  );
  return values.filter(Boolean);
}

function isAskedFor(engine) {
  if (named.length === 0) return isAll || engine !== "webkit";
  // The stories run in Chromium too. For a pattern or a negation in --project no browser is installed.
  return named.includes(engine) || (engine === "chromium" && named.includes("stories"));
}

async function ensureEngines() {
  const found = {};
  for (const name of ENGINES.filter(isAskedFor)) found[name] = await ensureEngine(name);
  return found;
}

/** Leaves out engines that were not found. A project asked for by name runs and may fail. */
function engineEnv(found) {
  if (named.length > 0) return {};
  return { TEST_ENGINES: ENGINES.filter((name) => found[name]?.env).join() };
}

function reporterArguments() {
  const own = fileURLToPath(new URL("engineReporter.mjs", import.meta.url));
  const isChosen = given.some((argument) => argument.startsWith("--reporter"));
  return [...(isChosen ? [] : ["--reporter=default"]), `--reporter=${own}`];
}

function sayEngine(name, found, counts) {
  if (!isAskedFor(name)) return `${name} not asked for${name === "webkit" ? HOW_TO_ASK : ""}`;
  const { missing, version } = found[name];
  if (missing) return `${name} SKIPPED: ${missing}`;
  const { passed, failed, skipped } = counts[name] ?? { passed: 0, failed: 0, skipped: 0 };
  const ran = [`${passed} passed`, failed && `${failed} failed`, skipped && `${skipped} skipped`];
  return `${name}${version && ` ${version}`}: ${ran.filter(Boolean).join(", ")}`;
}

const HOW_TO_ASK = " (npm run test:all)";

function readCounts(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return {}; // vitest did not get that far
  }
}

console.log(
  `npm test: finds the browsers, or installs them where it may; builds the package; then runs ${
    given.length > 0 ? `vitest ${given.join(" ")}` : "every test, about 9 minutes on two cores"
  }.`,
);
const found = await ensureEngines();
for (const [name, { missing, version }] of Object.entries(found))
  console.log(`npm test: ${name} ${missing ? `is left out: ${missing}` : version}`);
const folder = mkdtempSync(join(tmpdir(), "engines-"));
const ENGINE_COUNTS = join(folder, "counts.json");
const places = Object.values(found).map(({ env }) => env);
const env = Object.assign({ ENGINE_COUNTS, ...engineEnv(found) }, ...places);
const args = ["run", ...given, ...reporterArguments()];

process.exitCode = run("tsup", ["--silent"]) || run("vitest", args, env);

const counts = readCounts(ENGINE_COUNTS);
rmSync(folder, { recursive: true });
const summary = `engines: ${ENGINES.map((name) => sayEngine(name, found, counts)).join(" · ")}`;
console.log(summary);
// .ci/run prints the summary once more at its own end.
if (process.env.ENGINES_SUMMARY) writeFileSync(process.env.ENGINES_SUMMARY, `${summary}\n`);
