import { copyFile, writeFile } from "node:fs/promises";
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

const CLIENT_ENTRIES = new Set(["src/index.ts", "src/testing/index.ts"]);

const REACT = ["react", "react/jsx-runtime", "react-dom"];
// testing/ asks for the library by its name: a copy of its own would have another React context.
const OURSELVES = ["", "/core", "/sandbox"].map((entry) => `react-benji-connect${entry}`);
const EXTERNAL = [...REACT, ...OURSELVES];

// Bundlers drop a directive that stands in the source, so it is written onto the built entry.
const useClient: NonNullable<Options["plugins"]>[number] = {
  name: "use-client",
  renderChunk(code, chunk) {
    if (chunk.type !== "chunk" || !CLIENT_ENTRIES.has(chunk.entryPoint ?? "")) return;
    return { code: `"use client";${code}`, map: chunk.map ?? null };
  },
};

const BY_HAND = {
  // What a browser's bundle finds in place of the server, where the API key would have gone along.
  // Without exports, so that the build fails; `require` cannot fail that early and throws instead.
  // A bundler would leave nothing of a module without exports.
  "dist/server/browser.js": "export {};\n",
  "dist/server/browser.cjs": `throw new Error("react-benji-connect/server must not run in a browser.");\n`,
  // TypeScript 6 wants to know what `import "react-benji-connect/styles.css"` is.
  "dist/types/styles.d.ts": "export {};\n",
  "dist/types/styles.d.cts": "export {};\n",
};

export default defineConfig([
  {
    entry: SCRIPTS,
    format: ["esm", "cjs"],
    removeNodeProtocol: false,
    sourcemap: true,
    // The program is built beside this, and must not be swept away.
    clean: ["!cli/index.js", "!cli/index.js.map"],
    target: "es2022",
    external: EXTERNAL,
    plugins: [useClient],
    onSuccess: async () => {
      await copyFile("src/styles.css", "dist/styles.css");
      await buildTypes(TYPES, EXTERNAL);
      for (const [file, text] of Object.entries(BY_HAND)) await writeFile(file, text);
    },
  },
  // What `npx react-benji-connect` runs. It starts the sandbox that is built above.
  {
    entry: { "cli/index": "src/cli/index.ts" },
    format: ["esm"],
    external: ["../sandbox/index.js"],
    removeNodeProtocol: false,
    sourcemap: true,
    target: "es2022",
  },
]);
