import type { ReactNode } from "react";
import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { BenjiConnectButton } from "../../src/index.js";
import { renderStrict } from "./renderStrict.js";
import { button, never, renderButton } from "./renderButton.js";

describe("BenjiConnectButton's live region", () => {
  it("all buttons of a document share one live region", async () => {
    const { user } = renderButton({ fetchConnectToken: never });
    renderStrict(<BenjiConnectButton fetchConnectToken={never}>Other</BenjiConnectButton>);
    for (const each of screen.getAllByRole("button")) await user.click(each);
    expect(screen.getAllByRole("status")).toHaveLength(1);
  });

  it.each([
    ["an open dialog element", (child: ReactNode) => <dialog open>{child}</dialog>],
    [
      "an element with the role of a dialog",
      (child: ReactNode) => <div role="dialog">{child}</div>,
    ],
  ])("a button in %s has its live region inside of that element", async (_, dialog) => {
    renderStrict(dialog(<BenjiConnectButton fetchConnectToken={never} />));
    await userEvent.click(button());
    const region = screen.getByRole("status");
    expect(region).toHaveTextContent("Connecting to Benji");
    expect(region.parentElement).toContainElement(button());
    expect(region.parentElement).not.toBe(document.body);
  });

  it("after a dialog with the live region is removed, the next pressed button adds a live region to the page", async () => {
    const Page = ({ isOpen }: { isOpen: boolean }) => (
      <main>
        <BenjiConnectButton fetchConnectToken={never}>Page</BenjiConnectButton>
        {isOpen && (
          <div role="dialog">
            <BenjiConnectButton fetchConnectToken={never}>Dialog</BenjiConnectButton>
          </div>
        )}
      </main>
    );
    const { rerender } = renderStrict(<Page isOpen />);
    await userEvent.click(screen.getByRole("button", { name: "Dialog" }));
    rerender(<Page isOpen={false} />);
    await act(async () => {});
    expect(screen.queryByRole("status")).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Page" }));
    expect(screen.getByRole("status").parentElement).toBe(document.body);
  });

  it("unmounting the last button removes the live region from the page", async () => {
    const { user, view } = renderButton({ fetchConnectToken: never });
    await user.click(button());
    expect(screen.getByRole("status")).toBeInTheDocument();
    view.unmount();
    await act(async () => {});
    expect(document.querySelector("[role=status]")).toBeNull();
  });

  it("unmounting one button keeps the text of another button in the live region", async () => {
    const other = renderStrict(
      <BenjiConnectButton fetchConnectToken={never}>A</BenjiConnectButton>,
    );
    renderStrict(<BenjiConnectButton fetchConnectToken={never}>B</BenjiConnectButton>);
    await userEvent.click(screen.getByRole("button", { name: "A" }));
    await userEvent.click(screen.getByRole("button", { name: "B" }));
    other.unmount();
    await act(async () => {});
    expect(screen.getByRole("status")).toHaveTextContent("Connecting to Benji");
  });
});
