import { type Dirent } from "node:fs";
import { readdir, readFile, realpath } from "node:fs/promises";
import { join, relative } from "node:path";

import { type Finding, ok, unknown, wrong } from "./finding.js";

const NAME = "react-benji-connect";
/** The depth of the search for copies: a workspace's apps, and their dependencies. */
const MAX_DEPTH = 4;

/** Checks what is installed in a folder: React's version, and the number of copies of the library. */
export async function checkInstalled(folder: string): Promise<readonly Finding[]> {
  const react = await versionIn(join(folder, "node_modules", "react"));
  return [
    react === undefined
      ? unknown("react", "It is not installed in this folder.")
      : Number.parseInt(react) >= 18
        ? ok("react", react)
        : wrong("react", react, "Install React 18 or 19."),
    await checkCopies(folder),
  ];
}

async function checkCopies(folder: string): Promise<Finding> {
  const copies = new Map<string, string>();
  await collectCopies(folder, MAX_DEPTH, copies);
  const [only, ...others] = copies.entries();
  const check = "copies";
  if (!only) return unknown(check, `${NAME} is not installed in this folder.`);
  if (others.length === 0) return ok(check, `One: ${NAME} ${only[1]}.`);
  const places = [only, ...others].map(
    ([path, version]) => `${relative(folder, path) || "."} (${version})`,
  );
  return wrong(
    check,
    `There are ${copies.size}: ${places.join(", ")}.`,
    "Install one version for all: a button of one copy and a hook of another do not share their options.",
  );
}

/** Collects copies by their real paths: a workspace links one copy into many folders. */
async function collectCopies(
  folder: string,
  depth: number,
  copies: Map<string, string>,
): Promise<void> {
  const modules = join(folder, "node_modules");
  const version = await versionIn(join(modules, NAME));
  if (version !== undefined) copies.set(await realpath(join(modules, NAME)), version);
  if (depth === 0) return;
  for (const inner of [...(await foldersIn(folder)), ...(await packagesIn(modules))])
    await collectCopies(inner, depth - 1, copies);
}

async function packagesIn(modules: string): Promise<string[]> {
  const found = await foldersIn(modules);
  const scoped = found.filter((path) => /[\\/]@[^\\/]+$/.test(path));
  const inScopes = await Promise.all(scoped.map(foldersIn));
  return [...found, ...inScopes.flat()];
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries: Dirent[] = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !/^(?:\.|node_modules$)/.test(entry.name))
    .map((entry) => join(folder, entry.name));
}

async function versionIn(folder: string): Promise<string | undefined> {
  try {
    const manifest = await readFile(join(folder, "package.json"), "utf8");
    return (JSON.parse(manifest) as { version?: string }).version;
  } catch {
    return undefined;
  }
}
