// Pages as a partner ships them: minified, production React, one file. Ours is the built package.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const fromHere = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The minified script of a page in pages/. It says first when it began. */
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
