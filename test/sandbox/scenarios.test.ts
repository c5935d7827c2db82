import { describe, expect, it } from "vitest";

import { createSandbox } from "../../src/sandbox/index.js";
import type { Sandbox, SandboxScenario } from "../../src/sandbox/index.js";
import { createToken, locationOf, open, openSandbox, queryOf, submit } from "./visit.js";

const NAMES = [
  "success",
  "error",
  "close",
  "slow",
  "no-uuid",
  "no-state",
  "duplicated-parameters",
  "extra-parameters",
  "tampered-uuid",
  "expired-token",
  "used-token",
  "no-redirect-url",
  "slow-transaction",
  "failed-transaction",
  "late-webhooks",
  "repeated-webhooks",
  "out-of-order-webhooks",
  "lost-webhooks",
  "loyalty-number",
  "undocumented-merchant-external-id",
  "undocumented-partner-external-id",
];

const press = (sandbox: Sandbox, address: string, scenario?: string) =>
  submit(sandbox, address, { outcome: "success", ...(scenario && { scenario }) });
const addressOf = async (sandbox: Sandbox) => `/49?connect_token=${await createToken(sandbox)}`;

describe("the drawer", () => {
  it("the drawer of the hosted page offers every scenario", async () => {
    const page = await (await open(openSandbox(), "/49")).text();
    const names = [...page.matchAll(/name="scenario"\s+value="([^"]+)"/g)].map(([, name]) => name);
    expect(names).toEqual(NAMES);
  });
});

describe("close", () => {
  it("the scenario close does not return to the shop, and leaves the token valid", async () => {
    const sandbox = openSandbox();
    const address = await addressOf(sandbox);
    const page = await press(sandbox, address, "close");
    expect(locationOf(page)).toBe("");
    expect(await page.text()).toContain("You can close this window");
    expect((await press(sandbox, address)).status).toBe(303);
  });

  it("the scenario close, set by setNextScenario, is played by one flow only", async () => {
    const sandbox = openSandbox();
    sandbox.setNextScenario("close");
    expect((await press(sandbox, "/49")).status).toBe(200);
    expect((await press(sandbox, "/49")).status).toBe(303);
  });
});

describe.each([
  ["expired-token", "This link has expired"],
  ["used-token", "This link was already used"],
] as const)("the scenario %s", (scenario, title) => {
  it("a scenario with an expired or used token, chosen in the drawer, stops the flow at every button", async () => {
    for (const outcome of ["success", "error"]) {
      const sandbox = openSandbox();
      const address = await addressOf(sandbox);
      const page = await submit(sandbox, address, { outcome, scenario });
      expect(page.status).toBe(410);
      expect(await page.text()).toContain(title);
      expect(await (await open(sandbox, address)).text()).toContain(title);
      expect((await press(sandbox, address)).status).toBe(410);
    }
  });

  it("a scenario with an expired or used token, set by setNextScenario, stops the next opened page only", async () => {
    const sandbox = openSandbox();
    const [first, second] = [await addressOf(sandbox), await addressOf(sandbox)];
    sandbox.setNextScenario(scenario);
    expect(await (await open(sandbox, first)).text()).toContain(title);
    expect((await open(sandbox, second)).status).toBe(200);
  });

  it("the page of a scenario with an expired or used token leads back to the shop with an error and the state", async () => {
    const sandbox = openSandbox();
    const address = `${await addressOf(sandbox)}&state=s1`;
    await press(sandbox, address, scenario);
    expect([...queryOf(await submit(sandbox, address, { outcome: "back" }))]).toEqual([
      ["status", "error"],
      ["state", "s1"],
    ]);
  });

  it("a scenario with an expired or used token is also played on a page without a token", async () => {
    const sandbox = openSandbox();
    sandbox.setNextScenario(scenario);
    const page = await open(sandbox, "/49?state=s1");
    expect(page.status).toBe(410);
    const action = /action="([^"]*)"/.exec(await page.text())?.[1]?.replaceAll("&amp;", "&");
    expect((await press(sandbox, `/49${action}`)).status).toBe(410);
  });

  it("a preview in a scenario with an expired or used token leaves the token valid", async () => {
    const sandbox = openSandbox();
    const address = await addressOf(sandbox);
    const token = new URLSearchParams(address.slice(4)).get("connect_token")!;
    sandbox.setScenarioFor(token, scenario);
    expect((await open(sandbox, `${address}&preview=1`)).status).toBe(200);
    sandbox.setScenarioFor(token, "success");
    expect((await open(sandbox, address)).status).toBe(200);
  });
});

