import { copyFile, writeFile } from "node:fs/promises";
import { defineConfig, type Options } from "tsup";
import { buildTypes } from "./scripts/buildTypes";

const FOLDERS = ["core", "server", "sandbox", "testing"];
const namedBy = (nameOf: (folder: string) => string) =>
  Object.fromEntries([
    ["index", "src/index.ts"],
    ...FOLDERS.map((folder) => [nameOf(folder), `src/${folder}/index.ts`]),
  ]) as Record<string, string>;

const CLIENT_ENTRIES = new Set(["src/index.ts", "src/testing/index.ts"]);

const REACT = ["react", "react/jsx-runtime", "react-dom"];
// testing/ asks for the library by its name: a copy of its own would have another React context.
const OURSELVES = ["", "/core", "/sandbox"].map((entry) => `react-benji-connect${entry}`);

// Bundlers drop a directive that stands in the source, so it is written onto the built entry.
const useClient: NonNullable<Options["plugins"]>[number] = {
  name: "use-client",
  renderChunk(code, chunk) {
    if (chunk.type !== "chunk" || !CLIENT_ENTRIES.has(chunk.entryPoint ?? "")) return;
    return { code: `"use client";${code}`, map: chunk.map ?? null };
  },
};

// What a browser's bundle finds in place of the server, where the API key would have gone along.
// Without exports, so that the build fails; `require` cannot fail that early and throws instead.
// Written by hand: a bundler would leave nothing of a module without exports.
const SERVER_IN_BROWSERS = {
  "dist/server/browser.js": "export {};\n",
  "dist/server/browser.cjs": `throw new Error("react-benji-connect/server must not run in a browser.");\n`,
};

export default defineConfig([
  {
    entry: namedBy((folder) => `${folder}/index`),
    format: ["esm", "cjs"],
    removeNodeProtocol: false,
    sourcemap: true,
    // The program is built beside this, and must not be swept away.
    clean: ["!sandbox/cli.js", "!sandbox/cli.js.map"],
    target: "es2022",
    external: [...REACT, ...OURSELVES],
    plugins: [useClient],
    onSuccess: async () => {
      await copyFile("src/styles.css", "dist/styles.css");
      for (const [file, text] of Object.entries(SERVER_IN_BROWSERS)) await writeFile(file, text);
      await buildTypes(
        namedBy((folder) => folder),
        [...REACT, ...OURSELVES],
      );
    },
  },
  // What `npx react-benji-connect` runs. It starts the sandbox that is built above.
  {
    entry: { "sandbox/cli": "src/sandbox/cli.ts" },
    format: ["esm"],
    external: ["./index.js"],
    removeNodeProtocol: false,
    sourcemap: true,
    target: "es2022",
  },
]);
