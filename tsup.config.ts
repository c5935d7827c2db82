import { defineConfig, type Options } from "tsup";

const CLIENT_ENTRIES = new Set(["src/index.ts"]);

// Bundlers drop a directive that stands in the source, so it is written onto the built entry.
const useClient: NonNullable<Options["plugins"]>[number] = {
  name: "use-client",
  renderChunk(code, chunk) {
    if (chunk.type !== "chunk" || !CLIENT_ENTRIES.has(chunk.entryPoint ?? "")) return;
    return { code: `"use client";${code}`, map: chunk.map ?? null };
  },
};

export default defineConfig({
  entry: {
    index: "src/index.ts",
    "core/index": "src/core/index.ts",
    "server/index": "src/server/index.ts",
    "server/browser": "src/server/browser.ts",
    "sandbox/index": "src/sandbox/index.ts",
  },
  format: ["esm", "cjs"],
  dts: { compilerOptions: { ignoreDeprecations: "6.0" } },
  removeNodeProtocol: false,
  sourcemap: true,
  clean: true,
  target: "es2022",
  external: ["react", "react-dom"],
  plugins: [useClient],
});
