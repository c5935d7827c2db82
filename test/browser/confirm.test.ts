import { expect, it } from "vitest";
import {
  finishProbe,
  leaveProbe,
  openProbe,
  posts,
  probeUrl,
  readProbe,
  returnOf,
  setUpProbe,
  stateOf,
} from "./probe/openProbe.js";
import { closedGate, finish, forgetComplaints, interceptShop, newVisitor } from "./shopAndBenji.js";

openProbe();

const ROUTE = "/api/probe/confirm";
const questions = () => posts(ROUTE).length;

const answerConfirm = (answer: () => Response | Promise<Response>) =>
  interceptShop((request, shop) =>
    new URL(request.url).pathname === ROUTE ? answer() : shop(request),
  );

const agree = () => Response.json({ points: 5 });

it("a success has the server's confirmation, and a reload does not call the confirm route again (T5)", async () => {
  const page = await newVisitor();
  setUpProbe({ confirm: true });
  await leaveProbe(page);
  answerConfirm(agree);
  const first = await finishProbe(page);
  expect(first).toMatchObject({ status: "success", confirmation: { points: 5 }, replayed: false });
  await page.reload();
  expect(await readProbe(page)).toEqual({ ...first, replayed: true });
  expect(questions()).toBe(1);
});

it("a success that the server denies is rejected as not_confirmed and has no id (T5)", async () => {
  const page = await newVisitor();
  setUpProbe({ confirm: true });
  await leaveProbe(page);
  answerConfirm(() => Response.json(false));
  expect(await finishProbe(page)).toEqual({ status: "rejected", reason: "not_confirmed" });
});

it("until the confirm route answers, the result is pending and has no id", async () => {
  const page = await newVisitor();
  setUpProbe({ confirm: true });
  await leaveProbe(page);
  const gate = closedGate();
  answerConfirm(() => gate.opened.then(agree));
  await finish(page);
  await page.waitFor("[data-result=pending]");
  await expect.poll(questions).toBe(1);
  expect(await page.text("[data-result]")).toBe('{"status":"pending"}');
  gate.open();
  expect(await readProbe(page)).toMatchObject({ status: "success" });
});

it("the result is unconfirmed if the confirm route fails, and a success after retry()", async () => {
  const page = await newVisitor();
  setUpProbe({ confirm: true });
  await leaveProbe(page);
  answerConfirm(() => Response.error());
  const failed = await finishProbe(page);
  expect(failed).toMatchObject({ status: "unconfirmed", error: { code: "confirm_failed" } });
  expect(failed).not.toHaveProperty("benjiUserUuid");
  forgetComplaints(); // about the route

  answerConfirm(agree);
  await page.click({ button: "Ask again" });
  await page.waitFor("[data-result=success]");
  expect(await readProbe(page)).toMatchObject({ confirmation: { points: 5 } });
});

it("a reload calls the confirm route again if the first request to that route failed", async () => {
  const page = await newVisitor();
  setUpProbe({ confirm: true });
  await leaveProbe(page);
  answerConfirm(() => Response.error());
  expect(await finishProbe(page)).toMatchObject({ status: "unconfirmed" });
  forgetComplaints(); // about the route
  answerConfirm(agree);
  await page.reload();
  expect(await readProbe(page)).toMatchObject({ status: "success", confirmation: { points: 5 } });
});

it("two components that read the same return call the confirm route only once", async () => {
  const page = await newVisitor();
  setUpProbe({ confirm: true, readers: 2 });
  await leaveProbe(page);
  answerConfirm(agree);
  await finishProbe(page);
  await expect.poll(() => page.count("[data-result=success]")).toBe(2);
  expect(questions()).toBe(1);
});

it("the confirm route is not called for an error or for a forged success", async () => {
  const page = await newVisitor();
  setUpProbe({ confirm: true });
  const state = stateOf(await leaveProbe(page));
  await page.open(probeUrl(returnOf("benji.forged")));
  expect(await readProbe(page)).toMatchObject({ status: "rejected" });
  await page.open(probeUrl(returnOf(state, "benji_user_uuid=u-1", "error")));
  expect(await readProbe(page)).toMatchObject({ status: "error" });
  expect(questions()).toBe(0);
});
