import { describe, expect, it, vi } from "vitest";
import type { ConfirmRedirect } from "../../src/core/back/askForConfirmation.js";
import { confirmReturn, findReturn, judgeReturn, settleReturn } from "../../src/core/journey.js";
import type { BenjiConnectError } from "../../src/core/index.js";
import { createTab, itemsOf, returnUrl } from "./world.js";

const SUCCESS = { status: "success", benji_user_uuid: "uuid-1" };

/** A tab on a believed return, read and settled as a page does before it asks. */
async function comeBack({ isSettled = true } = {}) {
  const tab = createTab();
  const state = await tab.start();
  tab.url = returnUrl({ ...SUCCESS, state });
  const judge = () =>
    judgeReturn(tab.ports, {}, findReturn(tab.ports, {}, new URL(tab.url), true)!.claim)!;
  const claim = judge().claim!;
  if (isSettled) settleReturn(tab.ports, claim, tab.url);
  return {
    tab,
    state,
    ask: (confirm: ConfirmRedirect<unknown>, { signal } = new AbortController()) =>
      confirmReturn(tab.ports, claim, confirm, signal),
    /** What a later look at the same return remembers of the answer. */
    remembered: () => judge().confirmation,
  };
}

describe("asking the partner's server", () => {
  it("hands over the claim and a way to call the question off", async () => {
    const { ask, state } = await comeBack();
    const confirm = vi.fn(() => true);
    const { signal } = new AbortController();
    expect(await ask(confirm, { signal } as AbortController)).toBe(true);
    const claim = { status: "success", benjiUserUuid: "uuid-1", state };
    expect(confirm).toHaveBeenCalledExactlyOnceWith(claim, { signal });
  });

  it.each([
    ["data", { points: 5 }],
    ["a promise of data", Promise.resolve({ points: 5 })],
  ])("takes %s for a yes and remembers it", async (_, answer) => {
    const { ask, remembered } = await comeBack();
    expect(await ask(() => answer)).toEqual({ points: 5 });
    expect(remembered()).toEqual({ points: 5 });
  });

  it.each([[null], [0], [""]])("only false is a no: %j is data", async (answer) => {
    const { ask, remembered } = await comeBack();
    expect(await ask(() => answer)).toBe(answer);
    expect(remembered()).toBe(answer);
  });

  it("does not remember a no: a reload asks again", async () => {
    const { ask, remembered } = await comeBack();
    expect(await ask(() => false)).toBe(false);
    expect(remembered()).toBeUndefined();
  });

  it.each([
    [1_024, "remembers"],
    [1_025, "does not remember"],
  ])("an answer of %d characters of JSON counts; a reload %s it", async (length, verb) => {
    const { ask, remembered } = await comeBack();
    const answer = "x".repeat(length - 2);
    expect(await ask(() => answer)).toBe(answer);
    expect(remembered()).toBe(verb === "remembers" ? answer : undefined);
  });

  it("F2: remembers no answer of a flow that could not be settled", async () => {
    const { ask, tab } = await comeBack({ isSettled: false });
    const before = itemsOf(tab.storage);
    expect(await ask(() => ({ points: 5 }))).toEqual({ points: 5 });
    expect(itemsOf(tab.storage)).toEqual(before);
  });

  it("F3: an answer counts where the record has been cleared meanwhile", async () => {
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
    ["answers nothing", () => undefined, ": answered nothing, or a Response", undefined],
    [
      "answers a Response",
      () => Response.json({ points: 5 }),
      ": answered nothing, or a Response",
      undefined,
    ],
  ])("fails closed where the call %s", async (_, confirm, detail, cause) => {
    const { ask, remembered } = await comeBack();
    const error = await ask(confirm).catch((thrown: unknown) => thrown as BenjiConnectError);
    expect(error).toMatchObject({
      code: "confirm_failed",
      message: `confirm_failed${detail}. See react-benji-connect/docs/errors.md#confirm_failed`,
    });
    expect((error as BenjiConnectError).cause).toBe(cause);
    expect(remembered()).toBeUndefined();
  });
});