describe("no-redirect-url", () => {
  it("the scenario no-redirect-url ends on a page that says that all is done", async () => {
    const page = await press(openSandbox(), "/49", "no-redirect-url");
    expect(locationOf(page)).toBe("");
    expect(await page.text()).toContain("All done");
  });

  it("with the scenario no-redirect-url, set by setNextScenario, the page says so before a button is pressed", async () => {
    const sandbox = openSandbox();
    sandbox.setNextScenario("no-redirect-url");
    expect(await (await open(sandbox, "/49")).text()).toContain("no Redirect URL is configured");
    const broken = await (await open(sandbox, "/49?connect_token=none")).text();
    expect(broken).not.toContain("Go back to the shop");
  });
});

describe("a scenario pinned to a token", () => {
  it("the scenario of setScenarioFor is played only by the flow of that token", async () => {
    const sandbox = openSandbox();
    const [mine, other] = [await createToken(sandbox), await createToken(sandbox)];
    sandbox.setScenarioFor(mine, "no-uuid");
    const idsOf = async (token: string) =>
      [...queryOf(await press(sandbox, `/49?connect_token=${token}`)).keys()].filter((name) =>
        name.startsWith("benji_"),
      );
    expect(await idsOf(other)).toEqual(["benji_user_uuid"]);
    expect(await idsOf(mine)).toEqual(["benji_user_id"]);
  });

  it("a flow with a scenario of setScenarioFor leaves the scenario of setNextScenario to another flow", async () => {
    const sandbox = openSandbox();
    const token = await createToken(sandbox);
    sandbox.setNextScenario("error");
    sandbox.setScenarioFor(token, "no-state");
    const address = `/49?connect_token=${token}&state=s1`;
    expect(await (await open(sandbox, address)).text()).toMatch(/value="no-state"\s+checked/);
    const pinned = queryOf(await press(sandbox, address));
    expect([pinned.get("status"), pinned.get("state")]).toEqual(["success", null]);
    expect(queryOf(await press(sandbox, "/49")).get("status")).toBe("error");
  });

  it("setScenarioFor throws for an unknown token, and the message does not quote that token", () => {
    const pin = () => openSandbox().setScenarioFor("s3cret", "slow");
    expect(pin).toThrow(TypeError);
    expect(pin).not.toThrow(/s3cret/);
  });
});

describe("the option scenario", () => {
  it("the option scenario is played by every flow that has no other scenario", async () => {
    const sandbox = openSandbox({ scenario: "error" });
    const statusOf = async () => queryOf(await press(sandbox, "/49")).get("status");
    expect(await statusOf()).toBe("error");
    sandbox.setNextScenario("success");
    expect(await statusOf()).toBe("success");
    expect(await statusOf()).toBe("error");
  });
});

describe("a scenario that does not exist", () => {
  const wrong = "no-such" as SandboxScenario;

  it("an unknown scenario is refused by the option scenario, by setNextScenario and by setScenarioFor", async () => {
    const sandbox = openSandbox();
    const token = await createToken(sandbox);
    expect(() => createSandbox({ scenario: wrong })).toThrow(/no-such/);
    expect(() => sandbox.setNextScenario(wrong)).toThrow(/no-such/);
    expect(() => sandbox.setScenarioFor(token, wrong)).toThrow(/no-such/);
  });

  it("an unknown scenario in a submitted form is ignored", async () => {
    expect((await press(openSandbox(), "/49", "no-such")).status).toBe(303);
  });
});
