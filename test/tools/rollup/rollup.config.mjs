import commonjs from "@rollup/plugin-commonjs";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import replace from "@rollup/plugin-replace";

export default {
  input: `${process.env.ENTRY}.js`,
  output: { file: "dist/bundle.js", format: "iife" },
  plugins: [
    nodeResolve({ browser: true }),
    commonjs(),
    replace({ "process.env.NODE_ENV": '"production"', preventAssignment: true }),
  ],
  // "use client" means nothing to a page that is not rendered by React Server Components.
  onwarn: (warning, warn) => warning.code === "MODULE_LEVEL_DIRECTIVE" || warn(warning),
};
