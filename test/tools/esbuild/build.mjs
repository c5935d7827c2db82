import { build } from "esbuild";

await build({
  entryPoints: [`${process.env.ENTRY}.js`],
  outfile: "dist/bundle.js",
  bundle: true,
  minify: true,
  define: { "process.env.NODE_ENV": '"production"' },
});
