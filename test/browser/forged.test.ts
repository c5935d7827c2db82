import { expect, it } from "vitest";
import {
  callbackUrl,
  comeBack,
  demo,
  expectCleanAddress,
  finish,
  leave,
  newVisitor,
  openWorld,
  readResult,
} from "./world.js";

openWorld();

const FORGED = "shop=corner&status=success&state=benji.forged&benji_user_uuid=ATTACKER";
const ANY_STATE = `benji.${"A".repeat(43)}`;

it("believes no forged return, however it is opened, and the real flow still ends well", async () => {
  const page = await newVisitor();
  await leave(page);
  const hosted = page.url();

  await page.goto(callbackUrl(FORGED));
  expect(await readResult(page)).toEqual({ status: "rejected", reason: "state_unknown" });
  expect(await page.content()).not.toContain("ATTACKER");
  expectCleanAddress(page);

  await page.goto(demo.sandboxUrl);
  await page.evaluate(
    (href) => {
      const link = Object.assign(document.createElement("a"), { href, textContent: "Free points" });
      document.body.append(link);
    },
    callbackUrl(FORGED.replace("benji.forged", ANY_STATE)),
  );
  await page.getByRole("link", { name: "Free points" }).click();
  expect(await readResult(page)).toEqual({ status: "rejected", reason: "state_unknown" });
  expect(await page.content()).not.toContain("ATTACKER");

  await page.goto(hosted);
  await comeBack(page);
  expect(await readResult(page)).toMatchObject({ status: "success", replayed: "false" });
});

it.each([
  ["with an invented state", "state=benji.forged", "state_unknown"],
  ["without a state", "", "state_missing"],
])("shows a forged error %s as rejected, not as Benji's", async (_, state, reason) => {
  const page = await newVisitor();
  await page.goto(callbackUrl(`shop=corner&status=error&benji_user_id=7&${state}`));
  expect(await readResult(page)).toEqual({ status: "rejected", reason });
  expect(await page.getByText("Benji says it failed").count()).toBe(0);
});

it("believes a state once: another uuid on the same return is refused", async () => {
  const page = await newVisitor();
  await leave(page);
  const url = new URL(await comeBack(page));
  const { benjiUserUuid = "" } = await readResult(page);
  url.searchParams.set("benji_user_uuid", "ATTACKER");
  await page.goto(url.href);
  expect(await readResult(page)).toEqual({ status: "rejected", reason: "state_reused" });
  const content = await page.content();
  expect(content).not.toContain("ATTACKER");
  expect(content).not.toContain(benjiUserUuid);
});

it("believes no return that was started in another browser", async () => {
  const page = await newVisitor();
  await leave(page);
  const url = await comeBack(page);
  const stranger = await newVisitor();
  await stranger.goto(url);
  expect(await readResult(stranger)).toEqual({ status: "rejected", reason: "state_unknown" });
  expectCleanAddress(stranger);
});

it("leaves nothing of a forged return to a reload", async () => {
  const page = await newVisitor();
  await page.goto(callbackUrl(FORGED));
  await readResult(page);
  await page.reload();
  expect(await readResult(page)).toEqual({ status: "none" });
  expect(await page.content()).not.toContain("ATTACKER");
});

it.each(["no-state", "duplicated-parameters"] as const)(
  "refuses a return that Benji sent bent: %s",
  async (scenario) => {
    const page = await newVisitor();
    demo.sandbox.setNextScenario(scenario);
    await leave(page);
    await finish(page);
    const reason = scenario === "no-state" ? "state_missing" : "params_ambiguous";
    expect(await readResult(page)).toEqual({ status: "rejected", reason });
  },
);

it("takes the numeric id where Benji has no uuid, and leaves foreign parameters alone", async () => {
  const page = await newVisitor();
  demo.sandbox.setNextScenario("no-uuid");
  await leave(page);
  await comeBack(page);
  const result = await readResult(page);
  expect(result).toMatchObject({ status: "success", benjiUserId: expect.stringMatching(/^\d+$/) });
  expect(result).not.toHaveProperty("benjiUserUuid");

  demo.sandbox.setNextScenario("extra-parameters");
  await leave(page);
  await comeBack(page);
  await readResult(page);
  expectCleanAddress(page);
  expect(new URL(page.url()).searchParams.getAll("sandbox_list[]")).toEqual(["1", "2"]);
});

it("is no return from Benji where nothing names Benji", async () => {
  const page = await newVisitor();
  await page.goto(callbackUrl("shop=corner&status=success&state=another-provider"));
  expect(await readResult(page)).toEqual({ status: "none" });
  expect(page.url()).toContain("state=another-provider");
});
