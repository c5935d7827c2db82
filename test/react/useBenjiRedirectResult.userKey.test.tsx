import { startedFlow } from "react-benji-connect/testing";
import { describe, expect, it } from "vitest";
import { Callback, rejected, shown, success } from "./Callback.js";
import { renderStrict, returnPath, visit } from "./renderStrict.js";

describe("useBenjiRedirectResult with a userKey", () => {
  it.each([undefined, null, ""])(
    "a flow that was started signed out does not wait for a userKey of %j (F46)",
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

  it("a flow with a user is pending and not settled while userKey is undefined (T7)", async () => {
    const state = await startedFlow({ userKey: "ann" });
    visit(returnPath(state));
    const { rerender } = renderStrict(<Callback userKey={undefined} />);
    expect(shown()).toEqual([{ status: "pending" }]);
    expect(location.search).toContain(state);
    rerender(<Callback userKey="ann" />);
    expect(shown()).toEqual([success]);
    expect(location.search).toBe("");
  });

  it("a result is rejected for another user, also after its own user has seen it (T7)", async () => {
    visit(returnPath(await startedFlow({ userKey: "ann" })));
    const { rerender } = renderStrict(<Callback userKey="ann" />);
    rerender(<Callback userKey="bob" />);
    expect(shown()).toEqual([rejected("user_changed")]);
    rerender(<Callback userKey="ann" />);
    expect(shown()).toEqual([success]);
  });

  it("a reader without userKey does not prevent a reader with it from settling the flow", async () => {
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
