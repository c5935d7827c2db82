import type { FinishOutcome } from "react-benji-connect/testing";
import { expect, it } from "vitest";
import { CONFIRM_ROUTE, createBackend, WEBHOOK_ROUTE } from "../../demo/backend.js";
import type { Visitor } from "./engines/visitor.js";
import { openServer } from "./openOtherSite.js";
import {
  leaveProbe,
  openProbe,
  posts,
  readProbe,
  sendMembersTo,
  setUpProbe,
  stateOf,
} from "./probe/openProbe.js";
import {
  arriveAtBenji,
  closedGate,
  comeBack,
  demo,
  finish,
  forgetComplaints,
  interceptShop,
  leave,
  letThrough,
  newVisitor,
  readResult,
  received,
  RESULT,
} from "./shopAndBenji.js";

openProbe();

const CONFIRMED = '{ "confirmed": "transaction", "status": "completed", "rewardAmount": 1000 }';
const NOT_YET = { status: "unconfirmed", error: { code: "confirm_pending" } };

const pathOf = ({ url }: Request) => new URL(url).pathname;
const questions = () => posts(CONFIRM_ROUTE).length;

/** The probe calls the shop's confirm route, and gives up after 1.5 s: sooner than the shop's page. */
const setUpImpatientPage = (mode: "connect" | "transfer" = "transfer") =>
  setUpProbe({ mode, confirm: CONFIRM_ROUTE, waitMs: 1_500 });

/** Finishes at Benji; returns the address of the return before any code of the shop has changed it. */
async function catchReturn(page: Visitor, outcome?: FinishOutcome): Promise<URL> {
  const isReturn = (request: Request) =>
    request.method === "GET" && new URL(request.url).searchParams.has("benji_user_uuid");
  const before = received.length;
  interceptShop((request, shop) =>
    isReturn(request)
      ? new Response("<!doctype html><title>On the way</title>", {
          headers: { "content-type": "text/html" },
        })
      : shop(request),
  );
  await finish(page, outcome);
  await page.waitForAddress((url) => url.searchParams.has("benji_user_uuid"));
  letThrough();
  return new URL(received.slice(before).find(isReturn)!.url);
}

/** Edits the address of a return, and opens it. */
async function openEdited(page: Visitor, url: URL, edits: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(edits)) url.searchParams.set(name, value);
  await page.open(url.href);
}

/** Signs another member in, or signs out. */
async function signIn(page: Visitor, member: string): Promise<void> {
  await page.run((cookie) => void (document.cookie = cookie), `member=${member}; Path=/`);
}

/** Goes to Benji by a button of the shop that preselects a scenario on Benji's page. */
async function tryOut(page: Visitor, name: string): Promise<void> {
  sendMembersTo("/benji/callback?shop=corner");
  await page.open(demo.shopUrl);
  await page.click({ button: name });
  await arriveAtBenji(page);
}

/** Makes a successful transfer and returns the id of its trigger event. */
async function transferOnce(page: Visitor): Promise<string> {
  sendMembersTo("/benji/callback?shop=corner");
  await leave(page, "transfer");
  await comeBack(page);
  const { status, triggerEventId = "" } = await readResult(page);
  expect(status).toBe("success");
  return triggerEventId;
}

it("a failed transfer whose return is edited to a success is not confirmed (T5)", async () => {
  const page = await newVisitor();
  setUpImpatientPage();
  await leaveProbe(page);
  const url = await catchReturn(page, "error");
  expect(url.searchParams.get("status")).toBe("error");
  await openEdited(page, url, { status: "success" });
  expect(await readProbe(page)).toMatchObject(NOT_YET);
});

it("a failed transfer whose return is edited to a success with an earlier transfer's id is refused (T5)", async () => {
  const page = await newVisitor();
  const trigger_event_id = await transferOnce(page);
  await leave(page, "transfer");
  const url = await catchReturn(page, "error");
  await openEdited(page, url, { status: "success", trigger_event_id });
  expect(await readResult(page)).toEqual({ status: "rejected", reason: "not_confirmed" });
  forgetComplaints(); // about the 409
});

it("a success whose trigger event is made up is not confirmed (T5)", async () => {
  const page = await newVisitor();
  setUpImpatientPage();
  await leaveProbe(page);
  const url = await catchReturn(page);
  await openEdited(page, url, { trigger_event_id: "0f6d2c1e-1f1a-4e0a-9f0e-3d6a5b7c8d90" });
  expect(await readProbe(page)).toMatchObject(NOT_YET);
});

it("a return with an edited uuid is rejected in mode transfer and unconfirmed in mode connect (T5)", async () => {
  const page = await newVisitor();
  await tryOut(page, "Try an edited return");
  await finish(page);
  expect(await readResult(page)).toEqual({ status: "rejected", reason: "not_confirmed" });
  forgetComplaints(); // about the 409

  setUpImpatientPage("connect");
  await leaveProbe(page);
  await finish(page, "success", { scenario: "tampered-uuid" });
  expect(await readProbe(page)).toMatchObject(NOT_YET);
});

it("another member's return is not confirmed if its state is replaced by that of the thief's own flow (T5)", async () => {
  const [thief, victim] = [await newVisitor(), await newVisitor()];
  setUpImpatientPage();
  await thief.open(`${demo.shopUrl}/probe/start`);
  await signIn(thief, "thief");
  const state = stateOf(await leaveProbe(thief));
  await leaveProbe(victim);
  const stolen = await catchReturn(victim);
  await openEdited(thief, stolen, { state });
  expect(await readProbe(thief)).toMatchObject(NOT_YET);
});

