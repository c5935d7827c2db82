import { fileURLToPath } from "node:url";
import { build, type Rollup } from "vite";

/** The shop's files by path, such as `/index.html`. */
export type ShopFiles = ReadonlyMap<string, string | Uint8Array>;

/**
 * Builds the shop in memory, with React's development checks and StrictMode's double effects.
 *
 * Not Vite's development server: its open WebSocket keeps pages out of the browser's Back cache.
 */
export async function buildShop(): Promise<ShopFiles> {
  const { output } = (await build({
    configFile: fileURLToPath(new URL("vite.config.ts", import.meta.url)),
    define: { "process.env.NODE_ENV": JSON.stringify("development") },
    logLevel: "error",
    build: { write: false, minify: false },
  })) as Rollup.RollupOutput;
  return new Map(
    output.map((file) => [`/${file.fileName}`, file.type === "chunk" ? file.code : file.source]),
  );
}
