import { startedFlow } from "react-benji-connect/testing";
import { describe, expect, it } from "vitest";
import { Callback, rejected, shown, success } from "./Callback.js";
import { renderStrict, returnPath, visit } from "./renderStrict.js";

describe("useBenjiRedirectResult with a userKey", () => {
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
});
