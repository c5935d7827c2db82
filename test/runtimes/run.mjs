// Runs scenario.mjs, and the recipes of docs/server.md, on Node, Bun, Deno and workerd, with the
// built package: run `npm run build` first. A runtime that cannot run here is SKIPPED, with the reason.
import { execFileSync, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const ROOT = join(HERE, "../..");
const MODULES = join(HERE, "node_modules");
// This folder is not under node_modules, because Deno accepts no TypeScript there.
const FOLDER = join(HERE, "dist");
process.on("exit", () => rmSync(FOLDER, { recursive: true, force: true }));
const WINDOWS = process.platform === "win32";
const KEY = "sandbox-api-key";
const UUID = "uuid-of-ada";

/** The status if a server closes the connection during the body: its answer is lost. */
const CLOSED_WITHOUT_ANSWER = 0;

class CannotRun extends Error {}

if (!existsSync(join(ROOT, "dist/server/index.js"))) {
  console.error("There is no dist. Run `npm run build` first.");
  process.exit(1);
}
const noInstall = install();
usePackage();
const { listenSandbox } = await import("../../dist/sandbox/index.js");
const sandbox = await listenSandbox({ port: 0 });
const trap = await listen(answerTrap);
const urls = {
  sandboxUrl: sandbox.url,
  trapUrl: trap.url,
  closedUrl: `http://127.0.0.1:${await freePort()}`,
};

const bin = (name) => join(MODULES, ".bin", WINDOWS ? `${name}.cmd` : name);
const DENO = ["run", "--quiet", "--allow-net", "--allow-env", "--allow-read"];
const RUNTIMES = {
  Node: () => withCommand(process.execPath, [], process.version.slice(1)),
  Bun: () => withCommand(bin("bun"), [], firstLine(bin("bun"), ["--version"]), "Bun"),
  Deno: () =>
    withCommand(bin("deno"), DENO, firstLine(bin("deno"), ["--version"]).split(" ")[1], "Deno"),
  workerd: withMiniflare,
};

for (const [name, run] of Object.entries(RUNTIMES)) {
  const line = (text) => console.log(`${name.padEnd(8)} ${text}`);
  if (noInstall && name !== "Node") {
    line(`SKIPPED: ${noInstall}`);
    continue;
  }
  try {
    const { version, scenario, recipe } = await run();
    const failed = [...scenario.failed, ...(recipe?.failed ?? [])];
    const counts = [
      `${scenario.passed} of ${scenario.passed + scenario.failed.length} facts`,
      recipe
        ? `${recipe.passed} of ${recipe.passed + recipe.failed.length} of its recipe over HTTP`
        : "its recipes are in test/server/recipes.test.ts",
    ];
    line(`${version.padEnd(12)} ${counts.join(", ")}`);
    for (const text of failed) console.log(`         FAILED ${text}`);
    if (failed.length > 0) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof CannotRun)) process.exitCode = 1;
    line(`${error instanceof CannotRun ? "SKIPPED" : "FAILED"}: ${error.message}`);
  }
}
await sandbox.close();
trap.close();
process.exit();

/** Returns why the installation failed, or nothing when it succeeded. */
function install() {
  const lock = join(HERE, "package-lock.json");
  const installed = join(MODULES, ".package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  try {
    execFileSync("npm", ["ci"], { cwd: HERE, stdio: "pipe", shell: WINDOWS });
  } catch (error) {
    return `npm ci failed: ${
      String(error.stderr || error.message)
        .trim()
        .split("\n")[0]
    }`;
  }
}

/** Installs the built package, so that it is found by its name and its export conditions. */
function usePackage() {
  const place = join(MODULES, "react-benji-connect");
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  cpSync(join(ROOT, "package.json"), join(place, "package.json"));
  cpSync(join(ROOT, "dist"), join(place, "dist"), { recursive: true });
}

async function withCommand(command, args, version, recipeName) {
  const text = await output(command, [...args, join(HERE, "command.mjs"), JSON.stringify(urls)]);
  const scenario = JSON.parse(text);
  refuseSource(scenario.serverFile);
  if (!recipeName) return { version, scenario };
  const port = await freePort();
  const place = await writeRecipe(recipeName, port);
  const server = spawn(command, [...args, join(place, "start.mjs")], {
    env: { ...process.env, ...recipeEnv() },
    stdio: "ignore",
    shell: WINDOWS,
  });
  try {
    return { version, scenario, recipe: await tryRecipe(`http://127.0.0.1:${port}`) };
  } finally {
    server.kill();
  }
}

