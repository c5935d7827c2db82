import { cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import {
  BenjiTestProvider,
  memoryNavigate,
  memoryStorage,
  rejectedReturnUrl,
  returnUrl,
  startedFlow,
} from "react-benji-connect/testing";
import { MemoryRouter } from "react-router";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Callback } from "../src/Callback.js";
import { Shop } from "../src/Shop.js";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** Sets the confirm route's answers, in this order. */
const confirmAnswers = (...answers: Response[]) =>
  vi.stubGlobal("fetch", () => Promise.resolve(answers.shift()));

async function comeBack(status: "success" | "error"): Promise<void> {
  const storage = memoryStorage();
  const state = await startedFlow({ storage, appState: { cart: 3 } });
  window.history.pushState(null, "", returnUrl({ status, state, benjiUserId: "42" }));
  render(
    <BenjiTestProvider storage={storage}>
      <MemoryRouter>
        <Callback />
      </MemoryRouter>
    </BenjiTestProvider>,
  );
}

describe("the shop", () => {
  it.each(["Connect rewards", "Transfer 500 points"])(
    "the button %s of the shop takes the member to Benji",
    async (name) => {
      const navigate = memoryNavigate();
      render(
        <BenjiTestProvider navigate={navigate}>
          <Shop />
        </BenjiTestProvider>,
      );
      await userEvent.click(screen.getByRole("button", { name }));
      await waitFor(() => expect(navigate.addresses).toHaveLength(1));
      expect(new URL(navigate.addresses[0]!).host).toBe("connect.withbenji.com");
    },
  );
});

describe("the callback page", () => {
  it("the callback page waits for the confirm route before it says that anything is done", async () => {
    confirmAnswers(Response.json(true));
    await comeBack("success");
    screen.getByText("One moment");
    await screen.findByText("Done, cart 3");
    expect(window.location.search).toBe("");
  });

  it("the callback page shows no success if the confirm route answers false", async () => {
    confirmAnswers(Response.json(false));
    await comeBack("success");
    await screen.findByText("Start again (not_confirmed)");
  });

  it("the callback page offers to ask the confirm route again after an HTTP 500", async () => {
    confirmAnswers(new Response(null, { status: 500 }), Response.json(true));
    await comeBack("success");
    await userEvent.click(await screen.findByRole("button", { name: /ask again/ }));
    await screen.findByText("Done, cart 3");
  });

  it("the callback page offers a new start after a return with the status error", async () => {
    await comeBack("error");
    await screen.findByText("Start again (error)");
  });

  it.each(["params_ambiguous", "status_unknown", "state_missing", "state_unknown"] as const)(
    "the callback page offers a new start after a return rejected as %s",
    async (reason) => {
      window.history.pushState(null, "", rejectedReturnUrl(reason));
      render(<Callback />, { wrapper: MemoryRouter });
      await screen.findByText(`Start again (${reason})`);
    },
  );
});
