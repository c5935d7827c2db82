// `npm run bench` measures what an import, a thousand buttons, a click and a return cost, compared with
// what partners would use or write instead. `npm run bench -- mount click` runs two parts.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { printTables, saveResults, writeTablesIntoDocs } from "./lib/report.mjs";

const PARTS = ["sizes", "mount", "callback", "click", "parse", "server"];

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !PARTS.includes(name));
if (unknown.length > 0) throw new Error(`Expected ${PARTS.join(", ")}; got ${unknown.join(", ")}.`);

const fromHere = (path) => fileURLToPath(new URL(path, import.meta.url));
process.chdir(fromHere("..")); // sizes resolves the package by its own name
prepare();

for (const name of PARTS.filter((part) => asked.length === 0 || asked.includes(part))) {
  const part = await import(`./parts/${name}.mjs`);
  const loadBefore = loadavg()[0];
  const began = performance.now();
  const tables = await part[name]();
  const seconds = Math.round((performance.now() - began) / 1_000);
  const machine = { node: process.version, cores: availableParallelism() };
  const result = {
    at: new Date().toISOString().slice(0, 10),
    seconds,
    loadBefore,
    machine,
    tables,
  };
  printTables(name, result);
  await saveResults(name, result);
}
await writeTablesIntoDocs();

/** Installs the compared libraries from the lockfile if needed, and builds our package. */
function prepare() {
  const installed = fromHere("node_modules/.package-lock.json");
  const lock = fromHere("package-lock.json");
  if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs)
    npm("ci", "--prefix", fromHere("."), "--no-audit", "--no-fund");
  npm("run", "--silent", "build", "--", "--silent");
}

function npm(...args) {
  const { status } = spawnSync("npm", args, {
    stdio: ["ignore", "ignore", "inherit"],
    shell: false,
  });
  if (status !== 0) throw new Error(`npm ${args[0]} ended with ${status}.`);
}
