import { afterEach, describe, expect, it, vi } from "vitest";
import type { ConfirmRedirect } from "../../src/core/back/askForConfirmation.js";
import { confirmReturn, findReturn, judgeReturn, settleReturn } from "../../src/core/journey.js";
import type { BenjiConnectError } from "../../src/core/index.js";
import { createTab, itemsOf, returnUrl } from "./createTab.js";

const SUCCESS = { status: "success", benji_user_uuid: "uuid-1" };

/** Opens a tab on an accepted return. Its outcome is stored, as always before a call of `confirm`. */
async function comeBack({ isSettled = true } = {}) {
  const tab = createTab();
  const state = await tab.start();
  tab.url = returnUrl({ ...SUCCESS, state });
  const judge = () =>
    judgeReturn(tab.ports, {}, findReturn(tab.ports, {}, new URL(tab.url), true)!.claim)!;
  const claim = judge().claim!;
  if (isSettled) settleReturn(tab.ports, claim, state, tab.url);
  return {
    tab,
    state,
    ask: async (confirm: ConfirmRedirect<unknown>, { signal } = new AbortController()) => {
      const answer = await confirmReturn(tab.ports, claim, { confirm }, signal);
      return answer.status === "yes" ? answer.confirmation : false;
    },
    answerTo: (options: Parameters<typeof confirmReturn>[2]) =>
      confirmReturn(tab.ports, claim, options, new AbortController().signal),
    /** The confirmation that a later read of the same return finds. */
    remembered: () => judge().confirmation,
  };
}

describe("asking the partner's server", () => {
  it("confirm is called with the status, the id and the state of the return, an abort signal and the attempt", async () => {
    const { ask, state } = await comeBack();
    const confirm = vi.fn(() => true);
    const { signal } = new AbortController();
    expect(await ask(confirm, { signal } as AbortController)).toBe(true);
    const claim = { status: "success", benjiUserUuid: "uuid-1", state };
    expect(confirm).toHaveBeenCalledExactlyOnceWith(claim, { signal, attempt: 1 });
  });

  it.each([
    ["data", { points: 5 }],
    ["a promise of data", Promise.resolve({ points: 5 })],
  ])(
    "a confirm function that returns %s confirms the return, and the data are stored",
    async (_, answer) => {
      const { ask, remembered } = await comeBack();
      expect(await ask(() => answer)).toEqual({ points: 5 });
      expect(remembered()).toEqual({ points: 5 });
    },
  );

  it.each([[null], [0], [""]])(
    "a confirm function that returns %j confirms the return, since only false denies it",
    async (answer) => {
      const { ask, remembered } = await comeBack();
      expect(await ask(() => answer)).toBe(answer);
      expect(remembered()).toBe(answer);
    },
  );

  it("a denial by confirm is not stored, and a reload calls confirm again", async () => {
    const { ask, remembered, tab } = await comeBack();
    expect(await ask(() => false)).toBe(false);
    expect(remembered()).toBeUndefined();
    const confirm = vi.fn(() => ({ points: 5 }));
    const flow = tab.flow({ confirm });
    expect(flow.getResult()).toEqual({ status: "pending" });
    await vi.waitFor(() => expect(flow.getResult().status).toBe("success"));
    expect(flow.getResult()).toMatchObject({ replayed: true, confirmation: { points: 5 } });
    expect(confirm).toHaveBeenCalledTimes(1);
  });

  it.each([
    [1_024, "remembers"],
    [1_025, "does not remember"],
  ])(
    "a confirmation of %d characters of JSON is accepted, and a later read %s that confirmation",
    async (length, verb) => {
      const { ask, remembered } = await comeBack();
      const answer = "x".repeat(length - 2);
      expect(await ask(() => answer)).toBe(answer);
      expect(remembered()).toBe(verb === "remembers" ? answer : undefined);
    },
  );

  it("the confirmation of a flow whose record could not be written is not stored (F2)", async () => {
    const { ask, tab } = await comeBack({ isSettled: false });
    const before = itemsOf(tab.storage);
    expect(await ask(() => ({ points: 5 }))).toEqual({ points: 5 });
    expect(itemsOf(tab.storage)).toEqual(before);
  });

  it("a confirmation is accepted even if the record of the flow was cleared before (F3)", async () => {
    const { ask, tab, state } = await comeBack();
    tab.storage.removeItem(`benji-connect:1:${state}`);
    expect(await ask(() => ({ points: 5 }))).toEqual({ points: 5 });
  });

  const offline = new Error("offline");
  it.each([
    ["rejects", () => Promise.reject(offline), "", offline],
    [
      "throws",
      () => {
        throw offline;
      },
      "",
      offline,
    ],
    ["answers nothing", () => undefined, ": answered nothing", undefined],
    [
      "answers null",
      () => Response.json(null),
      ": expected true, false or an object, got object",
      undefined,
    ],
    [
      "answers text",
      () => Response.json("yes"),
      ": expected true, false or an object, got string",
      undefined,
    ],
    ["answers HTTP 500", () => new Response(null, { status: 500 }), ": HTTP 500", undefined],
    ["answers HTTP 204", () => new Response(null, { status: 204 }), ": HTTP 204", undefined],
  ])(
    "the return is unconfirmed as confirm_failed if confirm %s",
    async (_, confirm, detail, cause) => {
      const { ask, remembered } = await comeBack();
      const error = await ask(confirm).catch((thrown: unknown) => thrown as BenjiConnectError);
      expect(error).toMatchObject({
        code: "confirm_failed",
        message: `confirm_failed${detail}. See react-benji-connect/docs/errors.md#confirm_failed`,
      });
      expect((error as BenjiConnectError).cause).toBe(cause);
      expect(remembered()).toBeUndefined();
    },
  );
});

