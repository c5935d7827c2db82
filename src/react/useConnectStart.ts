import { type MouseEvent, useState, useSyncExternalStore } from "react";
import { leavePorts } from "../core/browser.js";
import { type ConnectStatus, createConnector, IDLE } from "../core/connector.js";
import type { ConnectOptions, ConnectOutcome } from "../core/options.js";
import type { StorageChoice } from "../core/ports.js";
import { announce } from "./announce.js";
import { CONNECTING, errorText } from "./messages.js";

/** How a start is made from React. */
export interface UseBenjiConnectOptions extends ConnectOptions {
  /** Where the flow's record is kept: `"session"` (default, per tab), `"local"`, or your own. */
  storage?: StorageChoice | undefined;
  /** Leaves the page. Default `location.assign`. */
  navigate?: ((url: string) => void) | undefined;
}

/** Spread on any button of yours. */
export interface BenjiButtonProps {
  type: "button";
  onClick: (event: MouseEvent) => void;
  "data-status": ConnectStatus["status"];
  "aria-busy": boolean;
}

/** A start's status, and how to start. */
export type ConnectStart = ConnectStatus & {
  /** Sends the member to Benji. Never rejects; while a start is under way, joins it. */
  connect: () => Promise<ConnectOutcome>;
  /** Back to idle, calling off what is under way. */
  reset: () => void;
  buttonProps: BenjiButtonProps;
};

const idle = () => IDLE;

/** The start alone, for the button: a thousand of them must cost nothing. */
export function useConnectStart(options: UseBenjiConnectOptions): ConnectStart {
  const [connector] = useState(createConnector);
  const state = useSyncExternalStore(connector.subscribe, connector.getStatus, idle);
  const connect = () => {
    const { storage, navigate } = options;
    const ports = { ...leavePorts(storage), ...(navigate && { navigate }) };
    const outcome = connector.connect(ports, options);
    announce(CONNECTING);
    void outcome.then(announceOutcome);
    return outcome;
  };
  return {
    ...state,
    connect,
    reset: connector.reset,
    buttonProps: {
      type: "button",
      onClick: (event) => {
        if (!event.defaultPrevented) void connect();
      },
      "data-status": state.status,
      "aria-busy": isBusy(state),
    },
  };
}

function announceOutcome(outcome: ConnectOutcome): void {
  if (outcome.status === "redirecting") return;
  const { code } = outcome.error;
  announce(code === "aborted" ? "" : errorText(code));
}

export const isBusy = ({ status }: ConnectStatus) =>
  status === "connecting" || status === "redirecting";
