import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { startDemo } from "../../demo/start.js";

const DEMO = fileURLToPath(new URL("../../scripts/demo.mjs", import.meta.url));

it("the demo starts with one command, prints both addresses, and stops on Ctrl-C", async () => {
  const child = spawn(process.execPath, [DEMO]);
  let said = "";
  child.stderr.on("data", (chunk) => (said += chunk));
  const addresses = await new Promise<string[]>((resolve, reject) => {
    child.on("exit", () => reject(new Error(`The demo ended early: ${said}`)));
    child.stdout.on("data", (chunk) => {
      said += chunk;
      if (said.includes("Ctrl-C")) resolve(said.match(/http:\/\/\S+:\d+/g) ?? []);
    });
  });
  expect(addresses).toEqual([
    expect.stringMatching(/^http:\/\/localhost:\d+$/),
    expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
  ]);
  for (const address of addresses) expect((await fetch(address)).status).toBe(200);

  const code = new Promise((resolve) => child.on("exit", resolve));
  child.kill("SIGINT");
  expect(await code).toBe(0);
});

it("if its ports are in use, the demo takes other ports and prints the ports in use", async () => {
  const first = await startDemo({ shopPort: 0, sandboxPort: 0 });
  const said: string[] = [];
  const shopPort = Number(new URL(first.shopUrl).port);
  const sandboxPort = Number(new URL(first.sandboxUrl).port);
  const second = await startDemo({ shopPort, sandboxPort, say: (line) => said.push(line) });
  try {
    expect(second.shopUrl).not.toBe(first.shopUrl);
    expect(second.sandboxUrl).not.toBe(first.sandboxUrl);
    expect(said[0]).toBe(`Port ${shopPort} is taken, trying ${shopPort + 1}.`);
    expect(said.join("\n")).toContain(`Port ${sandboxPort} is taken`);
    expect((await fetch(second.shopUrl)).status).toBe(200);
  } finally {
    await Promise.all([first.close(), second.close()]);
  }
});

it("Benji's page preselects each scenario with which the demo page can start a flow", async () => {
  const demo = await startDemo({ shopPort: 0, sandboxPort: 0 });
  const chosenFor = async (scenario: string) => {
    const answer = await fetch(`${demo.shopUrl}/api/benji/connect-token?scenario=${scenario}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: demo.shopUrl },
      body: JSON.stringify({ mode: "transfer" }),
    });
    const { token, connect_url } = (await answer.json()) as Record<string, string>;
    const page = await (await fetch(`${connect_url}?connect_token=${token}`)).text();
    return /value="([\w-]+)"[^>]* checked/.exec(page)?.[1];
  };
  try {
    const page = await (await fetch(demo.shopUrl)).text();
    const [, path = ""] = /src="(\S+\.js)"/.exec(page) ?? [];
    const shop = await (await fetch(demo.shopUrl + path)).text();
    const named = [...shop.matchAll(/scenario: "([\w-]+)"/g)].map(([, scenario = ""]) => scenario);
    expect(named).toEqual(["late-webhooks", "failed-transaction", "tampered-uuid", "success"]);
    for (const scenario of named) expect(await chosenFor(scenario)).toBe(scenario);
  } finally {
    await demo.close();
  }
});
