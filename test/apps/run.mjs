// Installs the packed tarball in each app beside this file, in each of its versions, and runs the
// journeys in Chromium, in development and in production. `npm run test:apps`, or
// `npm run test:apps -- tanstack` for the apps with "tanstack" in their name or version.
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { chromium } from "playwright-core";
import { chromiumArgs, ensure } from "../../scripts/ensure-browser.mjs";
import {
  answers,
  bin,
  freePort,
  waitForOutput,
  run,
  runToTheEnd,
  start,
  stop,
} from "../installed/programs.mjs";
import { install, packTarball, readJson, scratchFolder } from "../installed/tarball.mjs";
import { travel, USUAL, warmUp } from "./journey.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const ROOT = join(HERE, "../..");
const TSC = join(ROOT, "node_modules/typescript/bin/tsc");
/** Outside the repository: an app must not find packages in our node_modules. Kept for the next run. */
const WORKSHOP = join(tmpdir(), "react-benji-connect-apps");
const AT_ONCE = 2;
const MODES = { dev: developed, prod: built };
const wanted = process.argv.slice(2);

await runToTheEnd("apps", runAll);

async function runAll() {
  const jobs = jobsOf(
    readdirSync(HERE).filter((name) => existsSync(join(HERE, name, "journey.json"))),
  );
  if (jobs.length === 0) throw new Error(`no app is called ${wanted.join(" ")}`);
  const { file, version } = await packTarball(scratchFolder());
  console.log(`apps: react-benji-connect ${version} is packed`);
  const backend = await settleIn("backend", file);
  const { finishAtBenji } = await importFrom(backend, "react-benji-connect/testing");
  const browser = await chromium.launch({
    executablePath: await ensure(),
    args: chromiumArgs,
    ignoreDefaultArgs: ["--disable-back-forward-cache"], // Back as in a real browser
  });
  const setup = { tarball: file, backend, browser, finishAtBenji };
  const queue = [...jobs];
  const worker = async () => {
    for (let job; (job = queue.shift()); ) await play(job, setup);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  await browser.close();
  return sumUp(jobs);
}

/**
 * Each app as it is, and once for each folder in its versions/, whose files replace the app's files.
 * The app's journey.json lists versions that are also applied `together`.
 */
function jobsOf(apps) {
  const all = apps.flatMap((app) => {
    const folder = join(HERE, app, "versions");
    const single = existsSync(folder) ? readdirSync(folder) : [];
    const { together = [] } = readJson(join(HERE, app, "journey.json"));
    const versions = [
      ...single.map((version) => [version]),
      ...together.map((names) => names.split(" ")),
    ];
    return [[], ...versions].map((versions) => ({
      app,
      versions,
      name: [app, ...versions].join(" "),
    }));
  });
  const isMeant = ({ app, name }, word) =>
    apps.includes(word) ? app === word : name.includes(word);
  return all.filter((job) => wanted.every((word) => isMeant(job, word)));
}

async function play(job, { tarball, backend, browser, finishAtBenji }) {
  const began = Date.now();
  const programs = [];
  try {
    job.folder = await settleIn(job.app, tarball, job.versions);
    job.dependencies = versionsIn(job.folder);
    await run(process.execPath, [TSC, "-p", job.folder], { cwd: job.folder });
    const expected = { ...USUAL, ...readJson(join(job.folder, "journey.json")) };
    const port = await freePort();
    const url = `http://localhost:${port}`;
    const env = await startBenji(backend, url, expected, programs);
    for (const [mode, open] of Object.entries(MODES)) {
      const app = await open(job.folder, { ...env, PORT: String(port) });
      programs.push(app);
      await answers(app, url);
      if (mode === "dev") await warmUp(browser, url, expected);
      const setup = { browser, finishAtBenji, url, expected };
      const wrong = [...(await travel(setup)), ...(await goOn(job.app, setup))];
      await stop(app);
      settle(job, mode, wrong);
    }
  } catch (error) {
    for (const mode of Object.keys(MODES)) if (!job[mode]) settle(job, mode, [error.message]);
  }
  await Promise.all(programs.map(stop));
  console.log(`apps: ${job.name} took ${Math.round((Date.now() - began) / 1_000)} s`);
}

/** Runs the app's own more.mjs, if it has one, after the journeys of all apps. */
async function goOn(app, setup) {
  const file = join(HERE, app, "more.mjs");
  if (!existsSync(file)) return [];
  const wrong = [];
  const is = (what, actual, wanted) => {
    if (isDeepStrictEqual(actual, wanted)) return;
    wrong.push(`${what}: ${JSON.stringify(actual)}, expected ${JSON.stringify(wanted)}`);
  };
  const { default: more } = await import(pathToFileURL(file).href);
  await more({ ...setup, is });
  return wrong;
}

function settle(job, mode, wrong) {
  job[mode] = wrong.length === 0 ? "ok" : `FAILED (${wrong.length})`;
  console.log(`apps: ${job.name} ${mode} ${job[mode]}`);
  for (const text of wrong) console.log(`  ${text.replaceAll("\n", "\n    ")}`);
}

/** Copies the files that all Vite apps share, then the app without its build output, and installs it. */
async function settleIn(app, tarball, versions = []) {
  const source = join(HERE, app);
  const folder = join(WORKSHOP, [app, ...versions].join("-"));
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder))
    if (name !== "node_modules") rmSync(join(folder, name), { recursive: true });
  if (app.startsWith("vite-")) cpSync(join(HERE, "vite"), folder, { recursive: true });
  const left = ["node_modules", "dist", ".next", "versions"].map((name) => join(source, name));
  cpSync(source, folder, { recursive: true, filter: (path) => !left.includes(path) });
  for (const version of versions)
    cpSync(join(source, "versions", version), folder, { recursive: true });
  await install(folder, tarball);
  return folder;
}

