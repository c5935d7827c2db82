// Puts the packed tarball into each tool chain beside this file. Bundlers build shared/app.js, which then
// makes its journey in Chromium, and must refuse shared/server.js; test runners run shared/spec.cjs.
// `npm run test:tools`, or `npm run test:tools -- webpack` for the folders whose name says so.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { chromiumArgs, ensure } from "../../scripts/ensure-browser.mjs";
import { run, runToTheEnd } from "../installed/programs.mjs";
import { install, packTarball, readJson, scratchFolder } from "../installed/tarball.mjs";
import { explanationsIn } from "../installed/explanations.mjs";
import { refuses, saysOfMistake, travels } from "./page.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
/** Far from our own node_modules, which would lend a tool what it has not installed. Kept for the next run. */
const WORKSHOP = join(tmpdir(), "react-benji-connect-tools");
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
  if (scripts.build) {
    await step("journey", async () => {
      await build(cwd, "app");
      await travels(browser, bundleOf(cwd));
    });
    if (scripts["build:development"])
      await step("explains", () => explainsInDevelopmentOnly(cwd, browser));
    await step("refuses the server", async () => {
      const failure = await build(cwd, "server").then(
        () => undefined,
        ({ message }) => message,
      );
      if (failure === undefined) return refuses(browser, bundleOf(cwd));
      if (/createBenjiClient/.test(failure)) return "when it builds";
      throw new Error(failure);
    });
  }
  console.log(`tools: ${tool} ${JSON.stringify(row)}`);
  return row;
}

/** The bundle for production is there; the one for development takes its place. */
async function explainsInDevelopmentOnly(cwd, browser) {
  const bundle = bundleOf(cwd);
  const said = await saysOfMistake(browser, bundle);
  const left = [...explanationsIn(bundle), ...said];
  if (left.length > 0) throw new Error(`expected silence in production, got ${left.join("; ")}`);
  await build(cwd, "app", "development");
  const [text = "nothing", ...more] = await saysOfMistake(browser, bundleOf(cwd));
  if (!text.includes('Did you mean mode="transfer"?') || more.length > 0)
    throw new Error(`expected one message in development, got ${[text, ...more].join("; ")}`);
}

async function build(cwd, entry, mode = "production") {
  rmSync(join(cwd, "dist"), { recursive: true, force: true });
  const script = mode === "production" ? "build" : `build:${mode}`;
  await run("npm", ["run", script], { cwd, env: { ENTRY: entry, NODE_ENV: mode } });
}

function bundleOf(folder) {
  return readFileSync(join(folder, "dist/bundle.js"), "utf8");
}

async function settleIn(tool, folder, tarball) {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder))
    if (name !== "node_modules") rmSync(join(folder, name), { recursive: true });
  cpSync(join(HERE, "shared"), folder, { recursive: true });
  cpSync(join(HERE, tool), folder, { recursive: true });
  await install(folder, tarball);
}

/** What the folder is named for: its first dependency that is not React and not a testing library. */
function versionOf(tool) {
  const { dependencies } = readJson(join(HERE, tool, "package.json"));
  return Object.entries(dependencies)
    .filter(([name]) => !/^react|^@testing-library/.test(name))
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
}
