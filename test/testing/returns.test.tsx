import { render } from "@testing-library/react";
import {
  type BenjiRedirectResult,
  type RejectionReason,
  useBenjiRedirectResult,
  type UseBenjiRedirectResultOptions,
} from "react-benji-connect";
import {
  memoryStorage,
  rejectedReturnUrl,
  type RejectionByAddress,
  results,
  returnUrl,
  startedFlow,
} from "react-benji-connect/testing";
import { describe, expect, expectTypeOf, it } from "vitest";

const HOUR = 60 * 60 * 1_000;

/** The result of a callback page at an address. */
function read(address: string, options: UseBenjiRedirectResultOptions = {}): BenjiRedirectResult {
  let seen: BenjiRedirectResult = { status: "pending" };
  const Callback = () => {
    seen = useBenjiRedirectResult(options);
    return null;
  };
  window.history.pushState(null, "", address);
  render(<Callback />).unmount();
  return seen;
}

describe("startedFlow and returnUrl", () => {
  it("startedFlow and returnUrl make a return that is accepted as a success", async () => {
    const state = await startedFlow({ mode: "transfer", appState: { cart: 3 }, returnTo: "/cart" });
    const benjiUserUuid = "7d444840-9dc0-11d1-b245-5ffdce74fad2";
    const params = { status: "success", state, benjiUserUuid, triggerEventId: "event-1" } as const;
    expect(read(returnUrl(params))).toEqual({
      status: "success",
      benjiUserUuid,
      triggerEventId: "event-1",
      mode: "transfer",
      appState: { cart: 3 },
      returnTo: "/cart",
      replayed: false,
    });
  });

  it("startedFlow and returnUrl make a return that is accepted as an error", async () => {
    const state = await startedFlow();
    expect(read(returnUrl({ status: "error", state }))).toEqual({
      status: "error",
      replayed: false,
    });
  });

  it.each([
    [undefined, "/benji/callback?status=success&benji_user_id=42"],
    ["/done?shop=corner#top", "/done?shop=corner&status=success&benji_user_id=42#top"],
    ["https://shop.example/done", "https://shop.example/done?status=success&benji_user_id=42"],
  ])("returnUrl with the base %s returns %s", (base, address) => {
    expect(returnUrl({ status: "success", benjiUserId: "42" }, base)).toBe(address);
  });

  it("startedFlow throws the error of a failed start", async () => {
    const fetchConnectToken = () => new Response(null, { status: 401 });
    await expect(startedFlow({ fetchConnectToken })).rejects.toMatchObject({
      code: "unauthenticated",
    });
  });

  it("a startedFlow with an earlier clock makes a return that is rejected as state_expired", async () => {
    const state = await startedFlow({ now: () => Date.now() - 2 * HOUR });
    const result = read(returnUrl({ status: "success", state }));
    expect(result).toEqual(results.rejected("state_expired"));
  });

  it("a second return of a startedFlow with another status is rejected as state_reused", async () => {
    const state = await startedFlow();
    expect(read(returnUrl({ status: "error", state }))).toMatchObject({ status: "error" });
    const result = read(returnUrl({ status: "success", state }));
    expect(result).toEqual(results.rejected("state_reused"));
  });

  it("a return of a startedFlow that is read with another userKey is rejected as user_changed", async () => {
    const state = await startedFlow({ userKey: "ada" });
    const result = read(returnUrl({ status: "success", state }), { userKey: "grace" });
    expect(result).toEqual(results.rejected("user_changed"));
  });

  it("a return of a startedFlow that is read without access to the storage is rejected as storage_unavailable", async () => {
    const state = await startedFlow();
    const getItem = () => {
      throw new Error("denied");
    };
    const storage = { ...memoryStorage(), getItem };
    const result = read(returnUrl({ status: "success", state }), { storage });
    expect(result).toEqual(results.rejected("storage_unavailable"));
  });
});

describe("rejectedReturnUrl", () => {
  const reasons: RejectionByAddress[] = [
    "params_ambiguous",
    "params_too_long",
    "status_unknown",
    "state_missing",
    "state_unknown",
  ];

  it.each(reasons)(
    "rejectedReturnUrl makes an address whose return is rejected as %s",
    async (reason) => {
      await startedFlow();
      expect(read(rejectedReturnUrl(reason))).toEqual(results.rejected(reason));
    },
  );

  it("rejectedReturnUrl takes the address of the callback page as its second argument", () => {
    expect(rejectedReturnUrl("status_unknown", "https://shop.example/done?shop=corner")).toMatch(
      /^https:\/\/shop\.example\/done\?shop=corner&status=maybe&/,
    );
  });
});

describe("results", () => {
  interface Cart {
    cart: number;
  }
  type Answer = { points: number };

  it("the functions of results cover every status of the hook", () => {
    const all: BenjiRedirectResult<Cart, Answer>[] = [
      results.success({ appState: { cart: 3 }, confirmation: { points: 10 } }),
      results.error({ appState: { cart: 3 } }),
      results.rejected("state_expired"),
      results.unconfirmed(),
      results.pending(),
      results.none(),
    ];
    const statuses = ["success", "error", "rejected", "unconfirmed", "pending", "none"];
    expect(all.map(({ status }) => status)).toEqual(statuses);
    expectTypeOf(all[0]!.status).toEqualTypeOf<BenjiRedirectResult<Cart, Answer>["status"]>();
    expect(results.unverified().status).toBe("unverified");
  });

  it("the functions of results have exactly the types of the hook's results", () => {
    type Of<S extends BenjiRedirectResult["status"]> = Extract<
      BenjiRedirectResult<Cart>,
      { status: S }
    >;
    expectTypeOf(results.success<Cart>()).toEqualTypeOf<Of<"success">>();
    expectTypeOf(results.error<Cart>()).toEqualTypeOf<Of<"error">>();
    expectTypeOf(results.pending()).toEqualTypeOf<Of<"pending">>();
    expectTypeOf(results.none()).toEqualTypeOf<Of<"none">>();
    expectTypeOf(results.rejected("state_missing")).toEqualTypeOf<Of<"rejected">>();
    expectTypeOf(results.rejected).parameter(0).toEqualTypeOf<RejectionReason>();
  });

  it("results.success equals a real success, and is frozen too", async () => {
    const benjiUserUuid = "7d444840-9dc0-11d1-b245-5ffdce74fad2";
    const state = await startedFlow();
    const real = read(returnUrl({ status: "success", state, benjiUserUuid }));
    expect(results.success()).toEqual(real);
    expect([real, results.success()].map(Object.isFrozen)).toEqual([true, true]);
  });

  it("results.success with a numeric id has no UUID", () => {
    expect(results.success({ benjiUserId: "42" })).not.toHaveProperty("benjiUserUuid");
  });

  it("results.unconfirmed has the given cause and the given retry", () => {
    let retries = 0;
    const cause = new Error("503");
    const { error, retry } = results.unconfirmed({ cause, retry: () => void retries++ });
    retry();
    expect([error.code, error.cause, retries]).toEqual(["confirm_failed", cause, 1]);
  });
});
