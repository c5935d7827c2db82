import { Component, type ReactNode } from "react";
import { cleanup } from "@testing-library/react";
import { startedFlow } from "react-benji-connect/testing";
import { describe, expect, expectTypeOf, it, vi } from "vitest";
import {
  type BenjiRedirectResult,
  type UnverifiedRedirect,
  useBenjiRedirectResult,
} from "../../src/index.js";
import { Callback, none, rejected, results, shown, success } from "./Callback.js";
import { renderStrict, returnPath, visit } from "./renderStrict.js";

describe("useBenjiRedirectResult", () => {
  it("the first render has the result, which is one frozen object in StrictMode; the address is clean (F16)", async () => {
    visit(returnPath(await startedFlow({ mode: "redeem", appState: 7 })));
    renderStrict(<Callback />);
    expect(shown()).toEqual([{ ...success, mode: "redeem", appState: 7 }]);
    expect(new Set(results).size).toBe(1);
    expect(Object.isFrozen(results[0])).toBe(true);
    expect(location.href).toMatch(/\/benji\/callback$/);
  });

  it("a return without a state is unverified for a hook with dangerouslyAcceptReturnsWithoutState only", () => {
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

  it("every hook and every remount has the same result object", async () => {
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
    expect(new Set(results).size).toBe(1);
  });

  it("an OAuth return of another service has the status none and stays in the address (T25)", () => {
    visit("/benji/callback?code=c&state=theirs");
    renderStrict(<Callback />);
    expect(shown()).toEqual([none]);
    expect(location.search).toBe("?code=c&state=theirs");
    expect(sessionStorage).toHaveLength(0);
  });

  it("a forged return is rejected without ids, and a remount shows the same result (T1)", () => {
    visit(returnPath("benji.forged"));
    const { rerender } = renderStrict(<Callback key="a" />);
    rerender(<Callback key="b" />);
    expect(shown()).toEqual([rejected("state_unknown")]);
    expect(location.search).toBe("");
  });

  it("the option `url` reads a return from another address than that of the page", async () => {
    const url = `shop://benji${returnPath(await startedFlow())}`;
    visit("/in-the-app");
    renderStrict(<Callback url={url} />);
    expect(shown()).toEqual([success]);
    expect(location.pathname).toBe("/in-the-app");
  });

  it("the options path and match limit the hook to its own route (T25)", async () => {
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
  ])(
    "the address %s matches the option path %s, as it does in a router (F45)",
    async (address, path) => {
      visit(returnPath(await startedFlow()).replace("/benji/callback", address));
      renderStrict(<Callback path={path} />);
      expect(shown()).toEqual([success]);
      expect(location.search).toBe("");
    },
  );

  it.each([
    ["/benji%2Fcallback", "/benji/callback"],
    ["/benji", "/benji/callback"],
  ])("the address %s does not match the option path %s (F45)", async (address, path) => {
    visit(returnPath(await startedFlow()).replace("/benji/callback", address));
    renderStrict(<Callback path={path} />);
    expect(shown()).toEqual([none]);
  });

  it("the option path may have letters outside ASCII, encoded or not", async () => {
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

  it("a flow that was started with storage local is found with storage local (F41)", async () => {
    visit(returnPath(await startedFlow({ storage: "local" })));
    renderStrict(<Callback storage="local" />);
    expect(shown()).toEqual([success]);
    expect(sessionStorage).toHaveLength(0);
  });

  it("a component that throws after calling the hook does not affect the result of another component", async () => {
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