async function withMiniflare() {
  const version = firstLine(bin("workerd"), ["--version"]).split(" ")[1];
  const { Miniflare } = await import("miniflare");
  const place = await writeRecipe("Cloudflare Workers");
  const worker = async (entry, options) =>
    new Miniflare({
      modules: true,
      script: await bundle(entry),
      compatibilityDate: "2026-03-01",
      ...options,
    });
  const bare = await worker(join(HERE, "worker.mjs"));
  const recipe = await worker(join(place, "start.mjs"), {
    compatibilityFlags: ["nodejs_compat"],
    bindings: recipeEnv(),
  });
  try {
    const body = JSON.stringify(urls);
    const response = await bare.dispatchFetch("http://localhost", { method: "POST", body });
    const scenario = await response.json();
    return { version, scenario, recipe: await tryRecipe((await recipe.ready).origin) };
  } finally {
    await Promise.all([bare.dispose(), recipe.dispose()]);
  }
}

/** Bundles with wrangler's export conditions, in its order. */
async function bundle(entry) {
  const { build } = await import("esbuild");
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    format: "esm",
    write: false,
    metafile: true,
    conditions: ["workerd", "worker", "browser"],
  });
  refuseSource(Object.keys(metafile.inputs).join());
  return outputFiles[0].text;
}

/** Throws if the source was run instead of the package that partners install. */
function refuseSource(files) {
  if (files.includes("node_modules/react-benji-connect/dist/server/index.js")) return;
  throw new Error(`Expected the built package to be run; it was ${files.split(",")[0]}.`);
}

/** Writes the manual's block unchanged, beside a file with what a partner's app already has. */
async function writeRecipe(heading, port) {
  const { transform } = await import("esbuild");
  const place = join(FOLDER, heading.replace(/\W/g, ""));
  mkdirSync(place, { recursive: true });
  const benji = blockUnder("The two routes");
  writeFileSync(join(place, "benji.ts"), benji);
  writeFileSync(join(place, "benji.js"), (await transform(benji, { loader: "ts" })).code);
  writeFileSync(join(place, "recipe.mjs"), blockUnder(heading).replace("3000", String(port)));
  writeFileSync(
    join(place, "yours.mjs"),
    `globalThis.readSession = async (request) =>
      /session=ada/.test(request.headers.get("cookie")) ? { id: "ada" } : null;
    globalThis.db = {
      query: async (_, [user, uuid]) => ({ rowCount: Number(user === "ada" && uuid === "${UUID}") }),
    };`,
  );
  const reexport = port === undefined ? 'export { default } from "./recipe.mjs";' : "";
  writeFileSync(
    join(place, "start.mjs"),
    `import "./yours.mjs"; import "./recipe.mjs"; ${reexport}`,
  );
  return place;
}

