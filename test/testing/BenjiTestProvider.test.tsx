import type { Meta } from "@storybook/react-vite";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import {
  BenjiConnectButton,
  BenjiConnectProvider,
  useBenjiRedirectResult,
} from "react-benji-connect";
import {
  BenjiTestProvider,
  memoryNavigate,
  memoryStorage,
  returnUrl,
  startedFlow,
  withBenji,
} from "react-benji-connect/testing";
import { StrictMode } from "react";
import { describe, expect, it, vi } from "vitest";

const press = (name = "Connect rewards") => userEvent.click(screen.getByRole("button", { name }));

describe("BenjiTestProvider", () => {
  it("a button in BenjiTestProvider starts a flow with a fake token, and the page does not navigate", async () => {
    const before = window.location.href;
    render(
      <BenjiTestProvider>
        <BenjiConnectButton />
      </BenjiTestProvider>,
    );
    await press();
    const button = screen.getByRole("button");
    await waitFor(() => expect(button).toHaveAttribute("data-status", "redirecting"));
    expect(window.location.href).toBe(before);
    expect(sessionStorage).toHaveLength(0);
  });

  it("memoryNavigate records the address to which a start navigates", async () => {
    const navigate = memoryNavigate();
    render(
      <BenjiTestProvider navigate={navigate}>
        <BenjiConnectButton mode="transfer" amount={1_000} />
      </BenjiTestProvider>,
    );
    await press("Transfer 1,000 points");
    await waitFor(() => expect(navigate.addresses).toHaveLength(1));
    const { origin, searchParams } = new URL(navigate.addresses[0]!);
    expect(origin).toBe("https://connect.withbenji.com");
    expect(searchParams.get("connect_token")).toBe("test-connect-token");
  });

  it("the app's own BenjiConnectProvider inside of a BenjiTestProvider overrides the fake token", async () => {
    const [fetchConnectToken, navigate] = [
      vi.fn(() => new Response(null, { status: 401 })),
      vi.fn(),
    ];
    render(
      <BenjiTestProvider navigate={navigate}>
        <BenjiConnectProvider fetchConnectToken={fetchConnectToken}>
          <BenjiConnectButton />
        </BenjiConnectProvider>
      </BenjiTestProvider>,
    );
    await press();
    const button = screen.getByRole("button");
    await waitFor(() => expect(button).toHaveAttribute("data-status", "failed"));
    expect(fetchConnectToken).toHaveBeenCalledOnce();
    expect(navigate).not.toHaveBeenCalled();
  });

  it("BenjiTestProvider keeps a fake if the prop for it is undefined", async () => {
    render(
      <BenjiTestProvider fetchConnectToken={undefined} navigate={undefined}>
        <BenjiConnectButton />
      </BenjiTestProvider>,
    );
    await press();
    const button = screen.getByRole("button");
    await waitFor(() => expect(button).toHaveAttribute("data-status", "redirecting"));
  });

  it("BenjiTestProvider reads a return from the storage in which the flow was started", async () => {
    const storage = memoryStorage();
    const Callback = () => <code>{JSON.stringify(useBenjiRedirectResult())}</code>;
    const state = await startedFlow({ storage, mode: "redeem" });
    window.history.pushState(null, "", returnUrl({ status: "success", state, benjiUserId: "42" }));
    render(
      <StrictMode>
        <BenjiTestProvider storage={storage}>
          <Callback />
        </BenjiTestProvider>
      </StrictMode>,
    );
    expect(JSON.parse(screen.getByText(/^{/).textContent)).toEqual({
      status: "success",
      benjiUserId: "42",
      mode: "redeem",
      replayed: false,
    });
    expect(sessionStorage).toHaveLength(0);
  });
});

describe("withBenji", () => {
  it("withBenji is a Storybook decorator that wraps a story in a BenjiTestProvider", async () => {
    const navigate = vi.fn();
    const decorator = withBenji({ navigate, messages: { connect: "Link rewards" } });
    const meta = { component: BenjiConnectButton, decorators: [decorator] } satisfies Meta<
      typeof BenjiConnectButton
    >;
    const [decorate] = meta.decorators;
    render(decorate!(() => <BenjiConnectButton />));
    await press("Link rewards");
    await waitFor(() => expect(navigate).toHaveBeenCalledOnce());
  });
});

describe("memoryStorage", () => {
  it("memoryStorage has the length, key, getItem, setItem and removeItem of a browser's storage", () => {
    const storage = memoryStorage({ theme: "dark" });
    storage.setItem("cart", "3");
    storage.setItem("theme", "light");
    expect([storage.length, storage.key(0), storage.key(1), storage.key(2)]).toEqual([
      2,
      "theme",
      "cart",
      null,
    ]);
    expect(storage.getItem("theme")).toBe("light");
    storage.removeItem("theme");
    expect([storage.length, storage.getItem("theme")]).toEqual([1, null]);
  });

  it("a memoryStorage changes neither its initial items nor another memoryStorage", () => {
    const items = { theme: "dark" };
    memoryStorage(items).setItem("theme", "light");
    expect(memoryStorage(items).getItem("theme")).toBe("dark");
  });
});
