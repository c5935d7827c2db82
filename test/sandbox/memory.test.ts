import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";

import { createToken, openSandbox, submit } from "./visit.js";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

// Collects garbage several times with pauses: Node releases the resources of a Request only later.
async function heapMegabytes(): Promise<number> {
  for (let round = 0; round < 5; round++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return process.memoryUsage().heapUsed / 1_048_576;
}

// 2,000 flows fill every log and list of the sandbox. Memory that grows after that is a leak.
it("after the first 2,000 flows 8,000 more do not increase the memory of the sandbox", async () => {
  const sandbox = openSandbox({
    webhookUrl: "https://shop.example/hook",
    fetch: () => Promise.resolve(new Response()),
  });
  const play = async (flows: number) => {
    for (let count = 0; count < flows; count++) {
      const token = await createToken(sandbox, { user_external_id: `user-${count}` });
      sandbox.setScenarioFor(token, "extra-parameters");
      sandbox.createExchangeToken();
      await submit(sandbox, `/49?connect_token=${token}&state=s`, { outcome: "success" });
    }
    await sandbox.webhooksSettled();
    return heapMegabytes();
  };

  const full = await play(2_000);
  const later = await play(8_000);
  expect(sandbox.requests).toHaveLength(200);
  expect(sandbox.webhooks).toHaveLength(200);
  // The tokens of 8,000 flows alone would need more than 2 MB.
  expect(later - full).toBeLessThan(2);
}, 300_000);
