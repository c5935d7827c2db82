// For Vite 5 to 8. Vite's option `--mode` names the plugin that is loaded.
const PLUGINS = {
  legacy: async () => {
    const { default: legacy } = await import("@vitejs/plugin-legacy");
    // Builds no modern scripts, so that Chromium runs the scripts for old browsers.
    return legacy({ renderModernChunks: false });
  },
  compiler: async () => {
    const { default: react } = await import("@vitejs/plugin-react");
    const compiled = [];
    const logEvent = (file, { kind }) => kind === "CompileSuccess" && compiled.push(file);
    const compiler = { panicThreshold: "all_errors", logger: { logEvent } };
    const buildEnd = () => {
      if (compiled.length === 0) throw new Error("The React Compiler has compiled nothing.");
    };
    return [
      react({ babel: { plugins: [["babel-plugin-react-compiler", compiler]] } }),
      { name: "expect-compiled", buildEnd },
    ];
  },
};

export default async ({ mode }) => ({
  envPrefix: "ENTRY",
  plugins: [await PLUGINS[mode]?.()],
  build: { target: "es2020" },
});
