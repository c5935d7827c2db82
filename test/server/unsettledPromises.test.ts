import { afterEach, describe, expect, it, vi } from "vitest";
import { createMemoryStore, createWebhookHandler } from "../../src/server/index.js";
import { deferred, neverSettles } from "./benji.js";
import { cookieOf, SAME, shopRoutes, statusAndBody } from "./shopRoutes.js";
import { NOW, SALT, webhookOf } from "./signedWebhook.js";

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
    const storeCalled = deferred();
    const putIfAbsent = () => {
      storeCalled.resolve();
      return neverSettles();
    };
    const stuck = shopRoutes({ store: { putIfAbsent } });
    const answer = stuck.confirm({ ...SAME, cookie });
    await storeCalled.promise;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await statusAndBody(await answer)).toEqual([500, { error: "internal_error" }]);
    expect(String(stuck.errors)).toContain("Expected store.putIfAbsent to answer within");
    expect([errors, (await confirm({ ...SAME, cookie })).status]).toEqual([[], 200]);
  });

  it.each(["on", "onUnknown", "store.putIfAbsent", "store.put"])(
    "the webhook route answers 500 if the function %s never settles, and handles the same webhook a minute later",
    async (name) => {
      vi.useFakeTimers({ now: NOW });
      const handled = vi.fn();
      const errors: unknown[] = [];
      const memory = createMemoryStore();
      let isStuck = true;
      const reached = deferred();
      const stuckAt = (where: string, otherwise: () => unknown) => () => {
        if (!isStuck || where !== name) return otherwise();
        reached.resolve();
        return neverSettles();
      };
      const route = createWebhookHandler({
        salt: SALT,
        on: name === "onUnknown" ? {} : { campaign_ended: stuckAt("on", handled) },
        onUnknown: stuckAt("onUnknown", handled),
        onError: (error) => void errors.push(error),
        store: {
          ...memory,
          putIfAbsent: (...of) => stuckAt("store.putIfAbsent", () => memory.putIfAbsent(...of))(),
          put: (...of) => stuckAt("store.put", () => memory.put(...of))(),
        } as typeof memory,
      });
      const webhook = webhookOf({ event: "campaign_ended" });
      const answer = route(webhook.clone());
      await reached.promise;
      await vi.advanceTimersByTimeAsync(10_000);
      expect(await statusAndBody(await answer)).toEqual([500, { error: "internal_error" }]);
      expect(String(errors)).toMatch(/Expected .+ to answer within 10000 ms/);
      expect(vi.getTimerCount()).toBe(0);
      isStuck = false;
      await vi.advanceTimersByTimeAsync(60_000);
      expect((await route(webhook)).status).toBe(204);
      expect(handled).toHaveBeenCalled();
    },
  );

  it("a webhook whose function takes 15 s gets 500, then 503 until the function has ended, and is handled once", async () => {
    vi.useFakeTimers({ now: NOW });
    const reached = deferred();
    const handled = vi.fn(async () => {
      reached.resolve();
      await new Promise((resolve) => setTimeout(resolve, 15_000));
    });
    const route = createWebhookHandler({ salt: SALT, on: { campaign_ended: handled } });
    const webhook = webhookOf({ event: "campaign_ended" });
    const answer = route(webhook.clone());
    await reached.promise;
    await vi.advanceTimersByTimeAsync(10_000);
    expect((await answer).status).toBe(500);
    expect((await route(webhook.clone())).status).toBe(503);
    await vi.advanceTimersByTimeAsync(5_000);
    expect((await route(webhook)).status).toBe(204);
    expect(handled).toHaveBeenCalledTimes(1);
  });

  it("the token route leaves no timer if getUser settles", async () => {
    vi.useFakeTimers();
    const { start } = shopRoutes({ getUser: () => Promise.resolve("ada") });
    expect((await start(SAME)).status).toBe(200);
    expect(vi.getTimerCount()).toBe(0);
  });
});
