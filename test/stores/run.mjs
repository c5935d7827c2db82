// Runs contract.mjs with the built package against real servers, each started here on a free port with
// its own folder: run `npm run build` first. A server that cannot run here is SKIPPED, with the reason.
import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
} from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const ROOT = join(HERE, "../..");
const MODULES = join(HERE, "node_modules");
const IS_ROOT = process.getuid?.() === 0;
const PATIENCE_MS = 30_000;

class CannotRun extends Error {}

if (!existsSync(join(ROOT, "dist/server/index.js"))) {
  console.error("There is no dist. Run `npm run build` first.");
  process.exit(1);
}
installClients();
const folder = mkdtempSync(join(tmpdir(), "benji-stores-"));
chmodSync(folder, 0o755); // Postgres runs as another user
const started = [];
process.on("exit", () => {
  for (const server of started) server.kill("SIGQUIT");
  rmSync(folder, { recursive: true, force: true });
});

const redisPort = once(startRedis);
const postgresPort = once(startPostgres);
const STORES = {
  ioredis: { address: redisPort },
  redis: { address: redisPort },
  "redis-4": { address: redisPort },
  pg: { address: postgresPort },
  pglite: { address: () => "", alone: "it lives in one process" },
  "node:sqlite": { address: () => join(folder, "store.sqlite"), node: nodeWithSqlite },
};

for (const [client, { address, node = () => process.execPath, alone }] of Object.entries(STORES)) {
  const line = (text) => console.log(`${client.padEnd(12)} ${text}`);
  try {
    const [program, where] = [node(), String(await address())];
    const { count, failed } = await runFacts(program, client, where);
    const race = alone ? `no race: ${alone}` : await runRace(program, client, where);
    line(`${count - failed.length} of ${count} facts, ${race}`);
    for (const text of failed) console.log(`             FAILED ${text}`);
    if (failed.length > 0) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof CannotRun)) process.exitCode = 1;
    line(`${error instanceof CannotRun ? "SKIPPED" : "FAILED"}: ${error.message}`);
  }
}
console.log(
  "better-sqlite3 SKIPPED: by its type only, because installing it compiles or downloads.",
);
process.exit();

async function runFacts(program, client, address) {
  const { result } = open(program, ["facts", client, address]);
  return result;
}

/** Two processes write the same keys at once: each key must have one winner. */
async function runRace(program, client, address) {
  const racers = ["a", "b"].map((name) => open(program, ["race", client, address, name]));
  await Promise.all(racers.map(({ ready }) => ready));
  const startAt = Date.now() + 200;
  for (const { child } of racers) child.stdin.end(String(startAt));
  const [a, b] = await Promise.all(racers.map(({ result }) => result));
  const winners = [...a.won, ...b.won];
  if (winners.length !== a.count || new Set(winners).size !== a.count) {
    throw new Error(`Expected ${a.count} winners in the race; there were ${winners.length}.`);
  }
  return `${a.count} races of two processes with one winner each (${a.won.length} : ${b.won.length})`;
}

