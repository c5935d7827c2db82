import { startedFlow } from "react-benji-connect/testing";
import { describe, expect, it } from "vitest";
import { Callback, rejected, shown, success } from "./Callback.js";
import { renderStrict, returnPath, visit } from "./renderStrict.js";

describe("useBenjiRedirectResult with a userKey", () => {
  it.each([undefined, null, ""])(
    "the return of a start without userKey is a success at once for a hook with the userKey %j (F46)",
    async (userKey) => {
      visit(returnPath(await startedFlow()));
      renderStrict(<Callback userKey={userKey} />);
      expect(shown()).toEqual([success]);
      expect(location.search).toBe("");
    },
  );

  it("the userKey may be a number (F46)", async () => {
    visit(returnPath(await startedFlow({ userKey: 7 })));
    renderStrict(<Callback userKey={7} />);
    expect(shown()).toEqual([success]);
  });

  it("the return of a user's flow is pending and stays in the address while userKey is undefined (T7)", async () => {
    const state = await startedFlow({ userKey: "ann" });
    visit(returnPath(state));
    const { rerender } = renderStrict(<Callback userKey={undefined} />);
    expect(shown()).toEqual([{ status: "pending" }]);
    expect(location.search).toContain(state);
    rerender(<Callback userKey="ann" />);
    expect(shown()).toEqual([success]);
    expect(location.search).toBe("");
  });

  it("a result is rejected for another user, even after its own user has seen it (T7)", async () => {
    visit(returnPath(await startedFlow({ userKey: "ann" })));
    const { rerender } = renderStrict(<Callback userKey="ann" />);
    rerender(<Callback userKey="bob" />);
    expect(shown()).toEqual([rejected("user_changed")]);
    rerender(<Callback userKey="ann" />);
    expect(shown()).toEqual([success]);
  });

  it("a return is rejected for a hook without userKey, and still accepted for a hook with the right userKey", async () => {
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
});
