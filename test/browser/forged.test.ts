import { expect, it } from "vitest";
import {
  callbackUrl,
  comeBack,
  demo,
  expectCleanAddress,
  finish,
  forgetComplaints,
  interceptShop,
  leave,
  letThrough,
  markup,
  newVisitor,
  openShopAndBenji,
  readResult,
  received,
} from "./shopAndBenji.js";

openShopAndBenji();

const FORGED = "shop=corner&status=success&state=benji.forged&benji_user_uuid=ATTACKER";
const ANY_STATE = `benji.${"A".repeat(43)}`;

it("a forged return is rejected, typed or followed as a link, and the real return still succeeds (T1, T3)", async () => {
  const page = await newVisitor();
  await leave(page);
  const hosted = await page.address();

  await page.open(callbackUrl(FORGED));
  expect(await readResult(page)).toEqual({ status: "rejected", reason: "state_unknown" });
  expect(await markup(page)).not.toContain("ATTACKER");
  await expectCleanAddress(page);

  await page.open(demo.sandboxUrl);
  await page.run(
    (href) => {
      const link = Object.assign(document.createElement("a"), { href, textContent: "Free points" });
      document.body.append(link);
    },
    callbackUrl(FORGED.replace("benji.forged", ANY_STATE)),
  );
  await page.click({ link: "Free points" });
  expect(await readResult(page)).toEqual({ status: "rejected", reason: "state_unknown" });
  expect(await markup(page)).not.toContain("ATTACKER");

  await page.open(hosted);
  await comeBack(page);
  expect(await readResult(page)).toMatchObject({ status: "success", replayed: "false" });
});

it.each([
  ["with an invented state", "state=benji.forged", "state_unknown"],
  ["without a state", "", "state_missing"],
])(
  "a forged error %s is rejected and is not shown as Benji's error (T2)",
  async (_, state, reason) => {
    const page = await newVisitor();
    await page.open(callbackUrl(`shop=corner&status=error&benji_user_id=7&${state}`));
    expect(await readResult(page)).toEqual({ status: "rejected", reason });
    expect(await page.text("body")).not.toContain("Benji says it failed");
  },
);

it("the address of an accepted return is rejected with another uuid (T4)", async () => {
  const page = await newVisitor();
  await leave(page);
  const url = new URL(await comeBack(page));
  const { benjiUserUuid = "" } = await readResult(page);
  url.searchParams.set("benji_user_uuid", "ATTACKER");
  await page.open(url.href);
  expect(await readResult(page)).toEqual({ status: "rejected", reason: "state_reused" });
  const content = await markup(page);
  expect(content).not.toContain("ATTACKER");
  expect(content).not.toContain(benjiUserUuid);
});

it("a return is rejected if its flow was started in another browser (T14, F24)", async () => {
  const page = await newVisitor();
  await leave(page);
  const url = await comeBack(page);
  const stranger = await newVisitor();
  await stranger.open(url);
  expect(await readResult(stranger)).toEqual({ status: "rejected", reason: "state_unknown" });
  await expectCleanAddress(stranger);
});

it("a reload after a forged return has the status none, and the page shows nothing of that return (T13)", async () => {
  const page = await newVisitor();
  await page.open(callbackUrl(FORGED));
  await readResult(page);
  await page.reload();
  expect(await readResult(page)).toEqual({ status: "none" });
  expect(await markup(page)).not.toContain("ATTACKER");
});

it.each(["no-state", "duplicated-parameters"] as const)(
  "a malformed return from Benji in the scenario %s is rejected",
  async (scenario) => {
    const page = await newVisitor();
    await leave(page);
    await finish(page, "success", { scenario });
    const reason = scenario === "no-state" ? "state_missing" : "params_ambiguous";
    expect(await readResult(page)).toEqual({ status: "rejected", reason });
  },
);

it("a return without a uuid has the numeric id, and parameters that are not ours stay in the address", async () => {
  const page = await newVisitor();
  // The shop's server cannot confirm: Benji's API finds no user by a numeric id.
  interceptShop((request, shop) =>
    request.url.endsWith("/api/benji/confirm") ? Response.json(true) : shop(request),
  );
  await leave(page);
  await comeBack(page, "success", { scenario: "no-uuid" });
  const result = await readResult(page);
  expect(result).toMatchObject({ status: "success", benjiUserId: expect.stringMatching(/^\d+$/) });
  expect(result).not.toHaveProperty("benjiUserUuid");

  letThrough();
  await leave(page);
  await comeBack(page, "success", { scenario: "extra-parameters" });
  await readResult(page);
  await expectCleanAddress(page);
  expect(new URL(await page.address()).searchParams.getAll("sandbox_list[]")).toEqual(["1", "2"]);
});

it("a return of another provider has the status none, and its state stays in the address (T25)", async () => {
  const page = await newVisitor();
  await page.open(callbackUrl("shop=corner&status=success&state=another-provider"));
  expect(await readResult(page)).toEqual({ status: "none" });
  expect(await page.address()).toContain("state=another-provider");
});

it("a flow finished in another browser is rejected there, also by the confirm route (T6)", async () => {
  const [starter, victim] = [await newVisitor(), await newVisitor()];
  await leave(starter);
  await victim.open(await starter.address());
  const { searchParams } = new URL(await comeBack(victim));
  expect(await readResult(victim)).toEqual({ status: "rejected", reason: "state_unknown" });
  const asked = received.filter(({ url }) => url.endsWith("/api/benji/confirm"));
  expect(asked).toEqual([]);

  // The confirm route refuses it too: the starter's browser has the state cookie.
  const claim = {
    status: "success",
    state: searchParams.get("state"),
    benjiUserUuid: searchParams.get("benji_user_uuid"),
  };
  const answer = await victim.run(async (body) => {
    const headers = { "content-type": "application/json" };
    const response = await fetch("/api/benji/confirm", { method: "POST", headers, body });
    return [response.status, await response.text()];
  }, JSON.stringify(claim));
  expect(answer).toEqual([403, '{"error":"state_not_bound"}']);
  forgetComplaints(); // about the 403
});
