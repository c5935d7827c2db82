import { expect, it } from "vitest";
import {
  arriveAtBenji,
  comeBack,
  demo,
  expectCleanAddress,
  finish,
  forgetComplaints,
  leave,
  newVisitor,
  openWorld,
  readResult,
  result,
} from "./world.js";

openWorld();

/** A page out of the Back cache is there at once and never loads. */
const RESTORED = { waitUntil: "commit" } as const;

it("shows the same result after a reload of the cleaned address, marked as replayed", async () => {
  const page = await newVisitor();
  await leave(page, "transfer");
  await comeBack(page);
  const first = await readResult(page);
  for (const _ of ["once", "twice"]) {
    await page.reload();
    expect(await readResult(page)).toEqual({ ...first, replayed: "true" });
    expectCleanAddress(page);
  }
});

it("shows the same result when the full address is opened again", async () => {
  const page = await newVisitor();
  await leave(page, "transfer");
  const url = await comeBack(page);
  const first = await readResult(page);
  await page.goto(url);
  expect(await readResult(page)).toEqual({ ...first, replayed: "true" });
  expectCleanAddress(page);
});

it("loses nothing when the page is reloaded before its script has run", async () => {
  const page = await newVisitor();
  await leave(page, "redeem");
  await page.route("**/assets/*.js", (route) => route.abort());
  const url = await comeBack(page);
  await page.waitForLoadState();
  expect(page.url()).toBe(url); // nobody was there to clean it
  expect(await result(page).count()).toBe(0);
  forgetComplaints(); // about the script we blocked

  await page.unroute("**/assets/*.js");
  await page.reload();
  expect(await readResult(page)).toMatchObject({
    status: "success",
    mode: "redeem",
    replayed: "false",
  });
  expectCleanAddress(page);
});

it("shows the same result after Back to Benji and Forward again", async () => {
  const page = await newVisitor();
  await leave(page, "transfer");
  await comeBack(page);
  const { replayed: _, ...first } = await readResult(page);
  await page.goBack(RESTORED);
  await page.waitForURL((url) => url.origin === demo.sandboxUrl, RESTORED);
  await page.goForward(RESTORED);
  await page.waitForURL((url) => url.origin === demo.shopUrl, RESTORED);
  expect(await readResult(page)).toMatchObject(first);
  expectCleanAddress(page);
});

it("shows the same result after going on into the shop and Back", async () => {
  const page = await newVisitor();
  await leave(page, "transfer");
  await comeBack(page);
  const { replayed: _, ...first } = await readResult(page);
  await page.getByRole("link", { name: "Continue" }).click();
  await page.getByRole("heading", { name: "Checkout" }).waitFor();
  await page.goBack(RESTORED);
  await page.waitForURL("**/benji/callback**", RESTORED);
  expect(await readResult(page)).toMatchObject(first);
});

it("shows no old result to a later visit of the bare callback", async () => {
  const page = await newVisitor();
  await leave(page);
  await comeBack(page);
  await readResult(page);
  await page.goto(`${demo.shopUrl}/benji/callback`);
  expect(await readResult(page)).toEqual({ status: "none" });
});

it("gives each of two flows in one tab its own result", async () => {
  const page = await newVisitor();
  await leave(page, "transfer");
  await comeBack(page, "error");
  expect(await readResult(page)).toMatchObject({ status: "error", mode: "transfer" });
  await page.getByRole("link", { name: "Back to the shop" }).click();
  await page.getByRole("button", { name: "Redeem points" }).click();
  await arriveAtBenji(page);
  await finish(page);
  await page.waitForURL("**/benji/callback**");
  expect(await readResult(page)).toMatchObject({ status: "success", mode: "redeem" });
});