it("a flow that another member started in this browser is not confirmed (T7)", async () => {
  const page = await newVisitor();
  await leave(page, "transfer");
  const hosted = await page.address();
  await page.open(demo.shopUrl);
  await signIn(page, "somebody-else");
  await page.open(hosted);
  await comeBack(page);
  expect(await readResult(page)).toEqual({ status: "rejected", reason: "state_not_bound" });
  forgetComplaints(); // about the 403
});

it("a member who signed out during the flow is asked to sign in; after that the flow is confirmed", async () => {
  const page = await newVisitor();
  await leave(page, "transfer");
  const hosted = await page.address();
  await page.open(demo.shopUrl);
  await signIn(page, "");
  await page.open(hosted);
  await comeBack(page);
  expect(await readResult(page)).toEqual({ status: "unconfirmed", error: "unauthenticated" });
  await page.waitFor({ heading: "Please sign in" });
  forgetComplaints(); // about the 401

  await signIn(page, "corner-coffee-member-7");
  await page.click({ button: "Ask again" });
  await page.waitFor(`${RESULT}[data-status=success]`);
});

it("a return with the status success is rejected if the transfer has failed at Benji in the meantime", async () => {
  const page = await newVisitor();
  await tryOut(page, "Try a failed transfer");
  const url = await comeBack(page);
  expect(url).toContain("status=success");
  expect(await readResult(page)).toEqual({ status: "rejected", reason: "not_confirmed" });
  forgetComplaints(); // about the 409
});

it("the callback page waits for a late webhook and then shows the success", async () => {
  const page = await newVisitor();
  const gate = closedGate();
  interceptShop(async (request, shop) => {
    if (pathOf(request) === WEBHOOK_ROUTE) await gate.opened;
    return shop(request);
  });
  await leave(page, "transfer");
  await comeBack(page);
  await expect.poll(questions).toBe(1);
  expect(await page.attribute(RESULT, "data-status")).toBe("pending");
  gate.open();
  expect(await readResult(page)).toMatchObject({ status: "success", confirmation: CONFIRMED });
  expect(questions()).toBeGreaterThan(1);
});

it("a return whose webhook is lost stays unconfirmed until the webhook is sent again", async () => {
  const page = await newVisitor();
  setUpImpatientPage();
  await leaveProbe(page);
  await finish(page, "success", { scenario: "lost-webhooks" });
  expect(await readProbe(page)).toMatchObject(NOT_YET);

  const lost = demo.sandbox.webhooks.filter(({ lastStatus }) => lastStatus === "lost");
  const { number } = lost.find(({ event }) => event === "transaction_status_updated")!;
  await demo.sandbox.resendWebhook(number);
  await page.click({ button: "Ask again" });
  await page.waitFor("[data-result=success]");
});

/** The shop's server without a connection to Benji. */
const cutOffFromBenji = async () =>
  createBackend({
    ...demo.backend,
    baseUrl: await openServer((incoming) => void incoming.socket.destroy()),
  });

it("a return is unconfirmed while Benji is down, and is confirmed once Benji is up again", async () => {
  const page = await newVisitor();
  const answerConfirm = (await cutOffFromBenji()).get(CONFIRM_ROUTE)!;
  interceptShop(async (request, shop) => {
    if (pathOf(request) !== CONFIRM_ROUTE) return shop(request);
    await demo.sandbox.webhooksSettled(); // without a webhook the shop would not call Benji
    return answerConfirm(request);
  });
  await leave(page, "transfer");
  await comeBack(page);
  expect(await readResult(page)).toEqual({ status: "unconfirmed", error: "confirm_failed" });
  forgetComplaints(); // about the 502

  letThrough();
  await page.click({ button: "Ask again" });
  await page.waitFor(`${RESULT}[data-status=success]`);
});

it("a repeated webhook confirms a return if Benji was down when the first webhook arrived", async () => {
  const page = await newVisitor();
  const answerWebhook = (await cutOffFromBenji()).get(WEBHOOK_ROUTE)!;
  const answers: number[] = [];
  interceptShop(async (request, shop) => {
    if (pathOf(request) !== WEBHOOK_ROUTE || answers.includes(500)) return shop(request);
    const response = await answerWebhook(request);
    answers.push(response.status);
    return response;
  });
  await leave(page, "transfer");
  await comeBack(page);
  expect(await readResult(page)).toMatchObject({ status: "success", confirmation: CONFIRMED });
  expect(answers.at(-1)).toBe(500);
});

it("a second server confirms a return; the first server then refuses the same state with another uuid", async () => {
  const page = await newVisitor();
  const second = createBackend(demo.backend);
  interceptShop((request, shop) => {
    const isForSecond = pathOf(request) === CONFIRM_ROUTE;
    return isForSecond ? second.get(CONFIRM_ROUTE)!(request) : shop(request);
  });
  await leave(page, "transfer");
  const state = stateOf(await page.address());
  await comeBack(page);
  expect(await readResult(page)).toMatchObject({ status: "success", confirmation: CONFIRMED });

  letThrough();
  const claim = { status: "success", state, benjiUserUuid: "somebody-else" };
  const answer = await page.run(async (body) => {
    const headers = { "content-type": "application/json" };
    const response = await fetch("/api/benji/confirm", { method: "POST", headers, body });
    return [response.status, await response.text()];
  }, JSON.stringify(claim));
  expect(answer).toEqual([409, '{"error":"claim_conflict"}']);
  forgetComplaints(); // about the 409
});

it.each([
  ["returns no undocumented external_id", "success"],
  ["names the member by a number", "no-uuid"],
] as const)("a connection is unconfirmed if Benji %s", async (_, scenario) => {
  const page = await newVisitor();
  setUpImpatientPage("connect");
  await leaveProbe(page);
  await finish(page, "success", { scenario });
  expect(await readProbe(page)).toMatchObject(NOT_YET);
});
