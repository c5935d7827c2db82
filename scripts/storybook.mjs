// Starts Storybook with the Benji sandbox beside it: `npm run storybook`, on another port with
// `npm run storybook -- 6007`. Further arguments go to Storybook.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createServer } from "vite";

const fromHere = (path) => fileURLToPath(new URL(path, import.meta.url));
const [port = "6006", ...more] = process.argv.slice(2);

// Vite only compiles the TypeScript here.
const loader = await createServer({
  configFile: fromHere("../demo/vite.config.ts"),
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
  appType: "custom",
  logLevel: "error",
});
const { listenSandbox } = await loader.ssrLoadModule(fromHere("../src/sandbox/index.ts"));
const { onFreePort } = await loader.ssrLoadModule(fromHere("../demo/nodeHttp.ts"));

const redirectUrl = `http://localhost:${port}/iframe.html?id=against-the-sandbox--callback&viewMode=story`;
const sandbox = await onFreePort(
  4010,
  (sandboxPort) => listenSandbox({ port: sandboxPort, redirectUrl }),
  console.log,
);
await loader.close();
console.log(`Benji sandbox: ${sandbox.url}`);

// Storybook must take this port: the sandbox sends members back to it.
const storybook = spawn(
  process.execPath,
  [
    fromHere("../node_modules/storybook/dist/bin/dispatcher.js"),
    "dev",
    "-p",
    port,
    "--exact-port",
    ...more,
  ],
  { stdio: "inherit", env: { ...process.env, STORYBOOK_SANDBOX_URL: sandbox.url } },
);
storybook.once("exit", async (code) => {
  await sandbox.close();
  process.exit(code ?? 0);
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => storybook.kill(signal));
