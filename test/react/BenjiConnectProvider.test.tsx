import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { renderToString } from "react-dom/server";
import { startedFlow } from "react-benji-connect/testing";
import { describe, expect, it, vi } from "vitest";
import {
  BenjiConnectButton,
  BenjiConnectProvider,
  useBenjiConnect,
  useBenjiRedirectResult,
} from "../../src/index.js";
import { answer, renderStrict, returnPath, visit } from "./renderStrict.js";

const button = (name: string) => screen.getByRole("button", { name });

describe("BenjiConnectProvider", () => {
  it("a BenjiConnectProvider gives defaults to buttons and hooks, and an option of a button overrides the default", async () => {
    const user = userEvent.setup();
    const [everybodys, own] = [vi.fn(() => answer), vi.fn(() => answer)];
    const navigate = vi.fn();
    const OwnButton = () => (
      <button {...useBenjiConnect({ navigate }).buttonProps}>From a hook</button>
    );
    renderStrict(
      <BenjiConnectProvider fetchConnectToken={everybodys}>
        <BenjiConnectButton navigate={navigate} />
        <BenjiConnectButton navigate={navigate} mode="redeem" fetchConnectToken={own} />
        <OwnButton />
      </BenjiConnectProvider>,
    );
    await user.click(button("Connect rewards"));
    await user.click(button("Redeem points"));
    await user.click(button("From a hook"));
    await waitFor(() => expect(navigate).toHaveBeenCalledTimes(3));
    expect(everybodys).toHaveBeenCalledTimes(2);
    expect(own).toHaveBeenCalledTimes(1);
  });

  it("a nested BenjiConnectProvider adds single messages to the outer one, and siblings are independent", () => {
    renderStrict(
      <>
        <BenjiConnectProvider messages={{ connect: "Outer", redeem: "Outer redeem" }}>
          <BenjiConnectProvider messages={{ connect: "Inner" }}>
            <BenjiConnectButton />
            <BenjiConnectButton mode="redeem" />
            <BenjiConnectButton mode="transfer" messages={{ transfer: "Own" }} />
          </BenjiConnectProvider>
        </BenjiConnectProvider>
        <BenjiConnectProvider>
          <BenjiConnectButton />
        </BenjiConnectProvider>
      </>,
    );
    const names = screen.getAllByRole("button").map((each) => each.textContent);
    expect(names).toEqual(["Inner", "Outer redeem", "Own", "Connect rewards"]);
  });

  it("the storage of a BenjiConnectProvider is used to read the return", async () => {
    visit(returnPath(await startedFlow({ storage: localStorage })));
    const Callback = () => <output>{useBenjiRedirectResult().status}</output>;
    renderStrict(
      <BenjiConnectProvider storage="local">
        <Callback />
      </BenjiConnectProvider>,
    );
    expect(screen.getByText("success")).toBeVisible();
  });

  it("the navigate of a BenjiConnectProvider is used by a button below that has no navigate of its own", async () => {
    const user = userEvent.setup();
    const [everybodys, own] = [vi.fn(), vi.fn()];
    renderStrict(
      <BenjiConnectProvider fetchConnectToken={() => answer} navigate={everybodys}>
        <BenjiConnectButton />
        <BenjiConnectButton mode="redeem" navigate={own} />
      </BenjiConnectProvider>,
    );
    await user.click(button("Connect rewards"));
    await waitFor(() => expect(everybodys).toHaveBeenCalledOnce());
    expect(own).not.toHaveBeenCalled();
    await user.click(button("Redeem points"));
    await waitFor(() => expect(own).toHaveBeenCalledOnce());
    expect(everybodys).toHaveBeenCalledOnce();
  });

  it("a BenjiConnectProvider renders on a server", () => {
    const html = renderToString(
      <BenjiConnectProvider messages={{ connect: "Verbinden" }}>
        <BenjiConnectButton />
      </BenjiConnectProvider>,
    );
    expect(html).toContain(">Verbinden</button>");
  });
});