function open(program, args) {
  const child = spawn(program, ["--no-warnings", join(HERE, "command.mjs"), ...args], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  let errorOutput = "";
  child.stderr.on("data", (text) => (errorOutput += text));
  let [resolveReady, resolveResult] = [];
  const ready = new Promise((resolve) => (resolveReady = resolve));
  const result = new Promise((resolve, reject) => {
    resolveResult = resolve;
    child.once("error", reject);
    child.once("exit", (code) => {
      resolveReady();
      if (code !== 0) reject(new Error(errorOutput.trim().split("\n").slice(0, 6).join(" ")));
    });
  });
  createInterface(child.stdout).on("line", (text) =>
    text === "ready" ? resolveReady() : resolveResult(JSON.parse(text)),
  );
  return { child, ready, result };
}

async function startRedis() {
  const program = find("redis-server", "redis-server");
  const port = await freePort();
  const args = ["--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  return serve(program, [...args, "--dir", folder], port);
}

async function startPostgres() {
  const program = find("postgres", "postgresql");
  const data = join(folder, "postgres");
  // Postgres refuses to run as root.
  const user = IS_ROOT ? { uid: idOf("-u"), gid: idOf("-g") } : {};
  mkdirSync(data, { mode: 0o700 });
  if (IS_ROOT) chownSync(data, user.uid, user.gid);
  const how = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"];
  const initdb = program.replace(/postgres$/, "initdb");
  execFileSync(initdb, how, { stdio: "pipe", cwd: data, ...user });
  const port = await freePort();
  const args = ["-D", data, "-p", port, "-k", data, "-h", "127.0.0.1", "-c", "fsync=off"];
  await serve(program, args, port, { cwd: data, ...user });
  await createTable(port);
  return port;
}

function idOf(which) {
  return Number(execFileSync("id", [which, "postgres"], { encoding: "utf8" }));
}

async function createTable(port) {
  const { default: pg } = await import("pg");
  const { TABLE } = await import("./clients.mjs");
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const client = new pg.Client({ host: "127.0.0.1", port: Number(port), user: "postgres" });
    try {
      await client.connect();
      await client.query(TABLE);
      return;
    } catch (error) {
      if (Date.now() > end) throw error; // "the database system is starting up"
      await new Promise((resolve) => setTimeout(resolve, 100));
    } finally {
      await client.end().catch(() => {});
    }
  }
}

/** Starts a server, and resolves with its port as soon as the server listens. */
async function serve(program, args, port, how = {}) {
  const server = spawn(program, args, { stdio: "ignore", ...how });
  started.push(server);
  const end = Date.now() + PATIENCE_MS;
  while (!(await isOpen(port))) {
    if (server.exitCode !== null) throw new Error(`${program} ended with ${server.exitCode}.`);
    if (Date.now() > end) throw new Error(`${program} did not listen within ${PATIENCE_MS} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return port;
}

function isOpen(port) {
  return new Promise((resolve) => {
    const socket = connect(Number(port), "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(String(port)));
    });
  });
}

/** The path of a server's program, which is installed by apt-get if possible. */
function find(name, debianPackage) {
  const present = () =>
    places()
      .map((place) => join(place, name))
      .find(existsSync);
  const found = present();
  if (found) return found;
  if (!IS_ROOT || !existsSync("/usr/bin/apt-get")) {
    throw new CannotRun(`there is no ${name}, and apt-get install ${debianPackage} needs root.`);
  }
  try {
    const args = ["install", "-y", "--no-install-recommends", debianPackage];
    execFileSync("apt-get", args, { stdio: "pipe" });
  } catch (error) {
    const [why] = String(error.stderr || error.message)
      .trim()
      .split("\n")
      .slice(-1);
    throw new CannotRun(`apt-get install ${debianPackage} failed: ${why}`);
  }
  const installed = present();
  if (installed) return installed;
  throw new CannotRun(`apt-get has installed ${debianPackage}, and there is still no ${name}.`);
}

/** Debian keeps each version of Postgres in a folder of its own. */
function places() {
  const postgres = "/usr/lib/postgresql";
  const versions = existsSync(postgres) ? readdirSync(postgres) : [];
  return [
    ...versions.map((version) => join(postgres, version, "bin")),
    "/usr/bin",
    "/usr/local/bin",
  ];
}

/** The path of a Node with SQLite: the running one (22 and newer), or that of package.json. */
function nodeWithSqlite() {
  const programs = [process.execPath, join(MODULES, ".bin/node")];
  const has = (program) => {
    try {
      execFileSync(program, ["--no-warnings", "-e", "require('node:sqlite')"], { stdio: "pipe" });
      return true;
    } catch {
      return false;
    }
  };
  const program = programs.filter(existsSync).find(has);
  if (program) return program;
  throw new CannotRun(`Node ${process.version} has no node:sqlite; 22 and newer have.`);
}

function installClients() {
  const lock = join(HERE, "package-lock.json");
  const installed = join(MODULES, ".package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  try {
    execFileSync("npm", ["ci"], { cwd: HERE, stdio: "pipe" });
  } catch (error) {
    console.error(`SKIPPED: npm ci failed: ${String(error.stderr || error.message).trim()}`);
    process.exit();
  }
}

/** Returns a function that calls `start` once and always returns its result. */
function once(start) {
  let answer;
  return () => (answer ??= start());
}
