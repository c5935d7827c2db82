import { Activity, Component, type ReactNode, StrictMode, useEffect, useLayoutEffect } from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { act, cleanup, screen } from "@testing-library/react";
import { startedFlow } from "react-benji-connect/testing";
import { afterEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import {
  type BenjiRedirectResult,
  type UnverifiedRedirect,
  useBenjiRedirectResult,
  type UseBenjiRedirectResultOptions,
} from "../../src/index.js";
import { renderStrict, returnPath, visit } from "./renderStrict.js";

const seen: BenjiRedirectResult[] = [];
afterEach(() => {
  seen.length = 0;
});

function Callback(options: UseBenjiRedirectResultOptions) {
  const result = useBenjiRedirectResult(options);
  seen.push(result);
  return <output>{JSON.stringify(result)}</output>;
}

const shown = () =>
  screen.getAllByRole("status").map((each) => JSON.parse(each.textContent) as unknown);

const success = { status: "success", benjiUserUuid: "uuid-1", replayed: false };
const none = { status: "none" };
const rejected = (reason: string) => ({ status: "rejected", reason });

describe("useBenjiRedirectResult", () => {
  it("gives one result in the first render, in StrictMode, and cleans the address (F16)", async () => {
    visit(returnPath(await startedFlow({ mode: "redeem", appState: 7 })));
    renderStrict(<Callback />);
    expect(shown()).toEqual([{ ...success, mode: "redeem", appState: 7 }]);
    expect(new Set(seen).size).toBe(1);
    expect(Object.isFrozen(seen[0])).toBe(true);
    expect(location.href).toMatch(/\/benji\/callback$/);
  });

  it("shows a return without a state as unverified to the reader who asked for that, and to no other", () => {
    function Brave() {
      const result = useBenjiRedirectResult({ dangerouslyAcceptReturnsWithoutState: true });
      expectTypeOf<
        Extract<typeof result, { status: "unverified" }>
      >().toEqualTypeOf<UnverifiedRedirect>();
      return <output>{JSON.stringify(result)}</output>;
    }
    visit("/benji/callback?status=success&benji_user_uuid=u");
    renderStrict(
      <>
        <Brave />
        <Callback />
      </>,
    );
    const claim = { status: "success", benjiUserUuid: "u" };
    expect(shown()).toEqual([{ status: "unverified", claim }, rejected("state_missing")]);
    expect(location.search).toBe("");
    expectTypeOf<Extract<BenjiRedirectResult, { status: "unverified" }>>().toBeNever();
  });

  it("gives every reader the same object, and a remount as well", async () => {
    visit(returnPath(await startedFlow()));
    const both = (key: string) => (
      <>
        <Callback key={key} />
        <Callback />
      </>
    );
    const { rerender } = renderStrict(both("a"));
    rerender(both("b"));
    cleanup();
    renderStrict(<Callback />);
    expect(shown()).toEqual([success]);
    expect(new Set(seen).size).toBe(1);
  });

  it("is none where nothing names Benji, and touches nothing (T25)", () => {
    visit("/benji/callback?code=c&state=theirs");
    renderStrict(<Callback />);
    expect(shown()).toEqual([none]);
    expect(location.search).toBe("?code=c&state=theirs");
    expect(sessionStorage).toHaveLength(0);
  });

  it("rejects a forged return without ids, and the rejection stays while it is looked at (T1)", () => {
    visit(returnPath("benji.forged"));
    const { rerender } = renderStrict(<Callback key="a" />);
    rerender(<Callback key="b" />);
    expect(shown()).toEqual([rejected("state_unknown")]);
    expect(location.search).toBe("");
  });

  it("an in-app visit to the callback after a finished flow is none", async () => {
    visit(returnPath(await startedFlow()));
    renderStrict(<Callback />);
    cleanup();
    visit("/");
    visit("/benji/callback");
    renderStrict(<Callback />);
    expect(shown()).toEqual([none]);
  });

  it("a reader that stays mounted keeps its result on the pages after; one that is mounted there has none (F43)", async () => {
    const badge = (key?: string) => (
      <>
        <Callback path="/benji/callback" />
        {key && <Callback key={key} path="/benji/callback" />}
      </>
    );
    visit(returnPath(await startedFlow()));
    const { rerender } = renderStrict(badge());
    const entry = window.history.state as unknown;
    expect(shown()).toEqual([success]);
    const visits: [string, unknown, object][] = [
      ["/", null, none],
      ["/benji/callback", null, none],
      ["/", null, none],
      ["/benji/callback", entry, success],
    ];
    for (const [index, [path, state, expected]] of visits.entries()) {
      visit(path, state);
      rerender(badge(String(index)));
      expect(shown()).toEqual([success, expected]);
    }
    expect(new Set(seen.filter(({ status }) => status === "success")).size).toBe(1);
  });

  it("Back and Forward between two returns in one mounted route show each its own (F43)", async () => {
    const first = await startedFlow();
    const second = await startedFlow();
    visit(returnPath(first));
    const { rerender } = renderStrict(<Callback />);
    const firstEntry = window.history.state as unknown;
    visit(returnPath(second, { benjiUserUuid: "uuid-2" }));
    rerender(<Callback />);
    expect(shown()).toEqual([{ ...success, benjiUserUuid: "uuid-2" }]);
    expect(location.search).toBe("");
    const secondEntry = window.history.state as unknown;
    visit("/benji/callback", firstEntry);
    rerender(<Callback />);
    expect(shown()).toEqual([success]);
    visit("/benji/callback", secondEntry);
    rerender(<Callback />);
    expect(shown()).toEqual([{ ...success, benjiUserUuid: "uuid-2" }]);
  });

  it("has settled the flow and cleaned the address before any layout effect, and no router has heard of it (F43)", async () => {
    const state = await startedFlow();
    visit(returnPath(state));
    const heard = vi.spyOn(window.history, "replaceState");
    let before: unknown[] = [];
    const Child = () => {
      useLayoutEffect(() => {
        const record = sessionStorage.getItem(`benji-connect:1:${state}`) ?? "";
        before = [location.search, record.includes(`"outcome"`), heard.mock.calls.length];
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
    "a page that leaves in the commit that shows the result (%s) keeps the result, settles it and changes no other page (F43)",
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
        seen.push(result);
        return result.status === "success" && <Leave />;
      };
      const { rerender } = renderStrict(<Page />);
      rerender(<Page />);
      await act(async () => {});
      expect(seen.map(({ status }) => status)).not.toContain("none");
      expect(location.href).toContain("/checkout?status=open#a");
      expect(onEvent).toHaveBeenCalledTimes(1);
      expect(sessionStorage.getItem(`benji-connect:1:${state}`)).toContain(`"outcome"`);
    },
  );

  it("a redirect thrown in render settles the flow; a second answer is refused (F43)", async () => {
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

  it("reads a return that came by another address than the page's", async () => {
    const url = `shop://benji${returnPath(await startedFlow())}`;
    visit("/in-the-app");
    renderStrict(<Callback url={url} />);
    expect(shown()).toEqual([success]);
    expect(location.pathname).toBe("/in-the-app");
  });

  it("in-app Back to the callback entry gives the same result (F21)", async () => {
    visit(returnPath(await startedFlow()));
    renderStrict(<Callback />);
    const entry = window.history.state as unknown;
    cleanup();
    visit("/");
    visit("/benji/callback", entry);
    renderStrict(<Callback />);
    expect(shown()).toEqual([success]);
  });

  it("Back to a callback page that was hidden, not unmounted, gives the same result (F21)", async () => {
    const page = (mode: "visible" | "hidden") => (
      <Activity mode={mode}>
        <Callback />
      </Activity>
    );
    visit(returnPath(await startedFlow()));
    const { rerender } = renderStrict(page("visible"));
    const entry = window.history.state as unknown;
    visit("/");
    for (const _ of "12") await act(async () => rerender(page("hidden")));
    visit("/benji/callback", entry);
    await act(async () => rerender(page("visible")));
    expect(shown()).toEqual([success]);
  });

  it("a second flow in the same document has a result of its own", async () => {
    visit(returnPath(await startedFlow()));
    renderStrict(<Callback />);
    cleanup();
    visit(returnPath(await startedFlow(), { benjiUserUuid: "uuid-2" }));
    renderStrict(<Callback />);
    expect(shown()).toEqual([{ ...success, benjiUserUuid: "uuid-2" }]);
  });

  it("the same return opened again is replayed (F22)", async () => {
    const path = returnPath(await startedFlow());
    visit(path);
    renderStrict(<Callback />);
    cleanup();
    visit(path);
    renderStrict(<Callback />);
    expect(shown()).toEqual([{ ...success, replayed: true }]);
    expect(location.search).toBe("");
  });

  it("parameters that a router brings back change nothing (F29)", async () => {
    const path = returnPath(await startedFlow());
    visit(path);
    const { rerender } = renderStrict(<Callback />);
    visit(path);
    rerender(<Callback />);
    expect(shown()).toEqual([success]);
    expect(new Set(seen).size).toBe(1);
  });

  describe("with a router", () => {
    it("hands replaceUrl the clean path once a return, as every router takes it", async () => {
      visit(`${returnPath(await startedFlow())}&shop=1#top`);
      const replaceUrl = vi.fn((url: string) => visit(url));
      const { rerender } = renderStrict(<Callback replaceUrl={replaceUrl} />);
      rerender(<Callback replaceUrl={replaceUrl} />);
      expect(replaceUrl.mock.calls).toEqual([["/benji/callback?shop=1#top"]]);
      expect(shown()).toEqual([success]);
    });

    it.each([true, false])(
      "replaceUrl is called once where another reader gives none, the router's first: %s",
      async (isRouterFirst) => {
        visit(returnPath(await startedFlow()));
        const replaceUrl = vi.fn();
        const readers = [<Callback key="a" replaceUrl={replaceUrl} />, <Callback key="b" />];
        renderStrict(isRouterFirst ? readers : readers.reverse());
        expect(replaceUrl).toHaveBeenCalledTimes(1);
      },
    );

    it("a replaceUrl that throws is reported, and the result stands (F42)", async () => {
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

    it("has cleaned the address before replaceUrl is called, after the paint", async () => {
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
      "Back finds the result where replaceUrl writes its own history.state %s",
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

    it("a router that has written the old address again is handed the clean one (F29)", async () => {
      const path = returnPath(await startedFlow());
      const WritesAgain = () => {
        // As Next.js does with a static page of the Pages Router.
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

    it("leaves an entry alone that the app has gone on to", async () => {
      visit(returnPath(await startedFlow()));
      renderStrict(<Callback replaceUrl={() => visit("/elsewhere", { key: "router" })} />);
      await act(async () => {});
      expect(history.state).toEqual({ key: "router" });
    });

    it("Next.js keeps its keys, and hears of the clean address once it listens", async () => {
      visit(returnPath(await startedFlow()), { __NA: true, tree: "t" });
      const told: [unknown, unknown][] = [];
      const native = window.history.replaceState;
      vi.spyOn(window.history, "replaceState").mockImplementation((state, unused, url) => {
        told.push([state, url]);
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
      expect(told).toEqual([[{ tree: "t", ...pointer }, url]]);
    });

    it("a reload is recalled once, however often it renders before its first commit", async () => {
      visit(returnPath(await startedFlow()));
      renderStrict(<Callback />);
      cleanup();
      await act(async () => {});
      visit("/benji/callback"); // a router's entry, without our pointer
      vi.spyOn(performance, "getEntriesByType").mockReturnValue([
        { type: "reload", name: location.href } as PerformanceNavigationTiming,
      ]);
      vi.resetModules(); // a document that has read nothing yet
      const fresh = await import("../../src/index.js");
      const Reloaded = () => <output>{fresh.useBenjiRedirectResult().status}</output>;
      renderStrict(
        <>
          <Reloaded />
          <Reloaded />
        </>,
      );
      expect(screen.getAllByRole("status").map((each) => each.textContent)).toEqual([
        "success",
        "success",
      ]);
    });
  });

  it.each([undefined, null, ""])(
    "a flow that nobody started signed in is not kept waiting for userKey %j (F46)",
    async (userKey) => {
      visit(returnPath(await startedFlow()));
      renderStrict(<Callback userKey={userKey} />);
      expect(shown()).toEqual([success]);
      expect(location.search).toBe("");
    },
  );

  it("a userKey may be a number (F46)", async () => {
    visit(returnPath(await startedFlow({ userKey: 7 })));
    renderStrict(<Callback userKey={7} />);
    expect(shown()).toEqual([success]);
  });

  it("stays pending while the userKey of a flow with a user is undefined, and settles nothing meanwhile (T7)", async () => {
    const state = await startedFlow({ userKey: "ann" });
    visit(returnPath(state));
    const { rerender } = renderStrict(<Callback userKey={undefined} />);
    expect(shown()).toEqual([{ status: "pending" }]);
    expect(location.search).toContain(state);
    rerender(<Callback userKey="ann" />);
    expect(shown()).toEqual([success]);
    expect(location.search).toBe("");
  });

  it("shows another user's result to nobody else, whoever looked first (T7)", async () => {
    visit(returnPath(await startedFlow({ userKey: "ann" })));
    const { rerender } = renderStrict(<Callback userKey="ann" />);
    rerender(<Callback userKey="bob" />);
    expect(shown()).toEqual([rejected("user_changed")]);
    rerender(<Callback userKey="ann" />);
    expect(shown()).toEqual([success]);
  });

  it("a reader who forgot userKey does not keep the flow of one who did not from being settled", async () => {
    const state = await startedFlow({ userKey: "ann" });
    visit(returnPath(state));
    renderStrict(
      <>
        <Callback />
        <Callback userKey="ann" />
      </>,
    );
    expect(shown()).toEqual([rejected("user_changed"), success]);
    expect(sessionStorage.getItem(`benji-connect:1:${state}`)).toContain(`"outcome"`);
  });

  it("path confines the hook to its route (T25)", async () => {
    visit(returnPath(await startedFlow()));
    renderStrict(
      <>
        <Callback path="/elsewhere" />
        <Callback path="/benji/callback" />
        <Callback match={(url) => url.pathname === "/no"} />
      </>,
    );
    expect(shown()).toEqual([none, success, none]);
  });

  it.each([
    ["/Benji/Callback", "/benji/callback"],
    ["/%62enji/callback", "/benji/callback"],
    ["/benji/callback/", "/Benji/Callback"],
    ["/benji/%zz", "/benji/%ZZ"],
  ])("the address %s is the callback %s, as for a router (F45)", async (address, path) => {
    visit(returnPath(await startedFlow()).replace("/benji/callback", address));
    renderStrict(<Callback path={path} />);
    expect(shown()).toEqual([success]);
    expect(location.search).toBe("");
  });

  it.each([
    ["/benji%2Fcallback", "/benji/callback"],
    ["/benji", "/benji/callback"],
  ])("the address %s is not the callback %s (F45)", async (address, path) => {
    visit(returnPath(await startedFlow()).replace("/benji/callback", address));
    renderStrict(<Callback path={path} />);
    expect(shown()).toEqual([none]);
  });

  it("path may be written as people read it", async () => {
    visit(returnPath(await startedFlow()).replace("/benji/callback", "/zurück"));
    renderStrict(
      <>
        <Callback path="/zurück" />
        <Callback path="/zur%C3%BCck/" />
        <Callback path="/zurueck" />
      </>,
    );
    expect(shown()).toEqual([success, success, none]);
  });

  it("reads a flow kept in local storage (F41)", async () => {
    visit(returnPath(await startedFlow({ storage: "local" })));
    renderStrict(<Callback storage="local" />);
    expect(shown()).toEqual([success]);
    expect(sessionStorage).toHaveLength(0);
  });

  it("waits while the page is prerendered (T26)", async () => {
    const state = await startedFlow();
    visit(returnPath(state));
    Object.assign(document, { prerendering: true });
    renderStrict(<Callback />);
    expect(shown()).toEqual([{ status: "pending" }]);
    expect(location.search).toContain(state);
    Object.assign(document, { prerendering: false });
    act(() => void document.dispatchEvent(new Event("prerenderingchange")));
    expect(shown()).toEqual([success]);
    expect(location.search).toBe("");
  });

  it("hydrates from pending without a warning, in two commits (F34)", async () => {
    visit(returnPath(await startedFlow()));
    const ui = (
      <StrictMode>
        <Callback />
      </StrictMode>
    );
    const container = document.createElement("div");
    container.innerHTML = renderToString(ui);
    expect(container.textContent).toBe(`{"status":"pending"}`);
    document.body.append(container);
    const onRecoverableError = vi.fn();
    const warn = vi.spyOn(console, "error");
    const root = await act(async () => hydrateRoot(container, ui, { onRecoverableError }));
    expect(shown()).toEqual([success]);
    expect(location.search).toBe("");
    expect(onRecoverableError).not.toHaveBeenCalled();
    expect(warn).not.toHaveBeenCalled();
    act(() => root.unmount());
    container.remove();
  });

  it("a hydrated page shows its result once the router has heard of the address, so that it can leave in an effect", async () => {
    visit(returnPath(await startedFlow()));
    const order: string[] = [];
    const Leaver = ({ leaves }: { leaves: boolean }) => {
      useEffect(() => void (leaves && order.push("the page leaves")), [leaves]);
      return null;
    };
    const Page = () => <Leaver leaves={useBenjiRedirectResult().status === "success"} />;
    // As Next.js does: it listens after the first effects, and a new address ends what it had begun.
    const Router = () => {
      useEffect(() => {
        const replaceState = vi.spyOn(window.history, "replaceState");
        replaceState.mockImplementation(() => void order.push("the router hears"));
        return () => replaceState.mockRestore();
      }, []);
      return <Page />;
    };
    const container = document.createElement("div");
    const root = await act(async () => hydrateRoot(container, <Router />));
    expect(order).toEqual(["the router hears", "the page leaves"]);
    act(() => root.unmount());
  });

  it("a reader that throws takes nothing from the others", async () => {
    visit(returnPath(await startedFlow()));
    const quiet = vi.spyOn(console, "error").mockImplementation(() => {});
    class Boundary extends Component<{ children: ReactNode }> {
      override state = { failed: false };
      static getDerivedStateFromError = () => ({ failed: true });
      override render = () => !this.state.failed && this.props.children;
    }
    const Thrower = () => {
      useBenjiRedirectResult();
      throw new Error("partner's bug");
    };
    renderStrict(
      <>
        <Boundary>
          <Thrower />
        </Boundary>
        <Callback />
      </>,
    );
    expect(shown()).toEqual([success]);
    quiet.mockRestore();
  });
});
