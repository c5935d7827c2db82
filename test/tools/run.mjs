// Installs the packed tarball in each tool's folder beside this file. Bundlers build shared/app.js, which
// then runs in Chromium, and must refuse shared/server.js. Frameworks are built and started, and serve the
// two routes of shared/benji.js. Test runners run shared/spec.cjs.
// `npm run test:tools` runs all, `npm run test:tools -- webpack` those with "webpack" in their name.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
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
import { explanationsIn } from "../installed/explanations.mjs";
import { saysOfMistake, travels, travelsThrough } from "./page.mjs";
import { answersBothRoutes, saysNoIdIn } from "./shared/routes.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
/** Outside the repository, so that no tool finds our node_modules. It is kept for the next run. */
const WORKSHOP = join(tmpdir(), "react-benji-connect-tools");
/** Other builds of shared/app.js, by scripts such as `build:legacy`. */
const VARIANTS = ["legacy", "compiler", "federation"];
/** The environment of a framework's build and start, without Astro's telemetry. */
const STARTED = { ASTRO_TELEMETRY_DISABLED: "1", NODE_ENV: "production" };
const wanted = process.argv.slice(2);

await runToTheEnd("tools", runAll);

async function runAll() {
  const tools = readdirSync(HERE).filter(
    (name) =>
      existsSync(join(HERE, name, "package.json")) &&
      (wanted.length === 0 || wanted.some((word) => name.includes(word))),
  );
  if (tools.length === 0) throw new Error(`no tool is called ${wanted.join(" ")}`);
  const { file, version } = await packTarball(scratchFolder());
  console.log(`tools: react-benji-connect ${version} is packed`);
  const browser = await chromium.launch({ executablePath: await ensure(), args: chromiumArgs });
  const rows = {};
  for (const tool of tools) rows[tool] = await tryOut(tool, { file, browser });
  await browser.close();
  console.table(rows);
  const failed = Object.values(rows).filter((row) => Object.values(row).includes("FAILED"));
  const text = `${tools.length - failed.length} of ${tools.length} tool chains are fine`;
  if (failed.length > 0) throw new Error(text);
  return text;
}

async function tryOut(tool, { file, browser }) {
  const folder = join(WORKSHOP, tool);
  const row = { version: versionOf(tool) };
  const step = async (name, work) => {
    try {
      row[name] = (await work()) ?? "ok";
    } catch (error) {
      row[name] = "FAILED";
      console.log(
        `tools: ${tool} ${name}\n  ${error.message.slice(0, 3_000).replaceAll("\n", "\n  ")}`,
      );
    }
  };
  await step("install", () => settleIn(tool, folder, file));
  if (row.install === "FAILED") return row;
  const { scripts } = readJson(join(folder, "package.json"));
  const cwd = folder;
  if (scripts.test) await step("tests", () => run("npm", ["test"], { cwd }).then(() => "ok"));
  if (scripts.start) await askStarted(step, folder, browser);
  else if (scripts.build) {
    await step("journey", async () => {
      await build(cwd, "app");
      await travels(browser, join(cwd, "dist"));
    });
    if (scripts["build:development"])
      await step("explains", () => explainsInDevelopmentOnly(cwd, browser));
    await step("refuses the server", async () => {
      const failure = await build(cwd, "server").then(
        () => "nothing",
        ({ message }) => message,
      );
      if (/createBenjiClient|must.not.run.in.a.browser/.test(failure)) return;
      throw new Error(`expected the build to fail by name, got ${failure}`);
    });
  }
  for (const variant of VARIANTS.filter((name) => scripts[`build:${name}`]))
    await step(variant, async () => {
      await build(cwd, "app", `build:${variant}`);
      await travels(browser, join(cwd, "dist"));
    });
  console.log(`tools: ${tool} ${JSON.stringify(row)}`);
  return row;
}

/** Checks that the finished production build explains nothing, and that a development build does. */
async function explainsInDevelopmentOnly(cwd, browser) {
  const dist = join(cwd, "dist");
  const said = await saysOfMistake(browser, dist);
  const left = [...explanationsIn(readFileSync(join(dist, "bundle.js"), "utf8")), ...said];
  if (left.length > 0) throw new Error(`expected silence in production, got ${left.join("; ")}`);
  await build(cwd, "app", "build:development");
  const [text = "nothing", ...more] = await saysOfMistake(browser, dist);
  if (!text.includes('Did you mean mode="transfer"?') || more.length > 0)
    throw new Error(`expected one message in development, got ${[text, ...more].join("; ")}`);
}

async function build(cwd, entry, script = "build") {
  rmSync(join(cwd, "dist"), { recursive: true, force: true });
  const mode = script === "build:development" ? "development" : "production";
  await run("npm", ["run", script], { cwd, env: { ENTRY: entry, NODE_ENV: mode } });
}

/** Builds and starts a framework's app beside a sandbox, and tests its routes and pages. */
async function askStarted(step, cwd, browser) {
  const programs = [];
  const url = `http://localhost:${await freePort()}`;
  try {
    await step("build", () => run("npm", ["run", "build"], { cwd, env: STARTED }).then(() => "ok"));
    const sandbox = start(bin(cwd, "react-benji-connect"), ["sandbox", "--port", "0"], { cwd });
    programs.push(sandbox);
    const benji = await waitForOutput(sandbox, /POST (http:\S+)\/auth\/connect/);
    const env = {
      ...STARTED,
      PORT: new URL(url).port,
      PUBLIC_ORIGIN: url,
      BENJI_API_URL: benji,
      BENJI_API_KEY: "sandbox-api-key",
    };
    const app = start("npm", ["start"], { cwd, env });
    programs.push(app);
    await step("routes", async () => {
      await answers(app, url);
      await answersBothRoutes(url, url);
    });
    if (!readJson(join(cwd, "package.json")).dependencies.react) return; // it has no pages
    await step("HTML", () => saysNoIdIn(url).then(() => "no ids"));
    await step("journey", () => travelsThrough(browser, url, benji));
  } finally {
    await Promise.all(programs.map(stop));
  }
}

async function settleIn(tool, folder, tarball) {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder))
    if (name !== "node_modules") rmSync(join(folder, name), { recursive: true });
  // Frameworks would read the bundlers' files as their own, and get benji.js only.
  const shared = readJson(join(HERE, tool, "package.json")).scripts.start ? "benji.js" : ".";
  cpSync(join(HERE, "shared", shared), join(folder, shared), { recursive: true });
  cpSync(join(HERE, tool), folder, { recursive: true });
  await install(folder, tarball);
}

/** The tested tools: the dependencies that are neither React nor a testing library. */
function versionOf(tool) {
  const { dependencies } = readJson(join(HERE, tool, "package.json"));
  return Object.entries(dependencies)
    .filter(([name]) => !/^react|^@testing-library/.test(name))
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
}