/** Starts the sandbox and the server behind the single-page apps. Returns the app's environment variables. */
async function startBenji(backend, url, { callback }, programs) {
  const args = ["sandbox", "--port", "0", "--redirect-url", url + callback];
  const sandbox = start(bin(backend, "react-benji-connect"), args, { cwd: backend });
  programs.push(sandbox);
  const env = {
    BENJI_API_URL: await waitForOutput(sandbox, /POST (http:\S+)\/auth\/connect/),
    BENJI_API_KEY: "sandbox-api-key",
  };
  const PORT = String(await freePort());
  const server = start(process.execPath, ["server.mjs"], {
    cwd: backend,
    env: { ...env, PORT, APP_ORIGIN: url },
  });
  programs.push(server);
  return { ...env, BACKEND_URL: await waitForOutput(server, /listens at (\S+)/) };
}

function developed(cwd, env) {
  return start("npm", ["run", "dev"], { cwd, env });
}

async function built(cwd, env) {
  await run("npm", ["run", "build"], { cwd, env });
  return start("npm", ["start"], { cwd, env });
}

/** The versions of the app's main dependencies, as one text. */
function versionsIn(folder) {
  const { dependencies } = readJson(join(folder, "package.json"));
  return Object.entries(dependencies)
    .filter(([name]) => name !== "react-dom" && !name.startsWith("@hono"))
    .map(([name, version]) => `${name} ${version.replace(/^npm:.*@/, "")}`)
    .join(", ");
}

function importFrom(folder, name) {
  const { resolve } = createRequire(join(folder, "package.json"));
  return import(pathToFileURL(resolve(name)).href);
}

function sumUp(jobs) {
  const rows = [["app", "versions", "dev", "prod"]];
  for (const { name, dependencies = "", dev, prod } of jobs)
    rows.push([name, dependencies, dev, prod]);
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows)
    console.log(row.map((cell, column) => cell.padEnd(widths[column])).join(" | "));
  const results = jobs.flatMap(({ dev, prod }) => [dev, prod]);
  const passed = results.filter((result) => result === "ok").length;
  const text = `${passed} of ${results.length} passed`;
  if (passed < results.length) throw new Error(text);
  return text;
}
