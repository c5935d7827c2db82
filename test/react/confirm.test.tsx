import { Component, type ReactNode } from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { act, cleanup, screen } from "@testing-library/react";
import { startedFlow } from "react-benji-connect/testing";
import { afterEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import {
  BenjiConnectProvider,
  type BenjiRedirectResult,
  type ConfirmRedirect,
  type UnconfirmedRedirect,
  useBenjiRedirectResult,
} from "../../src/index.js";
import { renderStrict, returnPath, visit } from "./renderStrict.js";

interface Points {
  points: number;
}

let latest: BenjiRedirectResult<unknown, Points> = { status: "pending" };

function Callback({ confirm, userKey }: { confirm: ConfirmRedirect<Points>; userKey?: string }) {
  latest = useBenjiRedirectResult<unknown, Points>({ confirm, ...(userKey && { userKey }) });
  return <output>{latest.status}</output>;
}

function PlainCallback() {
  return <output>{useBenjiRedirectResult().status}</output>;
}

const shown = () => screen.getAllByRole("status").map((each) => each.textContent);

/** Makes a confirm function whose calls the test answers. */
function createServer() {
  const calls: { claim: unknown; signal: AbortSignal; answer: (value: false | Points) => void }[] =
    [];
  const confirm = vi.fn<ConfirmRedirect<Points>>(
    (claim, { signal }) =>
      new Promise((answer) => {
        calls.push({ claim, signal, answer });
      }),
  );
  const answer = (value: false | Points) => act(async () => calls.at(-1)?.answer(value));
  return { calls, confirm, answer };
}

afterEach(() => {
  latest = { status: "pending" };
});

describe("confirm", () => {
  it("a success is pending until the partner's server has confirmed it", async () => {
    const { calls, confirm, answer } = createServer();
    const state = await startedFlow();
    visit(returnPath(state));
    renderStrict(<Callback confirm={confirm} />);
    expect(shown()).toEqual(["pending"]);
    expect(calls[0]?.claim).toEqual({ status: "success", state, benjiUserUuid: "uuid-1" });
    expect(sessionStorage.getItem(`benji-connect:1:${state}`)).toContain(`"outcome"`);
    await answer({ points: 5 });
    expect(latest).toMatchObject({ status: "success", confirmation: { points: 5 } });
    expect(Object.isFrozen(latest)).toBe(true);
  });

  it("confirm is called once for a flow, even in StrictMode and with three hooks on the page", async () => {
    const { confirm, answer } = createServer();
    visit(returnPath(await startedFlow()));
    renderStrict(
      <>
        <Callback confirm={confirm} />
        <Callback confirm={confirm} />
        <PlainCallback />
      </>,
    );
    expect(shown()).toEqual(["pending", "pending", "pending"]);
    await answer({ points: 5 });
    expect(shown()).toEqual(["success", "success", "success"]);
    expect(confirm).toHaveBeenCalledTimes(1);
  });

  it("a hook without confirm is pending until the confirm of another hook has answered, in any order", async () => {
    const { confirm, answer } = createServer();
    const page = (late: boolean) => (
      <>
        <PlainCallback />
        <Callback confirm={confirm} />
        {late && <PlainCallback />}
      </>
    );
    visit(returnPath(await startedFlow()));
    const { rerender } = renderStrict(page(false));
    rerender(page(true));
    expect(shown()).toEqual(["pending", "pending", "pending"]);
    await answer(false);
    expect(shown()).toEqual(["rejected", "rejected", "rejected"]);
  });

  it("a success that a hook has shown stays, even if a hook with confirm is mounted later and is rejected", async () => {
    const { confirm, answer } = createServer();
    const page = (late: boolean) => (
      <>
        <PlainCallback />
        {late && <Callback confirm={confirm} />}
      </>
    );
    visit(returnPath(await startedFlow()));
    const { rerender } = renderStrict(page(false));
    rerender(page(true));
    expect(shown()).toEqual(["success", "pending"]);
    await answer(false);
    expect(shown()).toEqual(["success", "rejected"]);
  });

  it("a hook without confirm does not wait for a hook with confirm that was rendered but never mounted", async () => {
    const { confirm } = createServer();
    vi.spyOn(console, "error").mockImplementation(() => {});
    const Throws = () => {
      useBenjiRedirectResult({ confirm });
      throw new Error("redirect");
    };
    class Boundary extends Component<{ children: ReactNode }> {
      override state = { failed: false };
      static getDerivedStateFromError = () => ({ failed: true });
      override render = () => !this.state.failed && this.props.children;
    }
    visit(returnPath(await startedFlow()));
    renderStrict(
      <>
        <Boundary>
          <Throws />
        </Boundary>
        <PlainCallback />
      </>,
    );
    await act(async () => {});
    expect(shown()).toEqual(["success"]);
    expect(confirm).not.toHaveBeenCalled();
  });

  it("if confirm returns false, the result is rejected without ids, and the next visit calls confirm again", async () => {
    const { confirm, answer } = createServer();
    const path = returnPath(await startedFlow());
    visit(path);
    renderStrict(<Callback confirm={confirm} />);
    await answer(false);
    expect(latest).toEqual({ status: "rejected", reason: "not_confirmed" });
    expect(Object.isFrozen(latest)).toBe(true);
    cleanup();
    visit(path);
    renderStrict(<Callback confirm={confirm} />);
    expect(confirm).toHaveBeenCalledTimes(2);
  });

  it.each([
    ["rejects", () => Promise.reject(new Error("offline"))],
    [
      "throws",
      () => {
        throw new Error("offline");
      },
    ],
    ["answers HTTP 500", () => Promise.resolve(new Response(null, { status: 500 }))],
    ["answers nothing", () => Promise.resolve(undefined as never)],
  ])(
    "if confirm %s, the result is unconfirmed, and retry() calls confirm again",
    async (_, fail) => {
      const confirm = vi.fn<ConfirmRedirect<Points>>(fail);
      visit(returnPath(await startedFlow()));
      renderStrict(<Callback confirm={confirm} />);
      await act(async () => {});
      expect(latest).toMatchObject({ status: "unconfirmed", error: { code: "confirm_failed" } });
      confirm.mockResolvedValue({ points: 7 });
      if (latest.status === "unconfirmed") act(latest.retry);
      expect(shown()).toEqual(["pending"]);
      await act(async () => {});
      expect(latest).toMatchObject({ status: "success", confirmation: { points: 7 } });
      expect(confirm).toHaveBeenCalledTimes(2);
    },
  );

  it("confirm is not called for an error, for a rejected return or without a return", async () => {
    const { confirm } = createServer();
    for (const path of [
      returnPath(await startedFlow(), { status: "error" }),
      returnPath("benji.forged"),
      "/benji/callback",
    ]) {
      visit(path);
      renderStrict(<Callback confirm={confirm} />);
      cleanup();
    }
    expect(confirm).not.toHaveBeenCalled();
  });

  it("a second visit calls confirm only if the confirmation of the first visit was over 1 kB", async () => {
    for (const [note, calls] of [
      ["short", 0],
      ["x".repeat(1_024), 1],
    ] as const) {
      const path = returnPath(await startedFlow());
      visit(path);
      renderStrict(<Callback confirm={() => ({ points: 5, note }) as Points} />);
      await act(async () => {});
      expect(latest).toMatchObject({ status: "success", confirmation: { note } });
      cleanup();
      const { confirm } = createServer();
      visit(path);
      renderStrict(<Callback confirm={confirm} />);
      expect(confirm).toHaveBeenCalledTimes(calls);
      cleanup();
    }
  });

  it("a hydrated reload shows the success with a stored confirmation without calling confirm (F34)", async () => {
    const path = returnPath(await startedFlow());
    visit(path);
    renderStrict(<Callback confirm={() => ({ points: 5 })} />);
    await act(async () => {});
    cleanup();
    visit(path);
    vi.resetModules(); // simulates a new document
    const fresh = await import("../../src/index.js");
    const { confirm } = createServer();
    const Reloaded = () => <output>{fresh.useBenjiRedirectResult({ confirm }).status}</output>;
    const container = document.createElement("div");
    container.innerHTML = renderToString(<Reloaded />);
    expect(container).toHaveTextContent("pending");
    const root = await act(async () => hydrateRoot(container, <Reloaded />));
    expect(container).toHaveTextContent("success");
    expect(confirm).not.toHaveBeenCalled();
    act(() => root.unmount());
  });

  it("two calls of retry() at the same time call confirm once", async () => {
    const confirm = vi.fn<ConfirmRedirect<Points>>(() => Promise.reject(new Error("offline")));
    visit(returnPath(await startedFlow()));
    renderStrict(<Callback confirm={confirm} />);
    await act(async () => {});
    const { retry } = latest as UnconfirmedRedirect;
    await act(async () => [retry(), retry()]);
    expect(confirm).toHaveBeenCalledTimes(2);
  });

  it("unmounting the hook aborts confirm, and a remount calls confirm again (F15)", async () => {
    const { calls, confirm, answer } = createServer();
    visit(returnPath(await startedFlow()));
    renderStrict(<Callback confirm={confirm} />);
    cleanup();
    await act(async () => {});
    expect(calls[0]?.signal.aborted).toBe(true);
    renderStrict(<Callback confirm={confirm} />);
    expect(calls).toHaveLength(2);
    await act(async () => calls[0]?.answer({ points: 1 }));
    expect(shown()).toEqual(["pending"]);
    await answer({ points: 2 });
    expect(latest).toMatchObject({ confirmation: { points: 2 } });
  });

  it("confirm and waitMs of a BenjiConnectProvider are used by every hook below it", async () => {
    const { confirm, answer } = createServer();
    visit(returnPath(await startedFlow()));
    renderStrict(
      <BenjiConnectProvider confirm={confirm} waitMs={0}>
        <PlainCallback />
      </BenjiConnectProvider>,
    );
    expect(shown()).toEqual(["pending"]);
    await answer({ points: 5 });
    expect(shown()).toEqual(["success"]);
    cleanup();
    visit(returnPath(await startedFlow()));
    renderStrict(
      <BenjiConnectProvider confirm={() => Response.json({}, { status: 202 })} waitMs={0}>
        <PlainCallback />
      </BenjiConnectProvider>,
    );
    await act(async () => {});
    expect(shown()).toEqual(["unconfirmed"]);
  });

  it("in the type of a success `confirmation` is required with a confirm on the hook, and optional without one", () => {
    type Success<R> = Extract<R, { status: "success" }>;
    const _own = () => useBenjiRedirectResult({ confirm: () => ({ points: 5 }) });
    const _links = () =>
      useBenjiRedirectResult({
        confirm: () => ({ points: 5 }),
        dangerouslyAcceptReturnsWithoutState: true,
      });
    const _providers = () => useBenjiRedirectResult<unknown, Points>();
    const _byUrl = () => useBenjiRedirectResult<unknown, Points>({ confirm: "/api/benji/confirm" });
    expectTypeOf<Success<ReturnType<typeof _own>>["confirmation"]>().toEqualTypeOf<Points>();
    expectTypeOf<Success<ReturnType<typeof _links>>["confirmation"]>().toEqualTypeOf<Points>();
    expectTypeOf<Success<ReturnType<typeof _links>>["begunElsewhere"]>().toEqualTypeOf<
      true | undefined
    >();
    expectTypeOf<Success<ReturnType<typeof _byUrl>>["confirmation"]>().toEqualTypeOf<Points>();
    expectTypeOf<Success<ReturnType<typeof _providers>>["confirmation"]>().toEqualTypeOf<
      Points | undefined
    >();
    expectTypeOf<Success<BenjiRedirectResult>["confirmation"]>().toEqualTypeOf<unknown>();
    expectTypeOf<
      Extract<BenjiRedirectResult, { status: "unconfirmed" }>
    >().toEqualTypeOf<UnconfirmedRedirect>();
  });
});