describe("the answers of the route", () => {
  afterEach(() => vi.useRealTimers());
  const said =
    (status: number, body: unknown = {}, headers = {}) =>
    () =>
      Response.json(body, { status, headers });

  it.each([
    [200, { points: 5 }, { status: "yes", confirmation: { points: 5 } }],
    [200, true, { status: "yes", confirmation: true }],
    [200, false, { status: "no", reason: "not_confirmed" }],
    [409, { error: "not_confirmed" }, { status: "no", reason: "not_confirmed" }],
    [409, { error: "claim_conflict" }, { status: "no", reason: "not_confirmed" }],
    [403, { error: "state_not_bound" }, { status: "no", reason: "state_not_bound" }],
  ])(
    "after HTTP %d with the body %j from the confirm route the outcome is %j",
    async (status, body, expected) => {
      const { answerTo } = await comeBack();
      expect(await answerTo({ confirm: said(status, body) })).toEqual(expected);
    },
  );

  it.each([
    [401, {}, "unauthenticated"],
    [403, { error: "cross_site" }, "confirm_failed"],
    [404, {}, "confirm_failed"],
  ])(
    "after HTTP %d with the body %j from the confirm route the error is %s",
    async (httpStatus, body, code) => {
      const { answerTo } = await comeBack();
      const { status } = { status: httpStatus };
      await expect(answerTo({ confirm: said(status, body) })).rejects.toMatchObject({
        code: code === "unauthenticated" ? "unauthenticated" : "confirm_failed",
        httpStatus,
      });
    },
  );

  it.each([202, 429, 503])(
    "the confirm route is called again after HTTP %d, which means not yet",
    async (status) => {
      vi.useFakeTimers();
      const { answerTo, tab } = await comeBack();
      const attempts: number[] = [];
      const answer = answerTo({
        confirm: (_, { attempt }) => {
          attempts.push(attempt);
          return attempt < 3 ? said(status)() : { points: 5 };
        },
      });
      for (const seconds of [1, 2]) {
        await vi.advanceTimersByTimeAsync(seconds * 1_000 - 1);
        const asked = attempts.length;
        tab.now += seconds * 1_000;
        await vi.advanceTimersByTimeAsync(1);
        expect(attempts).toHaveLength(asked + 1);
      }
      expect(await answer).toEqual({ status: "yes", confirmation: { points: 5 } });
    },
  );

  it("a confirm route that always answers 202 is called at most seven times, then the error is confirm_pending", async () => {
    vi.useFakeTimers();
    const { answerTo, tab } = await comeBack();
    const confirm = vi.fn(said(202));
    const ended = answerTo({ confirm }).catch((error: unknown) => error);
    for (let second = 0; second < 25; second++) {
      tab.now += 1_000;
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(await ended).toMatchObject({ code: "confirm_pending" });
    expect(confirm.mock.calls.length).toBeLessThanOrEqual(7);
  });

  it("the confirm route is not called again if its Retry-After is longer than waitMs", async () => {
    const { answerTo } = await comeBack();
    const confirm = vi.fn(said(202, {}, { "retry-after": "30" }));
    await expect(answerTo({ confirm })).rejects.toMatchObject({ code: "confirm_pending" });
    expect(confirm).toHaveBeenCalledTimes(1);
  });

  it("a confirm request without an answer fails after ten seconds", async () => {
    vi.useFakeTimers();
    const { answerTo } = await comeBack();
    const ended = answerTo({ confirm: () => new Promise(() => {}) }).catch((e: unknown) => e);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await ended).toMatchObject({ code: "confirm_failed" });
  });

  it("a confirm URL receives a POST with the status, the id and the state of the return and the attempt", async () => {
    const { answerTo, tab, state } = await comeBack();
    const postJson = vi
      .spyOn(tab.ports, "postJson")
      .mockImplementation(() => Promise.resolve(Response.json(true)));
    expect(await answerTo({ confirm: "/api/benji/confirm" })).toMatchObject({ status: "yes" });
    expect(postJson.mock.calls[0]?.slice(0, 2)).toEqual([
      "/api/benji/confirm",
      { status: "success", benjiUserUuid: "uuid-1", state, attempt: 1 },
    ]);
  });

  it("a page that was hidden calls the confirm route once more when it is shown, and only then gives up", async () => {
    vi.useFakeTimers();
    const { answerTo, tab } = await comeBack();
    const confirm = vi.fn(said(202));
    const ended = answerTo({ confirm }).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(0);
    tab.isHidden = true;
    tab.now += 600_000;
    await vi.advanceTimersByTimeAsync(600_000);
    expect(confirm).toHaveBeenCalledTimes(1);
    tab.reveal();
    expect(await ended).toMatchObject({ code: "confirm_pending" });
    expect(confirm).toHaveBeenCalledTimes(2);
  });

  it("if the signal is aborted during a pause between two confirm requests, no further request follows", async () => {
    vi.useFakeTimers();
    const { ask } = await comeBack();
    const confirm = vi.fn(said(202));
    const controller = new AbortController();
    void ask(confirm, controller);
    await vi.advanceTimersByTimeAsync(500);
    controller.abort();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(confirm).toHaveBeenCalledTimes(1);
  });
});
