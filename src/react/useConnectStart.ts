import { type MouseEvent, useCallback, useRef, useState, useSyncExternalStore } from "react";
import { leavePorts } from "../core/browser.js";
import { type ConnectStatus, createConnector, IDLE } from "../core/connector.js";
import { modeName } from "../core/mode.js";
import type { ConnectOptions, ConnectOutcome } from "../core/options.js";
import type { LeavePorts, StorageChoice } from "../core/ports.js";
import type { BenjiConnectError } from "../errors.js";
import { announce } from "./announce.js";
import { callPartner, type OnBenjiEvent } from "./events.js";
import { type BenjiMessages, errorText, messagesWith } from "./messages.js";
import { useIsomorphicLayoutEffect } from "./useIsomorphicLayoutEffect.js";

/** How a start is made from React. */
export interface UseBenjiConnectOptions extends ConnectOptions {
  /** Where the flow's record is kept: `"session"` (default, per tab), `"local"`, or your own. */
  storage?: StorageChoice | undefined;
  /** Leaves the page. Default `location.assign`. */
  navigate?: ((url: string) => void) | undefined;
  /** Your words in place of ours, all of them or some. */
  messages?: Partial<BenjiMessages> | undefined;
  /** Hears of every stage, for analytics. */
  onEvent?: OnBenjiEvent | undefined;
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
  /** Fetches the token ahead of a click that will follow soon. Used once, for at most 30 s. */
  prefetch: () => void;
  /** Back to idle, calling off what is under way. */
  reset: () => void;
  buttonProps: BenjiButtonProps;
};

const idle = () => IDLE;

interface StartOptions extends UseBenjiConnectOptions {
  onError?: ((error: BenjiConnectError) => void) | undefined;
}

/** The start alone, for the button: a thousand of them must cost nothing. */
export function useConnectStart(options: StartOptions): ConnectStart {
  const latest = useRef(options);
  useIsomorphicLayoutEffect(() => {
    latest.current = options;
  });
  const [connector] = useState(createConnector);
  const state = useSyncExternalStore(connector.subscribe, connector.getStatus, idle);
  const connect = useCallback(() => {
    const isJoining = isBusy(connector.getStatus());
    const options = latest.current;
    const outcome = connector.connect(portsFor(options), options);
    if (!isJoining) follow(outcome, options);
    return outcome;
  }, [connector]);
  const prefetch = useCallback(
    () => connector.prefetch(portsFor(latest.current), latest.current),
    [connector],
  );
  return {
    ...state,
    connect,
    prefetch,
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

const portsFor = ({ storage, navigate }: UseBenjiConnectOptions): LeavePorts => ({
  ...leavePorts(storage),
  ...(navigate && { navigate }),
});

/** Tells screen readers and analytics how a start goes. */
function follow(outcome: Promise<ConnectOutcome>, options: StartOptions): void {
  const { onEvent, onError } = options;
  const messages = messagesWith(options.messages);
  const mode = modeName(options.mode) ?? "connect";
  announce(messages.connecting);
  callPartner(() => onEvent?.("started", { mode }));
  void outcome.then((ended) => {
    if (ended.status === "redirecting") {
      announce(messages.redirecting);
      return callPartner(() => onEvent?.("redirecting", { mode }));
    }
    const { error } = ended;
    const { code } = error;
    if (code === "aborted") return announce("");
    announce(errorText(messages, code));
    callPartner(() => onEvent?.("failed", { mode, code }));
    callPartner(() => onError?.(error));
  });
}

export const isBusy = ({ status }: ConnectStatus) =>
  status === "connecting" || status === "redirecting";
