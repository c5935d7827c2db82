// Starts the demo shop and the Benji sandbox: `npm run demo`. Needs Node and `npm ci`, nothing else.
import { fileURLToPath } from "node:url";
import { createServer } from "vite";

console.log(
  "npm run demo: builds a small shop and starts it beside a local Benji, in about 5 seconds.",
);

const fromHere = (path) => fileURLToPath(new URL(path, import.meta.url));

// Vite only compiles the TypeScript here; the shop has a server of its own.
const loader = await createServer({
  configFile: fromHere("../demo/vite.config.ts"),
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
  appType: "custom",
  logLevel: "error",
});

try {
  const { startDemo } = await loader.ssrLoadModule(fromHere("../demo/start.ts"));
  const demo = await startDemo({ say: console.log });
  console.log(`
  Corner Coffee, the shop   ${demo.shopUrl}
  Benji sandbox             ${demo.sandboxUrl}

  Open the shop and press a button. Ctrl-C stops both.
`);
  const stop = async () => {
    await Promise.all([demo.close(), loader.close()]);
    process.exit(0);
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
} catch (error) {
  console.error(`The demo did not start: ${error.message}`);
  await loader.close();
  process.exitCode = 1;
}
