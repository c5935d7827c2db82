import { expect, it } from "vitest";
import { finishProbe, openProbe, openStart, posts, setUpProbe } from "./probe/openProbe.js";
import { arriveAtBenji, interceptShop, newVisitor } from "./shopAndBenji.js";

openProbe();

const READY = { button: "Ready" };

it("a click after a prefetch on focus uses the prefetched token and requests no second one", async () => {
  const page = await newVisitor();
  setUpProbe({ prefetch: "intent", mode: "transfer" });
  let answered = 0;
  interceptShop(async (request, answer) => {
    if (request.method !== "POST") return answer(request);
    const response = await answer(request);
    answered++;
    return response;
  });
  await openStart(page);
  expect(posts()).toHaveLength(0);
  await page.run(() => document.querySelector<HTMLElement>("[data-benji-part=button]")!.focus());
  await expect.poll(() => answered).toBe(1);
  await expect.poll(() => page.count("link[rel=preconnect]")).toBe(1); // the page has the answer
  expect(await page.run(() => sessionStorage.length)).toBe(0);

  await page.click(READY);
  await arriveAtBenji(page);
  expect(posts()).toHaveLength(1);
  expect(await finishProbe(page)).toMatchObject({ status: "success", mode: "transfer" });
});

it("a click during a prefetch waits for the prefetched token and requests no second one", async () => {
  const page = await newVisitor();
  setUpProbe({ prefetch: "intent" });
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  interceptShop(async (request, answer) => {
    if (request.method === "POST") await held;
    return answer(request);
  });
  await openStart(page);
  await page.click(READY); // hovers first, which starts the prefetch
  await expect.poll(() => page.attribute(READY, "data-status")).toBe("connecting");
  letGo();
  await arriveAtBenji(page);
  expect(posts()).toHaveLength(1);
});
