import { expect, it } from "vitest";
import type { Visitor } from "./engines/visitor.js";
import {
  arriveAtBenji,
  button,
  closedGate,
  comeBack,
  demo,
  hasBackCache,
  interceptShop,
  leave,
  letThrough,
  newVisitor,
  openShopAndBenji,
  readResult,
} from "./shopAndBenji.js";

openShopAndBenji();

interface Marks {
  isSameDocument?: boolean;
  persisted?: boolean;
}

const requestsFor = (path: string) =>
  demo.sandbox.requests.filter((request) => request.path === path).length;
const tokensMade = () => requestsFor("/auth/connect");

const isTokenRequest = ({ method }: Request) => method === "POST";

it("however often the button is pressed, one token is requested and one navigation made (F14)", async () => {
  const page = await newVisitor();
  const tokensBefore = tokensMade();
  const visitsBefore = requestsFor("/49");
  await page.open(demo.shopUrl);
  // The answer is late, so that the page is still open at every press.
  const gate = closedGate();
  interceptShop(async (request, answer) => {
    if (isTokenRequest(request)) await gate.opened;
    return answer(request);
  });
  await page.run((selector) => {
    const element = document.querySelector<HTMLElement>(selector)!;
    for (let press = 0; press < 10; press++) element.click();
  }, button("connect"));
  await page.doubleClick(button("connect"));
  gate.open();
  await arriveAtBenji(page);
  await new Promise((resolve) => setTimeout(resolve, 500)); // a second token would be here by now
  expect(tokensMade() - tokensBefore).toBe(1);
  expect(requestsFor("/49") - visitsBefore).toBe(1);
});

it("a double click requests one token (F14)", async () => {
  const page = await newVisitor();
  const before = tokensMade();
  await page.open(demo.shopUrl);
  await page.doubleClick(button("transfer"));
  await arriveAtBenji(page);
  expect(tokensMade() - before).toBe(1);
});

it.each(["Enter", "Space"] as const)(
  "the key %s on the focused button starts a flow",
  async (key) => {
    const page = await newVisitor();
    await page.open(demo.shopUrl);
    await page.press(button("redeem"), key);
    await arriveAtBenji(page);
  },
);

/** Goes to Benji and Back. Returns whether Back restored the same document from the cache. */
async function leaveAndComeBack(page: Visitor): Promise<Marks> {
  await page.open(demo.shopUrl);
  await page.run(() => {
    Object.assign(window, { isSameDocument: true });
    addEventListener("pageshow", (event) => Object.assign(window, { persisted: event.persisted }));
  });
  await page.click(button("connect"));
  await arriveAtBenji(page);
  await page.back();
  await page.waitForAddress((url) => url.origin === demo.shopUrl);
  await page.waitFor(button("connect"));
  return page.run(() => {
    const { isSameDocument = false, persisted = false } = window as unknown as Marks;
    return { isSameDocument, persisted };
  });
}

it("the button is usable again after Back from Benji's page, and a second start succeeds (F19, F20)", async () => {
  const page = await newVisitor();
  await leaveAndComeBack(page);
  await expect.poll(() => page.attribute(button("connect"), "data-status")).toBe("idle");
  expect(await page.attribute(button("connect"), "aria-busy")).toBe("false");

  await page.click(button("connect"));
  await arriveAtBenji(page);
  await comeBack(page);
  expect(await readResult(page)).toMatchObject({ status: "success", replayed: "false" });
});

it("a page with the library can stay in the back/forward cache (F19)", async ({ skip }) => {
  skip(!hasBackCache(), "a headless shell has no Back cache");
  const marks = await leaveAndComeBack(await newVisitor());
  expect(marks).toEqual({ isSameDocument: true, persisted: true });
});

it("a failed start shows its message, and the next press starts a flow", async () => {
  const page = await newVisitor();
  await page.open(demo.shopUrl);
  interceptShop((request, answer) =>
    isTokenRequest(request) ? Response.json({ token: 7 }) : answer(request),
  );
  await page.click(button("connect"));
  await page.waitFor('[data-benji-error="token_malformed"]');
  expect(await page.run(() => sessionStorage.length)).toBe(0);
  letThrough();
  await page.click(button("connect"));
  await arriveAtBenji(page);
});

it("two tabs have independent flows (F17)", async () => {
  const page = await newVisitor();
  const other = await page.newTab();
  await leave(page, "transfer");
  await leave(other, "redeem");
  await comeBack(page);
  await comeBack(other);
  expect(await readResult(page)).toMatchObject({ status: "success", mode: "transfer" });
  expect(await readResult(other)).toMatchObject({ status: "success", mode: "redeem" });
});
