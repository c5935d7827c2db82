import { cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { startedFlow } from "react-benji-connect/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  BenjiConnectButton,
  type BenjiConnectButtonProps,
  BenjiConnectProvider,
  type OnBenjiEvent,
  useBenjiRedirectResult,
} from "../../src/index.js";
import { textsInReactState } from "./reactState.js";
import { answer, renderStrict, returnPath, visit } from "./renderStrict.js";

const events: unknown[][] = [];
const onEvent: OnBenjiEvent = (...event) => events.push(event);
beforeEach(() => {
  events.length = 0;
});
afterEach(() => vi.unstubAllGlobals());

async function press(props: BenjiConnectButtonProps) {
  const user = userEvent.setup();
  renderStrict(<BenjiConnectButton onEvent={onEvent} navigate={() => {}} {...props} />);
  await user.dblClick(screen.getByRole("button"));
  const status = () => screen.getByRole("button").getAttribute("data-status");
  await waitFor(() => expect(status()).toMatch(/redirecting|failed/));
}

const Callback = (options: { onEvent?: OnBenjiEvent }) => (
  <output>{useBenjiRedirectResult(options).status}</output>
);

describe("onEvent", () => {
  it("onEvent is called once for each step of a start, even on a double click", async () => {
    await press({ mode: 3, fetchConnectToken: () => answer });
    expect(events).toEqual([
      ["started", { mode: "transfer" }],
      ["redirecting", { mode: "transfer" }],
    ]);
  });

  it("onEvent is called with the code of a failed start, and onError is called once", async () => {
    const onError = vi.fn();
    const slow = () => new Promise((resolve) => setTimeout(() => resolve({}), 50));
    await press({ fetchConnectToken: slow, onError });
    expect(events).toEqual([
      ["started", { mode: "connect" }],
      ["failed", { mode: "connect", code: "token_malformed" }],
    ]);
    expect(onError).toHaveBeenCalledTimes(1);
  });

  it("onEvent is called once for a return, however many hooks read that return, and without ids", async () => {
    visit(returnPath(await startedFlow({ mode: "redeem", appState: "mine" })));
    renderStrict(
      <BenjiConnectProvider onEvent={onEvent}>
        <Callback />
        <Callback />
      </BenjiConnectProvider>,
    );
    cleanup();
    renderStrict(<Callback onEvent={onEvent} />);
    expect(events).toEqual([["returned", { status: "success", mode: "redeem", replayed: false }]]);
  });

  it("onEvent is called with the reason of a rejected return, and not called without a return", () => {
    visit("/benji/callback");
    renderStrict(<Callback onEvent={onEvent} />);
    cleanup();
    visit(returnPath("benji.forged"));
    renderStrict(<Callback onEvent={onEvent} />);
    expect(events).toEqual([["returned", { status: "rejected", reason: "state_unknown" }]]);
  });

  it("an error thrown by onEvent is reported, and the flow goes on (F42)", async () => {
    const reported = vi.fn();
    vi.stubGlobal("reportError", reported);
    const navigate = vi.fn();
    await press({
      fetchConnectToken: () => answer,
      navigate,
      onEvent: () => {
        throw new Error("the partner's own");
      },
    });
    expect(reported).toHaveBeenCalledTimes(2);
    expect(navigate).toHaveBeenCalledTimes(1);
  });

  it("onEvent receives neither the token nor the state (T15)", async () => {
    let state = "";
    await press({
      fetchConnectToken: (request) => {
        ({ state } = request);
        return answer;
      },
    });
    expect(state).not.toBe("");
    const text = JSON.stringify(events);
    expect(text).not.toContain(state);
    expect(text).not.toContain(answer.token);
  });

  it("the state of React's components holds neither token nor state during and after a start (T15)", async () => {
    let state = "";
    let respond = (_: typeof answer) => {};
    const answered = new Promise<typeof answer>((resolve) => (respond = resolve));
    const user = userEvent.setup();
    const { container } = renderStrict(
      <BenjiConnectButton
        navigate={() => {}}
        fetchConnectToken={(request) => {
          ({ state } = request);
          return answered;
        }}
      />,
    );
    const status = () => screen.getByRole("button").getAttribute("data-status");
    const expectNoSecret = () => {
      const values = textsInReactState(container);
      expect(values).toContain(status()); // The walk does read the state of the button.
      expect(values.filter((text) => text.includes(state) || text.includes(answer.token))).toEqual(
        [],
      );
    };
    await user.click(screen.getByRole("button"));
    await waitFor(() => expect(state).not.toBe(""));
    expectNoSecret();
    respond(answer);
    await waitFor(() => expect(status()).toBe("redirecting"));
    expectNoSecret();
  });
});
