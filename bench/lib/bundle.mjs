// Bundles a page as a partner ships it: minified, production React, one file. Uses our built package.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const fromHere = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Returns the minified script of a page in pages/. The script first stores its start time. */
export async function bundle(page) {
  const { outputFiles } = await build({
    entryPoints: [fromHere(`../pages/${page}.jsx`)],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    banner: { js: "globalThis.scriptStart=performance.now();" },
    define: { "process.env.NODE_ENV": '"production"' },
    alias: {
      "react-benji-connect": fromHere("../../dist/index.js"),
      "react-benji-connect/core": fromHere("../../dist/core/index.js"),
      react: fromHere("../node_modules/react"),
      "react-dom": fromHere("../node_modules/react-dom"),
    },
    logLevel: "error",
    write: false,
  });
  return outputFiles[0].text;
}
