/** The declarations of every entry, with maps that lead an editor to src/. tsup writes no such maps. */
import { type LogHandler, rollup } from "rollup";
import { dts } from "rollup-plugin-dts";

/** Writes dist/types/<entry>.d.ts and .d.cts, each with its map. */
export async function buildTypes(input: Record<string, string>, external: string[]): Promise<void> {
  const plugins = [dts({ tsconfig: "tsconfig.json", sourcemap: true })];
  const bundle = await rollup({ input, external, plugins, onLog: refuseWarnings });
  for (const ending of ["d.ts", "d.cts"])
    await bundle.write({
      // Flat: below a folder the plugin loses the map of a file whose imports it rewrites (6.5.1).
      dir: "dist/types",
      format: "es",
      entryFileNames: `[name].${ending}`,
      chunkFileNames: `[name]-[hash].${ending}`,
      sourcemap: true,
      sourcemapExcludeSources: true, // TypeScript takes no map that has them
    });
  await bundle.close();
}

// WEBHOOK is a constant of ours; what is public is the name of the type that is read off it.
const refuseWarnings: LogHandler = (level, { message }) => {
  if (level === "warn" && !message.includes("no public re-export: WEBHOOK."))
    throw new Error(message);
};
