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
import { answer, renderStrict, returnPath, visit } from "./renderStrict.js";

const heard: unknown[][] = [];
const onEvent: OnBenjiEvent = (...event) => heard.push(event);
beforeEach(() => {
  heard.length = 0;
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
  it("hears of a start once, however often the button is pressed", async () => {
    await press({ mode: 3, fetchConnectToken: () => answer });
    expect(heard).toEqual([
      ["started", { mode: "transfer" }],
      ["redirecting", { mode: "transfer" }],
    ]);
  });

  it("hears of a failed start with its code, and onError hears of it once", async () => {
    const onError = vi.fn();
    const slow = () => new Promise((resolve) => setTimeout(() => resolve({}), 50));
    await press({ fetchConnectToken: slow, onError });
    expect(heard).toEqual([
      ["started", { mode: "connect" }],
      ["failed", { mode: "connect", code: "token_malformed" }],
    ]);
    expect(onError).toHaveBeenCalledTimes(1);
  });

  it("hears of a return once, whoever reads it, without ids", async () => {
    visit(returnPath(await startedFlow({ mode: "redeem", appState: "mine" })));
    renderStrict(
      <BenjiConnectProvider onEvent={onEvent}>
        <Callback />
        <Callback />
      </BenjiConnectProvider>,
    );
    cleanup();
    renderStrict(<Callback onEvent={onEvent} />);
    expect(heard).toEqual([["returned", { status: "success", mode: "redeem", replayed: false }]]);
  });

  it("hears why a return is not believed, and nothing where there is none", () => {
    visit("/benji/callback");
    renderStrict(<Callback onEvent={onEvent} />);
    cleanup();
    visit(returnPath("benji.forged"));
    renderStrict(<Callback onEvent={onEvent} />);
    expect(heard).toEqual([["returned", { status: "rejected", reason: "state_unknown" }]]);
  });

  it("one that throws is reported, and the flow goes on (F42)", async () => {
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

  it("carries neither token nor state (T15)", async () => {
    let state = "";
    await press({
      fetchConnectToken: (request) => {
        ({ state } = request);
        return answer;
      },
    });
    expect(state).not.toBe("");
    const text = JSON.stringify(heard);
    expect(text).not.toContain(state);
    expect(text).not.toContain(answer.token);
  });
});
