import { expect, it } from "vitest";
import {
  arriveAtBenji,
  arriveAtCallback,
  button,
  comeBack,
  demo,
  expectCleanAddress,
  finish,
  forgetComplaints,
  interceptShop,
  leave,
  letThrough,
  newVisitor,
  openShopAndBenji,
  readResult,
  RESULT,
} from "./shopAndBenji.js";

openShopAndBenji();

it("a reload of the cleaned address shows the same result, marked as replayed (F23)", async () => {
  const page = await newVisitor();
  await leave(page, "transfer");
  await comeBack(page);
  const first = await readResult(page);
  for (const _ of ["once", "twice"]) {
    await page.reload();
    expect(await readResult(page)).toEqual({ ...first, replayed: "true" });
    await expectCleanAddress(page);
  }
});

it("the full address of a return, opened a second time, shows the same result as replayed (T4)", async () => {
  const page = await newVisitor();
  await leave(page, "transfer");
  const url = await comeBack(page);
  const first = await readResult(page);
  await page.open(url);
  expect(await readResult(page)).toEqual({ ...first, replayed: "true" });
  await expectCleanAddress(page);
});

it("a return is accepted on a reload if the page's JavaScript did not load the first time (F22)", async () => {
  const page = await newVisitor();
  await leave(page, "redeem");
  interceptShop((request, answer) =>
    request.url.endsWith(".js") ? Response.error() : answer(request),
  );
  const url = await comeBack(page);
  await expect.poll(() => page.run(() => document.readyState)).toBe("complete");
  expect(await page.address()).toBe(url); // no code has cleaned it
  expect(await page.count(RESULT)).toBe(0);
  forgetComplaints(); // about the JavaScript file that was blocked

  letThrough();
  await page.reload();
  expect(await readResult(page)).toMatchObject({
    status: "success",
    mode: "redeem",
    replayed: "false",
  });
  await expectCleanAddress(page);
});

it("Back to Benji and then Forward shows the same result (F21)", async () => {
  const page = await newVisitor();
  await leave(page, "transfer");
  await comeBack(page);
  const { replayed: _, ...first } = await readResult(page);
  await page.back();
  await page.waitForAddress((url) => url.origin === demo.sandboxUrl);
  await page.forward();
  await arriveAtCallback(page);
  expect(await readResult(page)).toMatchObject(first);
  await expectCleanAddress(page);
});

it("Back from another page of the shop to the callback page shows the same result (F23)", async () => {
  const page = await newVisitor();
  await leave(page, "transfer");
  await comeBack(page);
  const { replayed: _, ...first } = await readResult(page);
  await page.click({ link: "Continue" });
  await page.waitFor({ heading: "Checkout" });
  await page.back();
  await arriveAtCallback(page);
  expect(await readResult(page)).toMatchObject(first);
});

it("the callback page, opened later without parameters, has the status none", async () => {
  const page = await newVisitor();
  await leave(page);
  await comeBack(page);
  await readResult(page);
  await page.open(`${demo.shopUrl}/benji/callback`);
  expect(await readResult(page)).toEqual({ status: "none" });
});

it("two flows in one tab each get their own result (F18)", async () => {
  const page = await newVisitor();
  await leave(page, "transfer");
  await comeBack(page, "error");
  expect(await readResult(page)).toMatchObject({ status: "error", mode: "transfer" });
  await page.click({ link: "Back to the shop" });
  await page.click(button("redeem"));
  await arriveAtBenji(page);
  await finish(page);
  await arriveAtCallback(page);
  expect(await readResult(page)).toMatchObject({ status: "success", mode: "redeem" });
});
