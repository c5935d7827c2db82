// Does what a partner does: installs the packed tarball in the shop beside this file, starts the sandbox
// with npx, and runs the shop's component tests and its journeys in Chromium. `npm run test:partner`.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromiumArgs, ensure } from "../../scripts/ensure-browser.mjs";
import { bin, freePort, waitForOutput, run, runToTheEnd, start } from "../installed/programs.mjs";
import { install, packTarball, readJson, scratchFolder } from "../installed/tarball.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const scratch = scratchFolder();

await runToTheEnd("partner", play);

async function play() {
  at("Chromium");
  const CHROMIUM_PATH = await ensure();
  at("build and pack");
  const { file, version } = await packTarball(scratch);
  at("install");
  await install(HERE, file);
  at("vite build");
  await run(bin(HERE, "vite"), ["build", "--logLevel", "warn"], { cwd: HERE });

  const port = await freePort();
  const shopUrl = `http://localhost:${port}`;
  at("npx react-benji-connect sandbox");
  const benji = await startSandbox(shopUrl);
  at("the shop's server");
  await startShop(shopUrl, { ...benji, PORT: String(port) });
  at("component tests");
  const component = await vitest("component");
  at("end to end");
  const e2e = await vitest("e2e", {
    SHOP_URL: shopUrl,
    CHROMIUM_PATH,
    CHROMIUM_ARGS: JSON.stringify(chromiumArgs),
  });
  const scenarios = e2e.names.filter((name) => name.includes("in the scenario ")).length;
  return (
    `react-benji-connect ${version} from its tarball · component ${component.count} · ` +
    `end to end in Chromium ${e2e.count}, ${scenarios} scenarios`
  );
}

function at(name) {
  console.log(`partner: ${name}`);
}

/** Returns the environment variables of the shop's server. */
async function startSandbox(shopUrl) {
  const flags = [
    ...["--port", "0", "--redirect-url", `${shopUrl}/benji/callback?shop=partner`],
    ...["--webhook-url", `${shopUrl}/webhooks/benji`, "--webhook-salt", "partner-salt"],
    // The shop needs this row: see benji.mjs.
    ...["--scenario", "undocumented-merchant-external-id"],
  ];
  const npx = ["--no", "--", "react-benji-connect", "sandbox", ...flags];
  const sandbox = start("npx", npx, { cwd: HERE });
  return {
    BENJI_API_URL: await waitForOutput(sandbox, /POST (http:\S+)\/auth\/connect/),
    BENJI_PARTNERSHIP_UUID: await waitForOutput(sandbox, /Partnership 49 +(\S{36})/),
  };
}

function startShop(shopUrl, benji) {
  const env = {
    ...benji,
    PUBLIC_ORIGIN: shopUrl,
    BENJI_API_KEY: "sandbox-api-key",
    BENJI_WEBHOOK_SALT: "partner-salt",
  };
  return waitForOutput(
    start(process.execPath, ["server.mjs"], { cwd: HERE, env }),
    /open at (\S+)/,
  );
}

async function vitest(project, env = {}) {
  const file = join(scratch, `${project}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const args = ["run", "--project", project, ...reporters];
  await run(bin(HERE, "vitest"), args, { cwd: HERE, env, stdio: "inherit" });
  const { numPassedTests: passed, numTotalTests: total, testResults } = readJson(file);
  // A skipped test is not a passed test.
  if (passed !== total || total === 0) throw new Error(`${passed} of ${total} passed`);
  const names = testResults.flatMap((result) => result.assertionResults.map(({ title }) => title));
  return { count: `${passed} of ${total}`, names };
}
