import { cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { BenjiConnectProvider } from "react-benji-connect";
import { connectTokenHandlers, memoryNavigate } from "react-benji-connect/testing";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { Shop } from "../src/Shop.js";

const server = setupServer(
  ...connectTokenHandlers({ http, HttpResponse }, { answers: ["unauthorized", "ok"] }),
);
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterAll(() => server.close());
afterEach(cleanup);

it("a signed-out member sees an error on the button, and a second press starts the flow", async () => {
  const navigate = memoryNavigate();
  render(
    <BenjiConnectProvider fetchConnectToken="/api/benji/connect-token" navigate={navigate}>
      <Shop />
    </BenjiConnectProvider>,
  );
  const button = screen.getByRole("button", { name: "Connect rewards" });
  await userEvent.click(button);
  await waitFor(() => expect(button.dataset["status"]).toBe("failed"));
  expect(document.querySelector("[data-benji-error=unauthenticated]")).not.toBeNull();
  expect(navigate.addresses).toEqual([]);

  await userEvent.click(button);
  await waitFor(() => expect(navigate.addresses).toHaveLength(1));
  expect(new URL(navigate.addresses[0]!).host).toBe("connect.withbenji.com");
});
