// What a partner does: installs the packed tarball in the shop beside this file, starts the sandbox
// with npx, and runs the shop's component tests and its journeys in Chromium. `npm run test:partner`.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, lstatSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { chromiumArgs, ensure } from "../../scripts/ensure-browser.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const ROOT = join(HERE, "../..");
const INSTALLED = join(HERE, "node_modules/react-benji-connect");
const WINDOWS = process.platform === "win32";
const GRACE_MS = 5_000;
const PATIENCE_MS = 60_000;

const running = new Set();
const scratch = mkdtempSync(join(tmpdir(), "benji-partner-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));
for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }))
  process.once(signal, () => void finish(`stopped by ${signal}`, code));

const started = Date.now();
let step = "start";
let isFinishing = false;

try {
  await finish(await play(), 0);
} catch (error) {
  await finish(`FAILED at "${step}": ${error.message}`, 1);
}

async function play() {
  at("Chromium");
  const CHROMIUM_PATH = await ensure();
  at("build and pack");
  await run(join(ROOT, "node_modules/.bin/tsup"), ["--silent"], { cwd: ROOT });
  const pack = ["pack", "--json", "--ignore-scripts", "--pack-destination", scratch];
  const [{ filename, version }] = JSON.parse(await run("npm", pack, { cwd: ROOT }));
  at("install");
  await run("npm", ["ci", "--prefer-offline"]);
  const lock = readFileSync(join(HERE, "package-lock.json"), "utf8");
  await run("npm", ["install", "--no-save", "--prefer-offline", join(scratch, filename)]);
  refuseSource(lock);
  at("vite build");
  await run(bin("vite"), ["build", "--logLevel", "warn"]);

  const port = await freePort();
  const shopUrl = `http://localhost:${port}`;
  at("npx react-benji-connect sandbox");
  const sandboxUrl = await startSandbox(shopUrl);
  at("the shop's server");
  await startShop(port, sandboxUrl);
  at("component tests");
  const component = await vitest("component");
  at("end to end");
  const e2e = await vitest("e2e", {
    SHOP_URL: shopUrl,
    CHROMIUM_PATH,
    CHROMIUM_ARGS: JSON.stringify(chromiumArgs),
  });
  const scenarios = e2e.names.filter((name) => name.startsWith("scenario ")).length;
  return (
    `react-benji-connect ${version} from its tarball · component ${component.count} · ` +
    `end to end in Chromium ${e2e.count}, ${scenarios} scenarios`
  );
}

function at(name) {
  step = name;
  console.log(`partner: ${name}`);
}

/** The one line at the end. Whatever still runs is stopped first. */
async function finish(text, code) {
  if (isFinishing) return;
  isFinishing = true;
  await Promise.all([...running].map(stop));
  console.log(`partner: ${text} · ${Math.round((Date.now() - started) / 1_000)} s`);
  process.exit(code);
}

function bin(name) {
  return join(HERE, "node_modules/.bin", WINDOWS ? `${name}.cmd` : name);
}

/** A group of its own, so that what a program starts can be stopped along with it. */
function start(command, args, { cwd = HERE, env = {}, stdio = ["ignore", "pipe", "pipe"] } = {}) {
  if (isFinishing) throw new Error("stopped");
  const child = spawn(command, args, {
    cwd,
    stdio,
    env: { ...process.env, ...env },
    detached: !WINDOWS,
    shell: WINDOWS,
  });
  running.add(child);
  child.said = "";
  child.on("error", ({ message }) => (child.said += message));
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (text) => (child.said += text));
  return child;
}

async function run(command, args, options) {
  const child = start(command, args, options);
  let output = "";
  child.stdout?.on("data", (text) => (output += text));
  const [code, signal] = await once(child, "close");
  running.delete(child);
  if (code === 0) return output;
  throw new Error(
    `${basename(command)} ${args[0]} ended with ${code ?? signal}\n${child.said.trim()}`.trim(),
  );
}

async function stop(child) {
  if (WINDOWS) {
    if (child.exitCode === null)
      await once(spawn("taskkill", ["/pid", String(child.pid), "/t", "/f"]), "close");
    return;
  }
  // The group outlives its leader: npx may be gone before the sandbox is.
  const signalGroup = (signal) => {
    try {
      return process.kill(-child.pid, signal);
    } catch {
      return false;
    }
  };
  signalGroup("SIGTERM");
  const deadline = Date.now() + GRACE_MS;
  while (signalGroup(0) && Date.now() < deadline) await pause(50);
  signalGroup("SIGKILL");
}

/** Resolves with the first group of the pattern, once a program has said it. */
async function heard(child, pattern) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const match = pattern.exec(child.said);
    if (match) return match[1];
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}\n${child.said}`);
    if (Date.now() > deadline) throw new Error(`it did not start in time\n${child.said}`);
    await pause(50);
  }
}

function startSandbox(shopUrl) {
  const sandbox = start("npx", [
    ...["--no", "--", "react-benji-connect", "sandbox", "--port", "0"],
    ...["--redirect-url", `${shopUrl}/benji/callback?shop=partner`],
    ...["--webhook-url", `${shopUrl}/webhooks/benji`, "--webhook-salt", "partner-salt"],
  ]);
  return heard(sandbox, /POST (http:\S+)\/auth\/connect/);
}

function startShop(port, sandboxUrl) {
  const env = {
    PORT: String(port),
    BENJI_API_URL: sandboxUrl,
    BENJI_API_KEY: "sandbox-api-key",
    BENJI_WEBHOOK_SALT: "partner-salt",
  };
  return heard(start(process.execPath, ["server.mjs"], { env }), /open at (\S+)/);
}

async function vitest(project, env = {}) {
  const file = join(scratch, `${project}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  await run(bin("vitest"), ["run", "--project", project, ...reporters], { env, stdio: "inherit" });
  const { numPassedTests: passed, numTotalTests: total, testResults } = readJson(file);
  // A skipped test is not a passed one.
  if (passed !== total || total === 0) throw new Error(`${passed} of ${total} passed`);
  const names = testResults.flatMap((result) => result.assertionResults.map(({ title }) => title));
  return { count: `${passed} of ${total}`, names };
}

/** A result counts only for what partners install, under a lock that nobody has touched. */
function refuseSource(lock) {
  const main = createRequire(join(HERE, "package.json")).resolve("react-benji-connect");
  if (lstatSync(INSTALLED).isSymbolicLink() || !main.startsWith(join(INSTALLED, "dist") + sep))
    throw new Error(`Expected the tarball; found ${main}.`);
  if (existsSync(join(INSTALLED, "test")))
    throw new Error("This is the repository, not the tarball.");
  if (readFileSync(join(HERE, "package-lock.json"), "utf8") !== lock)
    throw new Error("The install has changed package-lock.json.");
}

function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}

async function freePort() {
  const server = createServer().listen(0, "localhost");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
