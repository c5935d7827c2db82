import { statSync } from "node:fs";
import { join, posix } from "node:path";
import { parse } from "acorn";
import { describe, expect, it } from "vitest";
import {
  CLIENT_FILES,
  ENTRIES,
  inApp,
  isBuiltModule,
  nameOf,
  PACKAGE,
  packed,
  TESTING_FILES,
  textOf,
} from "./installedTarball.js";

describe("the tarball", () => {
  it("the tarball contains the five built entries, their types, the docs for partners, and nothing else (T28)", () => {
    // Shared chunks are named by a hash of their content, which is replaced here.
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

  it("the tarball is at most 1,000 kB when it is unpacked", () => {
    const bytes = packed.map((path) => statSync(join(PACKAGE, path)).size);
    expect(bytes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(1_000_000);
  });

  it("the docs in the tarball have no relative link to a file outside it", () => {
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

  it("the tarball has no runtime dependency, and React as an optional peer (T28)", () => {
    const manifest = JSON.parse(textOf("package.json")) as Record<string, unknown>;
    expect(manifest.dependencies).toBeUndefined();
    // A range admits prereleases only of a version that it names: experimental, the next minor, the next major.
    const react = ">=18 || ~0.0.0-0 || ^19.4.0-0 || ^20.0.0-0";
    expect(manifest.peerDependencies).toEqual({ react });
    expect(manifest.peerDependenciesMeta).toEqual({ react: { optional: true } });
  });

  it("every entry exports the same names in ESM and in CJS, in Node without a window", () => {
    const program = (load: string) =>
      `const names = {};
       for (const entry of ${JSON.stringify(ENTRIES.map(nameOf))})
         names[entry] = Object.keys(${load}).filter((name) => name !== "default" && name !== "module.exports").sort();
       if (typeof window !== "undefined") throw new Error("window");
       console.log(JSON.stringify(names));`;
    const esm = inApp("names.mjs", program("await import(entry)"));
    const cjs = inApp("names.cjs", program("require(entry)"));
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

  it.each([...CLIENT_FILES, ...TESTING_FILES])(
    'the first line of dist/%s is "use client"',
    (file) => {
      expect(textOf(`dist/${file}`)).toMatch(/^"use client";/);
    },
  );

  it("the CJS files have no dynamic import, because Jest does not support it there", () => {
    const modules = packed.filter((path) => path.endsWith(".cjs"));
    expect(modules.length).toBeGreaterThan(4);
    for (const path of modules) expect(textOf(path), path).not.toMatch(/\bimport\(/);
  });

  it('only the client and testing entries contain "use client"', () => {
    const modules = packed.filter((path) => /\.c?js$/.test(path));
    const clients = [...CLIENT_FILES, ...TESTING_FILES];
    const others = modules.filter((path) => !clients.includes(path.slice("dist/".length)));
    expect(others.length).toBeGreaterThan(5);
    for (const path of others) expect(textOf(path)).not.toContain("use client");
  });
});

describe("the syntax of the tarball", () => {
  const parsed = (path: string, ecmaVersion: 2019 | 2020) =>
    parse(textOf(path), {
      ecmaVersion,
      sourceType: path.endsWith(".cjs") ? "script" : "module",
      allowHashBang: true,
    });

  it("every JavaScript file of the tarball is ES2020", () => {
    const modules = packed.filter(isBuiltModule);
    expect(modules.length).toBeGreaterThan(12);
    for (const path of modules) expect(() => parsed(path, 2020), path).not.toThrow();
  });

  it("the files of the module fields are ES2019, which webpack 4 can parse", () => {
    const modules = packed.filter((path) => isBuiltModule(path) && path.startsWith("dist/es2019/"));
    expect(modules.length).toBeGreaterThanOrEqual(3);
    for (const path of modules) expect(() => parsed(path, 2019), path).not.toThrow();
    const entryModules = [".", "core", "testing"].map((folder) => {
      const { module } = JSON.parse(textOf(join(folder, "package.json"))) as { module: string };
      return join(folder, module).replaceAll("\\", "/");
    });
    for (const module of entryModules) expect(modules).toContain(module);
  });
});
