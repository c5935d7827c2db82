// Runs every test there is: finds (or gets) a Chromium, builds the package, then runs all rooms.
// Arguments go to vitest: `npm test -- --project core`.
import { spawnSync } from "node:child_process";
import { ensure } from "./ensure-browser.mjs";

const run = (bin, args, env = {}) => {
  const command = process.platform === "win32" ? `${bin}.cmd` : bin;
  const { status } = spawnSync(`node_modules/.bin/${command}`, args, {
    stdio: "inherit",
    env: { ...process.env, ...env },
    shell: process.platform === "win32",
  });
  if (status !== 0) process.exit(status ?? 1);
};

let CHROMIUM_PATH;
try {
  CHROMIUM_PATH = await ensure();
} catch (error) {
  console.error(`The browser tests cannot run: ${error.message}`);
  process.exit(1);
}
run("tsup", ["--silent"]);
run("vitest", ["run", ...process.argv.slice(2)], { CHROMIUM_PATH });
