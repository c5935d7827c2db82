import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "acorn";
import ts from "typescript";
import { build as buildWithVite } from "vite";
import { beforeAll, describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** An app that has installed the tarball. Inside the repository, so that it finds React. */
const APP = join(ROOT, "node_modules/.cache/tarball-test");
const PACKAGE = join(APP, "node_modules/react-benji-connect");

const ENTRIES = [".", "./core", "./server", "./sandbox", "./testing"] as const;
const CLIENT_FILES = ["index.js", "index.cjs", "es2019/index.js"];
const TESTING_FILES = ["testing/index.js", "testing/index.cjs", "es2019/testing/index.js"];
const nameOf = (entry: string) => join("react-benji-connect", entry).replaceAll("\\", "/");

// It is built already, and a second build would be in the way of the other tests.
const PACK = ["pack", "--json", "--ignore-scripts"];

let packed: string[] = [];

// Packed from what scripts/test.mjs has just built, and unpacked as npm would.
beforeAll(() => {
  rmSync(APP, { recursive: true, force: true });
  mkdirSync(PACKAGE, { recursive: true });
  const answer = run("npm", [...PACK, "--pack-destination", APP], ROOT);
  const [tarball] = JSON.parse(answer) as [{ filename: string; files: { path: string }[] }];
  packed = tarball.files.map(({ path }) => path).sort();
  run("tar", ["-xzf", tarball.filename, "-C", PACKAGE, "--strip-components=1"], APP);
  writeFileSync(join(APP, "package.json"), '{ "private": true, "type": "module" }');
});

const run = (command: string, args: string[], cwd: string) =>
  execFileSync(command, args, {
    cwd,
    encoding: "utf8",
    shell: process.platform === "win32",
    stdio: ["ignore", "pipe", "ignore"],
  });

/** Runs a script in the app, in a Node without any window. */
function inApp(file: string, script: string): unknown {
  writeFileSync(join(APP, file), script);
  return JSON.parse(run(process.execPath, [file], APP));
}

const textOf = (path: string) => readFileSync(join(PACKAGE, path), "utf8");

/** Everything a built file imports or requires, and what those chunks of ours import in turn. */
function importsOf(path: string, seen = new Set<string>()): Set<string> {
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

/** Every file that a client of a partner may be given. */
const isScript = (path: string) => /^dist\/.*\.c?js$/.test(path);

describe("the tarball", () => {
  it("holds the five built entries, their types, what a partner reads, and nothing else (T28)", () => {
    // What entries share is named by its content, which is nobody's business.
    const files = packed.map((path) => path.replace(/\w+-[\w-]{8}(?=\.)/, "(shared)"));
    expect([...new Set(files)].sort()).toMatchInlineSnapshot(`
      [
        "CHANGELOG.md",
        "LICENSE",
        "README.md",
        "core/package.json",
        "dist/(shared).js",
        "dist/cli/index.js",
        "dist/core/index.cjs",
        "dist/core/index.js",
        "dist/es2019/(shared).js",
        "dist/es2019/core/index.js",
        "dist/es2019/index.js",
        "dist/es2019/testing/index.js",
        "dist/index.cjs",
        "dist/index.js",
        "dist/sandbox/index.cjs",
        "dist/sandbox/index.js",
        "dist/server/browser.cjs",
        "dist/server/browser.js",
        "dist/server/index.cjs",
        "dist/server/index.js",
        "dist/styles.css",
        "dist/testing/index.cjs",
        "dist/testing/index.js",
        "dist/types/(shared).d.cts",
        "dist/types/core.d.cts",
        "dist/types/core.d.ts",
        "dist/types/index.d.cts",
        "dist/types/index.d.ts",
        "dist/types/sandbox.d.cts",
        "dist/types/sandbox.d.ts",
        "dist/types/server.d.cts",
        "dist/types/server.d.ts",
        "dist/types/styles.d.cts",
        "dist/types/styles.d.ts",
        "dist/types/testing.d.cts",
        "dist/types/testing.d.ts",
        "docs/README.md",
        "docs/SECURITY.md",
        "docs/contract.md",
        "docs/core.md",
        "docs/csp.md",
        "docs/emails.md",
        "docs/errors.md",
        "docs/frameworks.md",
        "docs/llms.txt",
        "docs/migration.md",
        "docs/mobile.md",
        "docs/quick-start.md",
        "docs/recipes.md",
        "docs/redirect-urls.md",
        "docs/sandbox.md",
        "docs/server.md",
        "docs/testing.md",
        "docs/tools.md",
        "docs/webhooks.md",
        "package.json",
        "sandbox/package.json",
        "server/package.json",
        "styles.css",
        "styles.css.d.ts",
        "testing/package.json",
      ]
    `);
  });

  it("is at most 1,000 kB when it is unpacked", () => {
    const bytes = packed.map((path) => statSync(join(PACKAGE, path)).size);
    expect(bytes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(1_000_000);
  });

  it("has no relative link that leads out of it, so that all of them work where it is unpacked", () => {
    const manuals = packed.filter((path) => /\.(md|txt)$/.test(path));
    const dangling = manuals.flatMap((manual) =>
      [...textOf(manual).matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
        .map(([, link = ""]) => posix.join(posix.dirname(manual), link))
        .filter((target) => !packed.includes(target))
        .map((target) => `${manual}: ${target}`),
    );
    expect(manuals.length).toBeGreaterThan(10);
    expect(dangling).toEqual([]);
  });

  it("has no runtime dependency, and React as an optional peer (T28)", () => {
    const manifest = JSON.parse(textOf("package.json")) as Record<string, unknown>;
    expect(manifest.dependencies).toBeUndefined();
    // A range takes a prerelease only where it names its very version: experimental, the next minor, the next major.
    const react = ">=18 || ~0.0.0-0 || ^19.4.0-0 || ^20.0.0-0";
    expect(manifest.peerDependencies).toEqual({ react });
    expect(manifest.peerDependenciesMeta).toEqual({ react: { optional: true } });
  });

  it("says the same names in ESM and in CJS, in a Node without a window", () => {
    const script = (load: string) =>
      `const names = {};
       for (const entry of ${JSON.stringify(ENTRIES.map(nameOf))})
         names[entry] = Object.keys(${load}).filter((name) => name !== "default" && name !== "module.exports").sort();
       if (typeof window !== "undefined") throw new Error("window");
       console.log(JSON.stringify(names));`;
    const esm = inApp("names.mjs", script("await import(entry)"));
    const cjs = inApp("names.cjs", script("require(entry)"));
    expect(cjs).toEqual(esm);
    expect(esm).toMatchInlineSnapshot(`
      {
        "react-benji-connect": [
          "BenjiConnectButton",
          "BenjiConnectError",
          "BenjiConnectProvider",
          "useBenjiConnect",
          "useBenjiRedirectResult",
        ],
        "react-benji-connect/core": [
          "BenjiConnectError",
          "buildHostedConnectUrl",
          "createConnectFlow",
          "parseRedirect",
          "removeRedirectParams",
        ],
        "react-benji-connect/sandbox": [
          "createSandbox",
          "listenSandbox",
        ],
        "react-benji-connect/server": [
          "BENJI_PRODUCTION_URL",
          "BENJI_STAGING_URL",
          "BenjiApiError",
          "BenjiRefusedRequest",
          "BenjiWebhookError",
          "askBenjiAboutMember",
          "askBenjiAboutTransaction",
          "confirmWithBenji",
          "createBenjiClient",
          "createConfirmHandler",
          "createConnectTokenHandler",
          "createMemoryStore",
          "createRedisStore",
          "createSqlStore",
          "createTestWebhook",
          "createWebhookHandler",
          "rememberTransaction",
          "verifyWebhook",
        ],
        "react-benji-connect/testing": [
          "BenjiTestProvider",
          "confirmHandlers",
          "connectTokenHandlers",
          "finishAtBenji",
          "memoryNavigate",
          "memoryStorage",
          "rejectedReturnUrl",
          "results",
          "returnUrl",
          "startedFlow",
          "withBenji",
        ],
      }
    `);
  });

  it.each([...CLIENT_FILES, ...TESTING_FILES])('dist/%s begins with "use client"', (file) => {
    expect(textOf(`dist/${file}`)).toMatch(/^"use client";/);
  });

  it("imports statically in CJS, because Jest has no dynamic import there", () => {
    const scripts = packed.filter((path) => path.endsWith(".cjs"));
    expect(scripts.length).toBeGreaterThan(4);
    for (const path of scripts) expect(textOf(path), path).not.toMatch(/\bimport\(/);
  });

  it('says "use client" nowhere else', () => {
    const scripts = packed.filter((path) => /\.c?js$/.test(path));
    const clients = [...CLIENT_FILES, ...TESTING_FILES];
    const others = scripts.filter((path) => !clients.includes(path.slice("dist/".length)));
    expect(others.length).toBeGreaterThan(5);
    for (const path of others) expect(textOf(path)).not.toContain("use client");
  });

  it.each(CLIENT_FILES)("dist/%s imports nothing but React", (file) => {
    expect([...importsOf(`dist/${file}`)].sort()).toEqual(["react", "react/jsx-runtime"]);
  });

  it.each(TESTING_FILES)("dist/%s asks for the library by its name", (file) => {
    expect([...importsOf(`dist/${file}`)].sort()).toEqual([
      "react",
      "react-benji-connect",
      "react-benji-connect/core",
      "react/jsx-runtime",
    ]);
  });

  it.each([
    ["ESM", "context.mjs", (name: string) => `await import(${JSON.stringify(name)})`],
    ["CJS, as in Jest", "context.cjs", (name: string) => `require(${JSON.stringify(name)})`],
  ])("a provider of testing reaches a button of the library in %s", (_format, file, load) => {
    const script = `const { createElement } = ${load("react")};
      const { renderToString } = ${load("react-dom/server")};
      const { BenjiConnectButton } = ${load("react-benji-connect")};
      const { BenjiTestProvider } = ${load("react-benji-connect/testing")};
      const props = { messages: { connect: "One context" } };
      const scene = createElement(BenjiTestProvider, props, createElement(BenjiConnectButton));
      console.log(JSON.stringify(renderToString(scene)));`;
    expect(inApp(file, script)).toContain(">One context</button>");
  });

  it.each(["core", "server"])("%s imports nothing at all", (entry) => {
    expect([...importsOf(`dist/${entry}/index.js`)]).toEqual([]);
    expect([...importsOf(`dist/${entry}/index.cjs`)]).toEqual([]);
  });

  it("names no module of Node in what a browser loads", () => {
    for (const path of packed.filter((name) =>
      /^dist\/(index|core\/index|chunk-[^/]+)\.c?js$/.test(name),
    ))
      expect(textOf(path)).not.toMatch(/["']node:/);
  });

  it("keeps the server's words out of what a browser loads", () => {
    for (const path of ["dist/index.cjs", "dist/core/index.cjs"])
      expect(textOf(path)).not.toMatch(/x-api-key|api-staging/);
  });

  it.each(ENTRIES)("an import of %s whose names nobody uses costs nothing", async (entry) => {
    const bytes = await bundledSize(`import ${JSON.stringify(nameOf(entry))};`);
    const unused = await bundledSize(`import * as all from ${JSON.stringify(nameOf(entry))};`);
    expect({ bytes, unused }).toEqual({ bytes: 0, unused: 0 });
  });

  it("does nothing when it is loaded, as its sideEffects flag says", () => {
    const script = `const before = Object.getOwnPropertyNames(globalThis).join();
      for (const entry of ${JSON.stringify(ENTRIES.map(nameOf))}) await import(entry);
      console.log(JSON.stringify({
        sameGlobals: before === Object.getOwnPropertyNames(globalThis).join(),
        waitsFor: process.getActiveResourcesInfo().filter((name) => name === "Timeout"),
      }));`;
    expect(inApp("effects.mjs", script)).toEqual({ sameGlobals: true, waitsFor: [] });
  });

  const USES_SERVER =
    'import { createBenjiClient } from "react-benji-connect/server"; console.log(createBenjiClient);';

  it("a browser's bundle that asks for the server fails to build (T16)", async () => {
    await expect(bundledSize(USES_SERVER, { platform: "browser" })).rejects.toThrow(
      'No matching export in "node_modules/react-benji-connect/dist/server/browser.js"',
    );
    await expect(viteBuild(USES_SERVER)).rejects.toThrow(/createBenjiClient.*is not exported/s);
  });

  it.each([
    [["workerd", "worker", "browser"]],
    [["worker", "browser"]],
    [["edge-light", "browser"]],
    [["deno", "node"]],
    [["bun", "node"]],
    [["node"]],
    [[]],
  ])("a bundle with the conditions %j has the server", async (conditions) => {
    const size = await bundledSize(USES_SERVER, { platform: "neutral", conditions });
    expect(size).toBeGreaterThan(1_000);
  });

  it("an app that only reads the return does not carry the button", async () => {
    const hook = await bundledSize(
      'import { useBenjiRedirectResult as it } from "react-benji-connect"; console.log(it);',
    );
    const all = await bundledSize('import * as it from "react-benji-connect"; console.log(it);');
    expect(hook).toBeLessThan(all * 0.75);
  });
});

describe("for tools that do not read exports", () => {
  const STUBS = ENTRIES.filter((entry) => entry !== ".").map((entry) => `${entry.slice(2)}/`);
  const isStub = (path: string) =>
    STUBS.some((stub) => path.startsWith(stub)) || path.startsWith("styles.css");
  const fieldsOf = (folder: string) =>
    JSON.parse(textOf(join(folder, "package.json"))) as Record<string, string>;

  it("what is added for them is no more than 1 kB", () => {
    const bytes = packed.filter(isStub).map((path) => textOf(path).length);
    expect(bytes).toHaveLength(STUBS.length + 2);
    expect(bytes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(1_000);
  });

  it.each(ENTRIES)("the fields of %s name what its exports name", (entry) => {
    const { exports } = JSON.parse(textOf("package.json")) as {
      exports: Record<string, Record<"import" | "require", Record<string, string>>>;
    };
    const fields = fieldsOf(entry);
    const from = (field: string) => `./${join(entry, fields[field] ?? "").replaceAll("\\", "/")}`;
    expect(from("types")).toBe(exports[entry]?.import.types);
    expect(from("main")).toBe(exports[entry]?.require.default);
    expect(packed).toContain(from("module").slice(2));
  });

  it("Node finds each entry by its main field, with the names of its exports", () => {
    // A path to a folder of the package does not go through its exports.
    const script = `const names = (it) => Object.keys(it).sort().join();
      console.log(JSON.stringify(${JSON.stringify(ENTRIES)}.filter((entry) =>
        names(require("./node_modules/react-benji-connect/" + entry)) !==
        names(require("react-benji-connect" + entry.slice(1))))));`;
    expect(inApp("main.cjs", script)).toEqual([]);
  });

  const byPath = (entry: string, code = "console.log(it);") =>
    `import * as it from "./node_modules/react-benji-connect/${entry}"; ${code}`;

  it.each(["core", "testing"])("a bundler finds %s by its module field", async (entry) => {
    const fields = { mainFields: ["module"], external: ["react", "react-benji-connect"] };
    expect(await bundledSize(byPath(entry), fields)).toBeGreaterThan(1_000);
  });

  it("a browser's bundle that asks for the server by the browser field fails to build (T16)", async () => {
    const code = byPath("server", "console.log(it.createBenjiClient);").replace(
      "* as it",
      "{ createBenjiClient as it }",
    );
    const fields = { platform: "browser", mainFields: ["browser", "module", "main"] };
    await expect(bundledSize(code, fields)).rejects.toThrow("No matching export in");
  });

  it("a bundler finds the stylesheet by its path", async () => {
    const css = 'import "./node_modules/react-benji-connect/styles.css";';
    expect(await bundledSize(css, { outdir: "out", file: ".css" })).toBeGreaterThan(3_000);
  });

  it("TypeScript finds every entry with moduleResolution node", () => {
    const file = join(APP, "node10.ts");
    const imports = ENTRIES.map((entry, n) => `export * as entry${n} from "${nameOf(entry)}";`);
    writeFileSync(file, [...imports, 'import "react-benji-connect/styles.css";'].join("\n"));
    const program = ts.createProgram([file], {
      moduleResolution: ts.ModuleResolutionKind.Node10,
      module: ts.ModuleKind.CommonJS,
      ignoreDeprecations: "6.0",
      noUncheckedSideEffectImports: true,
      strict: true,
      skipLibCheck: true,
      noEmit: true,
      types: [],
    });
    const texts = ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
    expect(texts).toEqual([]);
  });
});

describe("the syntax of the tarball", () => {
  const parsed = (path: string, ecmaVersion: 2019 | 2020) =>
    parse(textOf(path), {
      ecmaVersion,
      sourceType: path.endsWith(".cjs") ? "script" : "module",
      allowHashBang: true,
    });

  it("is ES2020 in every script", () => {
    const scripts = packed.filter(isScript);
    expect(scripts.length).toBeGreaterThan(12);
    for (const path of scripts) expect(() => parsed(path, 2020), path).not.toThrow();
  });

  it("is ES2019, which webpack 4 reads, behind the module fields", () => {
    const scripts = packed.filter((path) => isScript(path) && path.startsWith("dist/es2019/"));
    expect(scripts.length).toBeGreaterThanOrEqual(3);
    for (const path of scripts) expect(() => parsed(path, 2019), path).not.toThrow();
    const modules = [".", "core", "testing"].map((folder) => {
      const { module } = JSON.parse(textOf(join(folder, "package.json"))) as { module: string };
      return join(folder, module).replaceAll("\\", "/");
    });
    for (const module of modules) expect(scripts).toContain(module);
  });
});

interface Esbuild {
  build(options: object): Promise<{ outputFiles: { path: string; text: string }[] }>;
}

// esbuild comes with tsup, which builds this package.
const { build } = createRequire(createRequire(import.meta.url).resolve("tsup/package.json"))(
  "esbuild",
) as Esbuild;

async function viteBuild(code: string): Promise<unknown> {
  writeFileSync(join(APP, "browser.js"), code);
  return buildWithVite({
    configFile: false,
    root: APP,
    logLevel: "silent",
    build: { write: false, rollupOptions: { input: join(APP, "browser.js") } },
  });
}

async function bundledSize(
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
