/** Builds the type declarations of every entry. They keep the TSDoc, which editors show. */
import { writeFile } from "node:fs/promises";
import { type LogHandler, rollup } from "rollup";
import { dts } from "rollup-plugin-dts";

/**
 * Writes dist/types/<entry>.d.cts, and beside it a .d.ts that re-exports it. The .d.ts cannot be the
 * original: a CommonJS module may not import the types of an ES module.
 */
export async function buildTypes(input: Record<string, string>, external: string[]): Promise<void> {
  const plugins = [dts({ tsconfig: "tsconfig.json" })];
  const bundle = await rollup({ input, external, plugins, onLog: refuseWarnings });
  await bundle.write({
    dir: "dist/types",
    format: "es",
    entryFileNames: "[name].d.cts",
    chunkFileNames: "[name]-[hash].d.cts",
  });
  await bundle.close();
  for (const entry of Object.keys(input))
    await writeFile(`dist/types/${entry}.d.ts`, `export * from "./${entry}.cjs";\n`);
}

// The one warning that is allowed: WEBHOOK is internal, only a type derived from it is public.
const refuseWarnings: LogHandler = (level, { message }) => {
  if (level === "warn" && !message.includes("no public re-export: WEBHOOK."))
    throw new Error(message);
};
