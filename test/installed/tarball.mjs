// The package as partners get it: packed here, installed over a lock that nobody has touched.
import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { bin, run } from "./programs.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A folder of this run's own, gone when it ends. */
export function scratchFolder() {
  const scratch = mkdtempSync(join(tmpdir(), "benji-installed-"));
  process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));
  return scratch;
}

/** Builds and packs. `BENJI_TARBALL` names one that is packed already. */
export async function packTarball(scratch) {
  const { BENJI_TARBALL } = process.env;
  if (BENJI_TARBALL) return { file: BENJI_TARBALL, version: "(given)" };
  await run(bin(ROOT, "tsup"), ["--silent"], { cwd: ROOT });
  const pack = ["pack", "--json", "--ignore-scripts", "--pack-destination", scratch];
  const [{ filename, version }] = JSON.parse(await run("npm", pack, { cwd: ROOT }));
  return { file: join(scratch, filename), version };
}

/** Installs the folder's lock and the tarball. What is installed already stays. */
export async function install(folder, tarball) {
  const lock = readFileSync(join(folder, "package-lock.json"), "utf8");
  const note = join(folder, "node_modules/.benji-installed.json");
  const wanted = { lock: hash(lock), tarball: hash(readFileSync(tarball)) };
  const { lock: ofLock, tarball: ofTarball } = existsSync(note) ? readJson(note) : {};
  if (ofLock !== wanted.lock) await run("npm", ["ci", ...QUIETLY], { cwd: folder });
  if (ofLock !== wanted.lock || ofTarball !== wanted.tarball)
    await run("npm", ["install", "--no-save", ...QUIETLY, tarball], { cwd: folder });
  refuseSource(folder, lock);
  writeFileSync(note, JSON.stringify(wanted));
}

const QUIETLY = ["--prefer-offline", "--no-audit", "--no-fund"];

/** A result counts only for what partners install, under a lock that nobody has touched. */
function refuseSource(folder, lock) {
  const installed = join(folder, "node_modules/react-benji-connect");
  const main = createRequire(join(folder, "package.json")).resolve("react-benji-connect");
  if (lstatSync(installed).isSymbolicLink() || !main.startsWith(join(installed, "dist") + sep))
    throw new Error(`Expected the tarball; found ${main}.`);
  if (existsSync(join(installed, "test")))
    throw new Error("That is the checkout, not the tarball.");
  if (readFileSync(join(folder, "package-lock.json"), "utf8") !== lock)
    throw new Error("The install has changed package-lock.json.");
}

const hash = (content) => createHash("sha256").update(content).digest("hex");

export function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}
