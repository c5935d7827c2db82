// Options that come from a polluted Object.prototype, in the button and in the hooks. The core's own test is
// in core/checkOptions.test.ts.
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import {
  BenjiConnectButton,
  BenjiConnectProvider,
  type FetchConnectToken,
  useBenjiConnect,
  useBenjiRedirectResult,
} from "../../src/index.js";
import { renderStrict, visit } from "./renderStrict.js";

const polluted: string[] = [];
function pollute(fields: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(fields)) {
    Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true });
    polluted.push(name);
  }
}
afterEach(() => {
  for (const name of polluted.splice(0)) Reflect.deleteProperty(Object.prototype, name);
});

interface StartProps {
  fetchConnectToken: FetchConnectToken;
  onError: (error: { code: string }) => void;
}

function OwnButton(options: StartProps) {
  return <button {...useBenjiConnect(options).buttonProps} />;
}

const OnlyProvider = ({ onError, ...defaults }: StartProps) => (
  <BenjiConnectProvider {...defaults}>
    <BenjiConnectButton onError={onError} />
  </BenjiConnectProvider>
);

it.each([
  ["BenjiConnectButton", BenjiConnectButton],
  ["useBenjiConnect", OwnButton],
  ["BenjiConnectProvider", OnlyProvider],
])(
  "%s ignores trusted hosts and a navigate function that are inherited, and the token goes nowhere (T29)",
  async (_, Start) => {
    const [navigate, onError] = [vi.fn(), vi.fn()];
    pollute({ trustedHosts: ["evil.example"], hostedConnectUrl: "https://evil.example", navigate });
    const fetchConnectToken = () => ({
      token: "tok-secret",
      connect_url: "https://evil.example/x",
    });
    renderStrict(<Start fetchConnectToken={fetchConnectToken} onError={onError} />);
    await userEvent.click(screen.getByRole("button"));
    await waitFor(() => expect(onError).toHaveBeenCalled());
    expect(onError).toHaveBeenCalledWith(
      expect.objectContaining({ code: "connect_url_untrusted" }),
    );
    expect(navigate).not.toHaveBeenCalled();
  },
);

it("useBenjiRedirectResult ignores an inherited permission for returns without a state, and an inherited address (T29)", () => {
  pollute({
    dangerouslyAcceptReturnsWithoutState: true,
    url: "https://shop.example/?status=success&benji_user_uuid=uuid-2",
    confirm: () => true,
  });
  visit("/benji/callback?status=success&benji_user_uuid=uuid-1");
  const Result = () => <output>{JSON.stringify(useBenjiRedirectResult())}</output>;
  renderStrict(<Result />);
  expect(screen.getByRole("status")).toHaveTextContent(
    '{"status":"rejected","reason":"state_missing"}',
  );
});