function blockUnder(heading) {
  const manual = readFileSync(join(ROOT, "docs/server.md"), "utf8");
  const section = manual.split(/^#{2,3} /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
  const [, code] = /^```(?:js|ts)\n([^]*?)^```/m.exec(section) ?? [];
  if (!code) throw new Error(`No block under "${heading}" in docs/server.md.`);
  return code;
}

function recipeEnv() {
  return {
    BENJI_API_KEY: KEY,
    BENJI_API_URL: sandbox.url,
    PUBLIC_ORIGIN: "https://shop.example",
  };
}

/** Tests a recipe's two routes and its state cookie over the runtime's own server. */
async function tryRecipe(url) {
  await answering(url);
  const [tokenRoute, confirmRoute] = ["/api/benji/connect-token", "/api/benji/confirm"];
  const state = `benji.${"A".repeat(43)}`;
  const claim = { status: "success", state, benjiUserUuid: UUID };
  const own = "session=ada";
  const bound = async () => {
    const { headers } = await post(url + tokenRoute, { state }, { cookie: own });
    return `${own}; ${headers.getSetCookie()[0].split(";")[0]}`;
  };
  const facts = {
    "the token route answers a token": async () =>
      (await post(url + tokenRoute, { state }, { cookie: own })).status === 200,
    "the confirm route confirms a return": async () =>
      (await (await post(url + confirmRoute, claim, { cookie: await bound() })).json()) === true,
    "a return in another browser is refused": async () =>
      (await post(url + confirmRoute, claim, { cookie: own })).status === 403,
    "a request of another site is refused": async () => {
      const headers = { cookie: own, "sec-fetch-site": "cross-site" };
      return (await post(url + tokenRoute, { state }, headers)).status === 403;
    },
    "a sixth state sends two Set-Cookie headers": async () => {
      const start = async (n, cookie) => {
        const body = { state: `benji.${String(n).repeat(43)}` };
        return (await post(url + tokenRoute, body, { cookie })).headers.getSetCookie();
      };
      const five = [];
      for (let n = 1; n <= 5; n++) five.push((await start(n, own))[0].split(";")[0]);
      return (await start(6, [own, ...five].join("; "))).length === 2;
    },
  };
  const pageHead = (route, cookie) =>
    `POST ${route} HTTP/1.1\r\nHost: ${new URL(url).host}\r\nContent-Type: application/json\r\n` +
    `Sec-Fetch-Site: same-origin\r\nCookie: ${cookie}\r\n`;
  facts["a body of 100 MB with Content-Length: 2 is refused"] = async () => {
    const head = `${pageHead(tokenRoute, own)}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const { status, sent } = await sendRaw(url, head, 100 * 1024 * 1024);
    if (sent > 8 * 1024 * 1024) throw new Error(`${sent} bytes were taken`);
    return [CLOSED_WITHOUT_ANSWER, 400, 413].includes(status);
  };
  facts["a cookie whose name begins with a Unicode space is refused"] = async () => {
    const cookie = (await bound()).replace("; __Host", ";\u2000__Host");
    const body = JSON.stringify(claim);
    const head = `${pageHead(confirmRoute, cookie)}Content-Length: ${body.length}\r\n\r\n${body}`;
    const { status } = await sendRaw(url, head, 0);
    return [CLOSED_WITHOUT_ANSWER, 400, 403].includes(status);
  };
  const failed = [];
  for (const [name, fact] of Object.entries(facts)) {
    const held = await fact().catch((error) => failed.push(`recipe, ${name}: ${error.message}`));
    if (held === false) failed.push(`recipe, ${name}`);
  }
  return { passed: Object.keys(facts).length - failed.length, failed };
}

/** Sends a request that `fetch` cannot send. Returns the status and the bytes of the body sent before it. */
function sendRaw(url, head, bodyBytes) {
  const { hostname, port } = new URL(url);
  const piece = Buffer.alloc(64 * 1024, " ");
  const chunk = Buffer.concat([Buffer.from("10000\r\n"), piece, Buffer.from("\r\n")]);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let [text, sent] = ["", 0];
    const end = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), sent });
    };
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no answer within 20 s, after ${sent} bytes`));
    }, 20_000);
    const pump = () => {
      while (sent < bodyBytes && !socket.destroyed) {
        sent += piece.length;
        if (!socket.write(chunk)) return;
      }
    };
    socket.on("connect", () => {
      socket.write(head);
      pump();
    });
    socket.on("drain", pump);
    socket.on("data", (bytes) => {
      text += bytes;
      if (text.includes("\r\n")) end();
    });
    socket.on("error", end);
    socket.on("close", end);
  });
}

function post(url, body, headers) {
  return fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", "sec-fetch-site": "same-origin", ...headers },
    body: JSON.stringify(body),
  });
}

async function answering(url) {
  for (let tries = 0; tries < 200; tries++) {
    if (await fetch(url).catch(() => undefined)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the server of the recipe did not start within 20 seconds");
}

/** A fake Benji with wrong answers. */
function answerTrap(request, response) {
  if (request.url.startsWith("/slow")) return;
  if (request.url.startsWith("/redirect"))
    return response.writeHead(307, { location: "/elsewhere" }).end();
  if (request.url.startsWith("/html"))
    return response.writeHead(200, { "content-type": "text/html" }).end("<h1>Oops</h1>");
  // A redirect that was followed would get this valid answer.
  response.end(JSON.stringify({ code: "ok", data: { token: "t", connect_url: "" } }));
}

async function listen(listener) {
  const server = createServer(listener);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, port: server.address().port, close };
}

async function freePort() {
  const { port, close } = await listen(() => {});
  close();
  return port;
}

function output(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: HERE, timeout: 60_000, shell: WINDOWS });
    const written = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"])
      child[name].on("data", (text) => (written[name] += text));
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0
        ? resolve(written.stdout)
        : reject(new Error(written.stderr.trim() || `exit ${code}`)),
    );
  });
}

/** The first line that a command prints. Throws CannotRun if it does not run on this machine. */
function firstLine(command, args) {
  try {
    return execFileSync(command, args, { encoding: "utf8", stdio: "pipe", shell: WINDOWS })
      .split("\n")[0]
      .trim();
  } catch (error) {
    throw new CannotRun(
      String(error.stderr || error.message)
        .trim()
        .split("\n")[0],
    );
  }
}
