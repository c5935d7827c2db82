import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build as buildWithVite } from "vite";
import { afterAll, beforeAll } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const CACHE = join(ROOT, "node_modules/.cache");
mkdirSync(CACHE, { recursive: true });

/** An app that has installed the tarball. Inside the repository, so that it finds React. */
export const APP = mkdtempSync(join(CACHE, "tarball-"));
export const PACKAGE = join(APP, "node_modules/react-benji-connect");

export const ENTRIES = [".", "./core", "./server", "./sandbox", "./testing"] as const;
export const CLIENT_FILES = ["index.js", "index.cjs", "es2019/index.js"];
export const TESTING_FILES = ["testing/index.js", "testing/index.cjs", "es2019/testing/index.js"];
export const nameOf = (entry: string) => join("react-benji-connect", entry).replaceAll("\\", "/");

// Without scripts there is no second build, which would disturb the other tests.
const PACK = ["pack", "--json", "--ignore-scripts"];

/** The paths of the files in the tarball. */
export const packed: string[] = [];

// Packs what scripts/test.mjs has just built, and unpacks the tarball as npm does.
beforeAll(() => {
  mkdirSync(PACKAGE, { recursive: true });
  const answer = run("npm", [...PACK, "--pack-destination", APP], ROOT);
  const [tarball] = JSON.parse(answer) as [{ filename: string; files: { path: string }[] }];
  packed.push(...tarball.files.map(({ path }) => path).sort());
  run("tar", ["-xzf", tarball.filename, "-C", PACKAGE, "--strip-components=1"], APP);
  writeFileSync(join(APP, "package.json"), '{ "private": true, "type": "module" }');
});

afterAll(() => rmSync(APP, { recursive: true, force: true }));

const run = (command: string, args: string[], cwd: string) =>
  execFileSync(command, args, {
    cwd,
    encoding: "utf8",
    shell: process.platform === "win32",
    stdio: ["ignore", "pipe", "ignore"],
  });

/** Runs a program in the app, in Node without a `window`, and returns the JSON that it prints. */
export function inApp(file: string, code: string): unknown {
  writeFileSync(join(APP, file), code);
  return JSON.parse(run(process.execPath, [file], APP));
}

export const textOf = (path: string) => readFileSync(join(PACKAGE, path), "utf8");

/** The packages that a built file and its chunks import or require. */
export function importsOf(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return new Set();
  seen.add(path);
  const specifiers = [
    ...textOf(path).matchAll(/(?:\bfrom|\bimport|\brequire\(|\bimport\()\s*["']([^"']+)["']/g),
  ].map(([, specifier]) => specifier ?? "");
  const found = specifiers.flatMap((specifier) =>
    specifier.startsWith(".") ? [...importsOf(join(path, "..", specifier), seen)] : [specifier],
  );
  return new Set(found);
}

export const isBuiltModule = (path: string) => /^dist\/.*\.c?js$/.test(path);

interface Esbuild {
  build(options: object): Promise<{ outputFiles: { path: string; text: string }[] }>;
}

// Takes esbuild from tsup, which builds this package.
const { build } = createRequire(createRequire(import.meta.url).resolve("tsup/package.json"))(
  "esbuild",
) as Esbuild;

export async function viteBuild(code: string): Promise<unknown> {
  writeFileSync(join(APP, "browser.js"), code);
  return buildWithVite({
    configFile: false,
    root: APP,
    logLevel: "silent",
    build: { write: false, rollupOptions: { input: join(APP, "browser.js") } },
  });
}

export async function bundledSize(
  contents: string,
  { file = "", ...options }: Record<string, unknown> = {},
): Promise<number> {
  const { outputFiles } = await build({
    absWorkingDir: APP,
    stdin: { contents, resolveDir: APP },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    external: ["react", "react/jsx-runtime", "node:*", "http"],
    logLevel: "silent",
    ...options,
  });
  return outputFiles.find(({ path }) => path.endsWith(String(file)))?.text.trim().length ?? 0;
}
