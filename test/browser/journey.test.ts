import { afterEach, describe, expect, it } from "vitest";
import {
  comeBack,
  demo,
  explanations,
  expectCleanAddress,
  finish,
  interceptShop,
  leave,
  newVisitor,
  openShopAndBenji,
  readResult,
  UUID,
} from "./shopAndBenji.js";

openShopAndBenji();

// The shop makes no mistake, so the library prints no explanation on the console.
afterEach(() => expect(explanations()).toEqual([]));

const ID = expect.stringMatching(UUID);

function transactionOf(points: number) {
  return `{ "confirmed": "transaction", "status": "completed", "rewardAmount": ${points} }`;
}

const journeys = [
  {
    mode: "connect",
    extras: { returnTo: "/" },
    trigger: { confirmation: '{ "confirmed": "member" }' },
  },
  {
    mode: "transfer",
    extras: { returnTo: "/checkout", appState: '{ "cart": 3 }' },
    trigger: { triggerEventId: ID, confirmation: transactionOf(1_000) },
  },
  {
    mode: "redeem",
    extras: { returnTo: "/checkout" },
    trigger: { triggerEventId: ID, confirmation: transactionOf(500) },
  },
] as const;

describe.each(journeys)("a member who wants to $mode", ({ mode, extras, trigger }) => {
  it("after a success at Benji the result is a success with the mode, and the address is clean", async () => {
    const page = await newVisitor();
    await leave(page, mode);
    await comeBack(page, "success");
    expect(await readResult(page)).toEqual({
      status: "success",
      benjiUserUuid: ID,
      mode,
      replayed: "false",
      ...extras,
      ...trigger,
    });
    await expectCleanAddress(page);
  });

  it("after an error at Benji the result is an error without a trigger event, and the address is clean", async () => {
    const page = await newVisitor();
    await leave(page, mode);
    await comeBack(page, "error");
    expect(await readResult(page)).toEqual({
      status: "error",
      benjiUserUuid: ID,
      mode,
      replayed: "false",
      ...extras,
    });
    await expectCleanAddress(page);
  });
});

it("the amount at Benji comes from the server's price list and not from the page's request", async () => {
  const page = await newVisitor();
  interceptShop(async (request, answer) => {
    if (request.method !== "POST") return answer(request);
    const wish = { ...((await request.json()) as object), amount: 999_999 };
    return answer(new Request(request, { body: JSON.stringify(wish) }));
  });
  await leave(page, "transfer");
  expect(await page.text(".amount strong")).toBe("1,000");
});

it('a click on the link "Continue" of the callback page opens the returnTo of the start', async () => {
  const page = await newVisitor();
  await leave(page, "transfer");
  await comeBack(page);
  await page.click({ link: "Continue" });
  await page.waitFor({ heading: "Checkout" });
});

it("a new start succeeds after a member has closed Benji's page", async () => {
  const page = await newVisitor();
  await leave(page);
  await finish(page, "close");
  await page.waitFor({ heading: "You can close this window" });
  await leave(page);
  await comeBack(page);
  expect(await readResult(page)).toMatchObject({ status: "success" });
});

it("a member with an expired token comes back with an error, and the next start succeeds (F11)", async () => {
  const page = await newVisitor();
  demo.sandbox.setNextScenario("expired-token");
  await leave(page);
  await page.waitFor({ heading: "This link has expired" });
  await finish(page, "back");
  expect(await readResult(page)).toMatchObject({ status: "error", mode: "connect" });

  await leave(page);
  await comeBack(page);
  expect(await readResult(page)).toMatchObject({ status: "success", replayed: "false" });
});
