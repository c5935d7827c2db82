// Packs the package and installs it as a partner does, with the lock file unchanged.
import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { bin, run } from "./programs.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Makes a folder that is removed when the process exits. */
export function scratchFolder() {
  const scratch = mkdtempSync(join(tmpdir(), "benji-installed-"));
  process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));
  return scratch;
}

/** Builds and packs the package, or takes the tarball that `BENJI_TARBALL` names. */
export async function packTarball(scratch) {
  const { BENJI_TARBALL } = process.env;
  if (BENJI_TARBALL) return { file: BENJI_TARBALL, version: "(given)" };
  await run(bin(ROOT, "tsup"), ["--silent"], { cwd: ROOT });
  const pack = ["pack", "--json", "--ignore-scripts", "--pack-destination", scratch];
  const [{ filename, version }] = JSON.parse(await run("npm", pack, { cwd: ROOT }));
  return { file: join(scratch, filename), version };
}

/** Installs the lock file's packages and the tarball. Skips what is installed already. */
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

/** Throws if the sources are installed, or if the installation has changed the lock file. */
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
