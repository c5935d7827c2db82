import { afterEach, describe, expect, it, vi } from "vitest";
import { neverSettles } from "./benji.js";
import { cookieOf, SAME, shopRoutes, statusAndBody } from "./shopRoutes.js";

afterEach(() => void vi.useRealTimers());

describe("a function of the shop that never settles (T45)", () => {
  it.each(["getUser", "isRateLimited", "createRequest"])(
    "the token route answers 500 if %s never settles",
    async (name) => {
      vi.useFakeTimers();
      const { start, errors } = shopRoutes({ [name]: neverSettles });
      const answer = start(SAME);
      await vi.advanceTimersByTimeAsync(10_000);
      expect(await statusAndBody(await answer)).toEqual([500, { error: "internal_error" }]);
      expect(String(errors)).toContain(`Expected ${name} to answer within 10000 ms`);
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  it("the confirm route answers 500 if the store never settles", async () => {
    vi.useFakeTimers();
    const { start, confirm, errors } = shopRoutes();
    const cookie = `session=ada; ${cookieOf(await start(SAME)).split(";")[0]}`;
    let markCalled = () => {};
    const storeCalled = new Promise<void>((resolve) => (markCalled = resolve));
    const putIfAbsent = () => {
      markCalled();
      return neverSettles();
    };
    const stuck = shopRoutes({ store: { putIfAbsent } });
    const answer = stuck.confirm({ ...SAME, cookie });
    await storeCalled;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await statusAndBody(await answer)).toEqual([500, { error: "internal_error" }]);
    expect(String(stuck.errors)).toContain("Expected store.putIfAbsent to answer within");
    expect([errors, (await confirm({ ...SAME, cookie })).status]).toEqual([[], 200]);
  });

  it("the token route leaves no timer if getUser settles", async () => {
    vi.useFakeTimers();
    const { start } = shopRoutes({ getUser: () => Promise.resolve("ada") });
    expect((await start(SAME)).status).toBe(200);
    expect(vi.getTimerCount()).toBe(0);
  });
});
