import { Component, type ReactNode, useEffect, useLayoutEffect } from "react";
import { act, cleanup } from "@testing-library/react";
import { startedFlow } from "react-benji-connect/testing";
import { describe, expect, it, vi } from "vitest";
import { useBenjiRedirectResult } from "../../src/index.js";
import { Callback, rejected, results, shown, success } from "./Callback.js";
import { renderStrict, returnPath, visit } from "./renderStrict.js";

describe("useBenjiRedirectResult and a router", () => {
  it("before any layout effect the outcome is stored and the address clean, without history.replaceState (T13, F43)", async () => {
    const state = await startedFlow();
    visit(returnPath(state));
    const patched = vi.spyOn(window.history, "replaceState");
    let before: unknown[] = [];
    const Child = () => {
      useLayoutEffect(() => {
        const record = sessionStorage.getItem(`benji-connect:1:${state}`) ?? "";
        before = [location.search, record.includes(`"outcome"`), patched.mock.calls.length];
      }, []);
      return null;
    };
    const Page = () => {
      useBenjiRedirectResult();
      return <Child />;
    };
    renderStrict(<Page />);
    expect(before).toEqual(["", true, 0]);
    vi.restoreAllMocks();
  });

  it.each(["push", "replace"] as const)(
    "a page that calls history.%sState in a layout effect keeps its result, and the next address stays (F43)",
    async (how) => {
      const state = await startedFlow();
      visit(returnPath(state));
      const onEvent = vi.fn();
      const Leave = () => {
        useLayoutEffect(
          () => window.history[`${how}State`](null, "", "/checkout?status=open#a"),
          [],
        );
        return null;
      };
      const Page = () => {
        const result = useBenjiRedirectResult({ path: "/benji/callback", onEvent });
        results.push(result);
        return result.status === "success" && <Leave />;
      };
      const { rerender } = renderStrict(<Page />);
      rerender(<Page />);
      await act(async () => {});
      expect(results.map(({ status }) => status)).not.toContain("none");
      expect(location.href).toContain("/checkout?status=open#a");
      expect(onEvent).toHaveBeenCalledTimes(1);
      expect(sessionStorage.getItem(`benji-connect:1:${state}`)).toContain(`"outcome"`);
    },
  );

  it("a redirect thrown while rendering the success stores the outcome: another uuid is then rejected (F43)", async () => {
    const state = await startedFlow();
    visit(returnPath(state));
    const quiet = vi.spyOn(console, "error").mockImplementation(() => {});
    class Redirecting extends Component<{ children: ReactNode }> {
      override state = { thrown: false };
      static getDerivedStateFromError = () => ({ thrown: true });
      override render = () => (this.state.thrown ? <Leave /> : this.props.children);
    }
    const Leave = () => {
      useEffect(() => window.history.replaceState(null, "", "/checkout"), []);
      return null;
    };
    const Thrower = () => {
      if (useBenjiRedirectResult().status === "success") throw new Error("redirect");
      return null;
    };
    renderStrict(
      <Redirecting>
        <Thrower />
      </Redirecting>,
    );
    await act(async () => {});
    expect(location.pathname + location.search).toBe("/checkout");
    cleanup();
    visit(returnPath(state, { benjiUserUuid: "another" }));
    renderStrict(<Callback />);
    expect(shown()).toEqual([rejected("state_reused")]);
    quiet.mockRestore();
  });

  it("if a router restores the parameters of the return, the result stays the same (F29)", async () => {
    const path = returnPath(await startedFlow());
    visit(path);
    const { rerender } = renderStrict(<Callback />);
    visit(path);
    rerender(<Callback />);
    expect(shown()).toEqual([success]);
    expect(new Set(results).size).toBe(1);
  });

  describe("with a router", () => {
    it("replaceUrl is called once for a return, with the path, query and hash of the clean address", async () => {
      visit(`${returnPath(await startedFlow())}&shop=1#top`);
      const replaceUrl = vi.fn((url: string) => visit(url));
      const { rerender } = renderStrict(<Callback replaceUrl={replaceUrl} />);
      rerender(<Callback replaceUrl={replaceUrl} />);
      expect(replaceUrl.mock.calls).toEqual([["/benji/callback?shop=1#top"]]);
      expect(shown()).toEqual([success]);
    });

    it.each([true, false])(
      "replaceUrl is called once if only one of two hooks has replaceUrl; that hook is the first: %s",
      async (isRouterFirst) => {
        visit(returnPath(await startedFlow()));
        const replaceUrl = vi.fn();
        const readers = [<Callback key="a" replaceUrl={replaceUrl} />, <Callback key="b" />];
        renderStrict(isRouterFirst ? readers : readers.reverse());
        expect(replaceUrl).toHaveBeenCalledTimes(1);
      },
    );

    it("an error of replaceUrl is reported, and the result stays (F42)", async () => {
      const reported = vi.fn();
      vi.stubGlobal("reportError", reported);
      visit(returnPath(await startedFlow()));
      const thrown = new Error("the router's own");
      renderStrict(<Callback replaceUrl={() => Promise.reject(thrown)} />);
      await act(async () => {});
      expect(reported).toHaveBeenCalledExactlyOnceWith(thrown);
      expect(shown()).toEqual([success]);
      vi.unstubAllGlobals();
    });

    it("the address is cleaned before replaceUrl is called", async () => {
      visit(`${returnPath(await startedFlow())}&shop=1`);
      let search = "";
      const replaceUrl = () => void ({ search } = location);
      renderStrict(<Callback replaceUrl={replaceUrl} />);
      expect(search).toBe("?shop=1");
    });

    it.each([
      ["at once", (replace: () => void) => replace()],
      ["later", (replace: () => void) => Promise.resolve().then(replace)],
    ])(
      "the result is found again although replaceUrl writes its own history.state %s",
      async (_, when) => {
        visit(returnPath(await startedFlow()));
        const replaceUrl = (url: string) =>
          when(() => window.history.replaceState({ key: "router" }, "", url));
        renderStrict(<Callback replaceUrl={replaceUrl} />);
        await act(async () => {});
        expect(history.state).toEqual({
          key: "router",
          benjiConnect: expect.any(String) as string,
        });
        cleanup();
        renderStrict(<Callback replaceUrl={replaceUrl} />);
        expect(shown()).toEqual([success]);
      },
    );

    it("replaceUrl gets the clean address even if a router has restored the address with Benji's parameters (F29)", async () => {
      const path = returnPath(await startedFlow());
      const WritesAgain = () => {
        // Next.js writes the old address again for a static page of the Pages Router.
        useLayoutEffect(() => window.history.replaceState({}, "", path), []);
        return <Callback replaceUrl={replaceUrl} />;
      };
      const replaceUrl = vi.fn((url: string) => window.history.replaceState({}, "", url));
      visit(path);
      renderStrict(<WritesAgain />);
      await act(async () => {});
      expect(replaceUrl.mock.calls).toEqual([["/benji/callback"]]);
      expect(location.search).toBe("");
    });

    it("if replaceUrl navigates elsewhere, the history.state of the new entry is not changed", async () => {
      visit(returnPath(await startedFlow()));
      renderStrict(<Callback replaceUrl={() => visit("/elsewhere", { key: "router" })} />);
      await act(async () => {});
      expect(history.state).toEqual({ key: "router" });
    });

    it("Next.js's key __NA stays in history.state through the layout effects, and is then removed", async () => {
      visit(returnPath(await startedFlow()), { __NA: true, tree: "t" });
      const calls: [unknown, unknown][] = [];
      const native = window.history.replaceState;
      vi.spyOn(window.history, "replaceState").mockImplementation((state, unused, url) => {
        calls.push([state, url]);
        native.call(window.history, state, unused, url);
      });
      let atFirst: unknown;
      const Child = () => {
        useLayoutEffect(() => void (atFirst ??= window.history.state), []);
        return null;
      };
      renderStrict(
        <>
          <Child />
          <Callback />
        </>,
      );
      const pointer = { benjiConnect: expect.any(String) as string };
      expect(atFirst).toEqual({ __NA: true, tree: "t", ...pointer });
      await act(async () => {});
      const url = new URL("/benji/callback", location.href).href;
      expect(calls).toEqual([[{ tree: "t", ...pointer }, url]]);
    });
  });
});
