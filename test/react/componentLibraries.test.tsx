import MuiButton from "@mui/material/Button";
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ComponentType } from "react";
import BootstrapButton from "react-bootstrap/Button";
import { describe, expect, it, vi } from "vitest";
import {
  type BenjiButtonProps,
  useBenjiConnect,
  type UseBenjiConnectOptions,
} from "../../src/index.js";
import { answer, renderStrict } from "./renderStrict.js";

const Mui = (props: BenjiButtonProps) => (
  <MuiButton {...props} variant="contained">
    Link rewards
  </MuiButton>
);

const Bootstrap = (props: BenjiButtonProps) => (
  <BootstrapButton {...props} variant="primary">
    Link rewards
  </BootstrapButton>
);

interface Props extends UseBenjiConnectOptions {
  Button: ComponentType<BenjiButtonProps>;
}

const Link = ({ Button, ...options }: Props) => (
  <Button {...useBenjiConnect(options).buttonProps} />
);

describe.each([
  ["MUI", Mui, "MuiButton-contained"],
  ["React Bootstrap", Bootstrap, "btn-primary"],
])("a button of %s with buttonProps", (_, Button, className) => {
  it("a button of a component library with buttonProps starts the flow, shows the status and keeps its class", async () => {
    const navigate = vi.fn();
    let settle = (_: unknown) => {};
    renderStrict(
      <form onSubmit={() => expect.unreachable("a form was submitted")}>
        <Link
          Button={Button}
          navigate={navigate}
          fetchConnectToken={() => new Promise((resolve) => (settle = resolve))}
        />
      </form>,
    );
    const button = screen.getByRole("button", { name: "Link rewards" });
    expect(button).toHaveClass(className);
    expect(button).toHaveAttribute("data-status", "idle");
    await userEvent.click(button);
    expect(button).toHaveAttribute("aria-busy", "true");
    expect(button).toHaveFocus();
    settle(answer);
    await waitFor(() => expect(navigate).toHaveBeenCalledTimes(1));
    expect(button).toHaveAttribute("data-status", "redirecting");
  });
});
