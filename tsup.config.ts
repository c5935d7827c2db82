import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { defineConfig, type Options } from "tsup";
import { buildTypes } from "./scripts/buildTypes";

const FOLDERS = ["core", "server", "sandbox", "testing"];
const namedBy = (nameOf: (folder: string) => string) =>
  Object.fromEntries([
    ["index", "src/index.ts"],
    ...FOLDERS.map((folder) => [nameOf(folder), `src/${folder}/index.ts`]),
  ]) as Record<string, string>;

const SCRIPTS = namedBy((folder) => `${folder}/index`);
const TYPES = namedBy((folder) => folder);

/** Minifies the files that nobody reads: to read a built entry, read its ESM file. */
const keptSmall: NonNullable<Options["esbuildOptions"]> = (options) => {
  options.minifyWhitespace = true;
  options.minifySyntax = true;
};

/** The browser's entries, built once more for tools that read neither `exports` nor ES2020: webpack 4. */
const OLD_SCRIPTS = ["index", "core/index", "testing/index"];

const CLIENT_ENTRIES = new Set(["src/index.ts", "src/testing/index.ts"]);

const REACT = ["react", "react/jsx-runtime", "react-dom"];
// testing/ imports the library by its name: a bundled copy would have another React context.
const OURSELVES = ["", "/core", "/sandbox"].map((entry) => `react-benji-connect${entry}`);
const EXTERNAL = [...REACT, ...OURSELVES];

// Bundlers drop a "use client" in the source, so it is written into the built entry.
const useClient: NonNullable<Options["plugins"]>[number] = {
  name: "use-client",
  renderChunk(code, chunk) {
    if (chunk.type !== "chunk" || !CLIENT_ENTRIES.has(chunk.entryPoint ?? "")) return;
    return { code: `"use client";${code}` };
  },
};

/** Every tool that reads `exports` can parse this language level; docs/decisions/0017 has the figures. */
const TARGET = "es2020";

/** Returns an entry folder's package.json, by which tools that do not read `exports` find the entry. */
const stubOf = (folder: string) => {
  const built = `../dist/${folder}/index`;
  const isClient = OLD_SCRIPTS.includes(`${folder}/index`);
  return JSON.stringify({
    main: `${built}.cjs`,
    module: isClient ? `../dist/es2019/${folder}/index.js` : `${built}.js`,
    ...(folder === "server" && { browser: "../dist/server/browser.js" }),
    types: `../dist/types/${folder}.d.ts`,
  });
};

const NOT_HERE = `new Error(${JSON.stringify(
  "react-benji-connect/server must not run in a browser, where the API key would be public. Import it only in code that your server alone loads; in a test of Jest under jsdom, begin the file with /** @jest-environment node */.",
)})`;

const BY_HAND = {
  // A browser's bundle gets this file in place of the server's code, which would take the API key along.
  // The file has no exports, so that the build fails. webpack only warns of missing exports, but it fails
  // at the address of `new URL()`, which it cannot resolve. Where nothing is bundled, the file throws.
  "dist/server/browser.js": `const refusal = ${NOT_HERE};
try {
  new URL("./react-benji-connect-server-must-not-run-in-a-browser", import.meta.url);
} catch {}
throw refusal;
export {};
`,
  "dist/server/browser.cjs": `throw ${NOT_HERE};\n`,
  // TypeScript 6 requires types for `import "react-benji-connect/styles.css"`.
  "dist/types/styles.d.ts": "export {};\n",
  "dist/types/styles.d.cts": "export {};\n",
  ...Object.fromEntries(FOLDERS.map((folder) => [`${folder}/package.json`, stubOf(folder)])),
  "styles.css": '@import "./dist/styles.css";\n',
  "styles.css.d.ts": "export {};\n",
};

export default defineConfig([
  {
    entry: SCRIPTS,
    format: ["esm", "cjs"],
    removeNodeProtocol: false,
    // The configs below build these files at the same time: they must not be deleted.
    clean: ["!cli/index.js", "!es2019/**"],
    target: TARGET,
    external: EXTERNAL,
    plugins: [useClient],
    // Jest cannot run dynamic imports in CJS, so esbuild writes `require` instead.
    esbuildOptions: (options, { format }) => {
      if (format !== "cjs") return;
      options.supported = { "dynamic-import": false };
      options.minifyWhitespace = true;
      options.minifySyntax = true;
    },
    onSuccess: async () => {
      await copyFile("src/styles.css", "dist/styles.css");
      await buildTypes(TYPES, EXTERNAL);
      for (const [file, text] of Object.entries(BY_HAND)) {
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, text);
      }
    },
  },
  {
    entry: Object.fromEntries(OLD_SCRIPTS.map((name) => [name, SCRIPTS[name] ?? ""])),
    outDir: "dist/es2019",
    format: ["esm"],
    clean: true,
    target: "es2019",
    external: EXTERNAL,
    plugins: [useClient],
    esbuildOptions: keptSmall,
  },
  // The command `npx react-benji-connect`. It imports the sandbox that is built above.
  {
    entry: { "cli/index": "src/cli/index.ts" },
    format: ["esm"],
    external: ["../sandbox/index.js"],
    removeNodeProtocol: false,
    target: TARGET,
    minify: true,
  },
]);
