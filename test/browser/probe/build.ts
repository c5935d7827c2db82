import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { build, type Rollup } from "vite";

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Builds the probe, a page with the built package. Returns its files by path. */
export async function buildProbe(): Promise<Map<string, string>> {
  const { output } = (await build({
    configFile: false,
    root: fromHere("."),
    base: "/probe/",
    plugins: [react()],
    resolve: {
      alias: [{ find: /^react-benji-connect$/, replacement: fromHere("../../../dist/index.js") }],
      dedupe: ["react", "react-dom"],
    },
    define: { "process.env.NODE_ENV": JSON.stringify("development") },
    logLevel: "error",
    build: { write: false, minify: false },
  })) as Rollup.RollupOutput;
  return new Map(
    output.map((file) => [
      `/probe/${file.fileName}`,
      file.type === "chunk" ? file.code : String(file.source),
    ]),
  );
}
