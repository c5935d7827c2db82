import { type MouseEvent, useState, useSyncExternalStore } from "react";
import { leavePorts } from "../core/browser.js";
import { callPartner } from "../core/callPartner.js";
import { type OnBenjiEvent, reportStart } from "../core/events.js";
import { type Connector, type ConnectStatus, createConnector, IDLE } from "../core/connector.js";
import type { ConnectOptions, ConnectOutcome } from "../core/options.js";
import type { LeavePorts, StorageChoice } from "../core/ports.js";
import type { BenjiConnectError } from "../errors.js";
import { announce } from "./announce.js";
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
  const [starter] = useState(() => createStarter(options));
  const { connect, prefetch, reset, onClick } = starter;
  // A store, not a state: React shows it at once, also on a page that Back has just thawed.
  const state = useSyncExternalStore(starter.subscribe, starter.getStatus, idle);
  useIsomorphicLayoutEffect(() => {
    starter.options = options;
  });
  return {
    ...state,
    connect,
    prefetch,
    reset,
    buttonProps: {
      type: "button",
      onClick,
      "data-status": state.status,
      "aria-busy": isBusy(state),
    },
  };
}

/** What a button starts with: made once, told of newer options after every render. */
function createStarter(options: StartOptions) {
  let connector: Connector | undefined;
  let state = IDLE;
  let listener: (() => void) | undefined;
  // Most buttons are never pressed.
  const engine = () =>
    (connector ??= createConnector((next) => {
      state = next;
      listener?.();
      report(next, starter.options);
    }));
  const starter = {
    options,
    getStatus: () => state,
    subscribe: (show: () => void) => {
      listener = show;
      return () => {
        listener = undefined;
        // StrictMode lets go and holds again at once; only who stays away calls a start off.
        queueMicrotask(() => listener || starter.reset());
      };
    },
    connect: () => engine().connect(portsFor(starter.options), starter.options),
    prefetch: () => engine().prefetch(portsFor(starter.options), starter.options),
    reset: () => connector?.reset(),
    onClick: (event: MouseEvent) => {
      if (!event.defaultPrevented) void starter.connect();
    },
  };
  return starter;
}

const portsFor = ({ storage, navigate }: UseBenjiConnectOptions): LeavePorts => ({
  ...leavePorts(storage),
  ...(navigate && { navigate }),
});

/** Tells screen readers and analytics how a start goes. */
function report(state: ConnectStatus, options: StartOptions): void {
  const { status, error } = state;
  const messages = messagesWith(options.messages);
  announce(status === "idle" ? "" : error ? errorText(messages, error) : messages[status]);
  reportStart(state, options);
  if (error) callPartner(() => options.onError?.(error));
}

export const isBusy = ({ status }: ConnectStatus) =>
  status === "connecting" || status === "redirecting";
