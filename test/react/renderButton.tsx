import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { vi } from "vitest";
import {
  BenjiConnectButton,
  type BenjiConnectButtonProps,
  type ConnectTokenRequest,
} from "../../src/index.js";
import { answer, renderStrict } from "./renderStrict.js";

/** Renders one button with a token fetcher and a `navigate` that only record their calls. */
export const renderButton = (props: BenjiConnectButtonProps = {}) => {
  const navigate = vi.fn();
  const fetchConnectToken = vi.fn((_: ConnectTokenRequest) => answer as unknown);
  const ui = (more: BenjiConnectButtonProps = {}) => (
    <BenjiConnectButton
      fetchConnectToken={fetchConnectToken}
      navigate={navigate}
      {...props}
      {...more}
    />
  );
  const view = renderStrict(ui());
  const rerender = (more: BenjiConnectButtonProps) => view.rerender(ui(more));
  return { navigate, fetchConnectToken, view, rerender, user: userEvent.setup() };
};

export const button = () => screen.getByRole("button");

/** A token fetcher that never settles. */
export const never = () => new Promise<never>(() => {});
