// Starts the programs that a test of the installed package needs, and stops every one of them.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { basename, join } from "node:path";

const WINDOWS = process.platform === "win32";
const GRACE_MS = 5_000;
const PATIENCE_MS = 60_000;

const running = new Set();
let isEnding = false;

/** Runs `work`, stops every started program, also after a signal, and prints one last line. */
export async function runToTheEnd(name, work) {
  const started = Date.now();
  const end = async (text, code) => {
    if (isEnding) return;
    isEnding = true;
    await Promise.all([...running].map(stop));
    console.log(`${name}: ${text} · ${Math.round((Date.now() - started) / 1_000)} s`);
    process.exit(code);
  };
  for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }))
    process.once(signal, () => void end(`stopped by ${signal}`, code));
  try {
    await end(await work(), 0);
  } catch (error) {
    await end(`FAILED ${error.message}`, 1);
  }
}

/** The path of a program that npm has installed in the folder. */
export function bin(folder, name) {
  return join(folder, "node_modules/.bin", WINDOWS ? `${name}.cmd` : name);
}

/** Starts a program in its own process group, so that its child processes can be stopped too. */
export function start(command, args, { cwd, env = {}, stdio = ["ignore", "pipe", "pipe"] }) {
  if (isEnding) throw new Error("stopped");
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

/** Returns the output of a program. Throws if its exit code is not 0. */
export async function run(command, args, options) {
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

export async function stop(child) {
  running.delete(child);
  if (WINDOWS) {
    if (child.exitCode === null)
      await once(spawn("taskkill", ["/pid", String(child.pid), "/t", "/f"]), "close");
    return;
  }
  // The group may outlive its leader: npx may end before the sandbox does.
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

/** Resolves with the pattern's first group as soon as the output matches. */
export function waitForOutput(child, pattern) {
  return patiently(child, () => pattern.exec(child.said)?.[1]);
}

/** Resolves once the program's server answers at this URL. */
export function answers(child, url) {
  return patiently(child, () =>
    fetch(url).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
}

async function patiently(child, attempt) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await attempt();
    if (answer) return answer;
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}\n${child.said}`);
    if (Date.now() > deadline) throw new Error(`it did not start in time\n${child.said}`);
    await pause(50);
  }
}

export async function freePort() {
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
