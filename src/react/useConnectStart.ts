import { useState, useSyncExternalStore } from "react";
import { leavePorts } from "../core/browser.js";
import { callPartner } from "../core/callPartner.js";
import { explainOptions } from "../core/explain/explain.js";
import { type OnBenjiEvent, reportStart } from "../core/events.js";
import { type Connector, type ConnectStatus, createConnector, IDLE } from "../core/connector.js";
import type { ConnectOptions, ConnectOutcome } from "../core/options.js";
import type { LeavePorts, StorageChoice } from "../core/ports.js";
import type { BenjiConnectError } from "../errors.js";
import { announce } from "./announce.js";
import { errorText, messagesWith, type OwnMessages } from "./messages.js";
import { useIsomorphicLayoutEffect } from "./useIsomorphicLayoutEffect.js";

/** The options of a start: a redirect to Benji. */
export interface UseBenjiConnectOptions extends ConnectOptions {
  /** Where the flow's record is kept: `"session"` (default, per tab), `"local"`, or your own. */
  storage?: StorageChoice | undefined;
  /** Opens Benji's page. Default `location.assign`. */
  navigate?: ((url: string) => void) | undefined;
  /** Your texts in place of ours, all of them or some. */
  messages?: OwnMessages | undefined;
  /** Called at every event of a flow, for analytics. */
  onEvent?: OnBenjiEvent | undefined;
}

/** The part of a click event that is used. Not React's `MouseEvent`, because Preact's types differ. */
interface PressEvent {
  readonly defaultPrevented: boolean;
  readonly currentTarget: unknown;
}

/** Props to spread on your own button. */
export interface BenjiButtonProps {
  type: "button";
  onClick: (event: PressEvent) => void;
  "data-status": ConnectStatus["status"];
  "aria-busy": boolean;
}

/** The status of a start, and the functions to start. */
export type ConnectStart = ConnectStatus & {
  /** Sends the member to Benji; during a start, returns that start's outcome. Never rejects. */
  connect: () => Promise<ConnectOutcome>;
  /** Fetches the token ahead of a click. The token is used once, within 30 s, for the same `userKey`. */
  prefetch: () => void;
  /** Sets the status back to idle and aborts a running start. */
  reset: () => void;
  buttonProps: BenjiButtonProps;
};

const idle = () => IDLE;

interface StartOptions extends UseBenjiConnectOptions {
  onError?: ((error: BenjiConnectError) => void) | undefined;
}

/** `useBenjiConnect` without `unfinished`, for the button: a thousand buttons must be cheap. */
export function useConnectStart(options: StartOptions): ConnectStart {
  const [starter] = useState(() => createStarter(options));
  const { connect, prefetch, reset, onClick } = starter;
  // Not React state: a store's change renders synchronously, also on a page that Back has restored.
  const state = useSyncExternalStore(starter.subscribe, starter.getStatus, idle);
  useIsomorphicLayoutEffect(() => {
    starter.options = options;
    explainOptions(options);
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

/** Created once per button. The newest `options` are set after every render. */
function createStarter(options: StartOptions) {
  let connector: Connector | undefined;
  let state = IDLE;
  let listener: (() => void) | undefined;
  let pressed: Element | null = null;
  // Makes the connector at the first use, because most buttons are never pressed.
  const engine = () =>
    (connector ??= createConnector((next) => {
      state = next;
      listener?.();
      announce(announcementFor(next, starter.options), starter, pressed);
      report(next, starter.options);
    }));
  const start = (from: Element | null) => {
    pressed = from;
    return engine().connect(portsFor(starter.options), starter.options);
  };
  const starter = {
    options,
    getStatus: () => state,
    subscribe: (show: () => void) => {
      listener = show;
      return () => {
        listener = undefined;
        // StrictMode unsubscribes and subscribes again at once. If nothing has subscribed after a
        // microtask, the start is aborted.
        queueMicrotask(() => listener || starter.reset());
      };
    },
    connect: () => start(document.activeElement),
    prefetch: () => engine().prefetch(portsFor(starter.options), starter.options),
    reset: () => connector?.reset(),
    onClick: ({ defaultPrevented, currentTarget }: PressEvent) => {
      if (!defaultPrevented) void start(currentTarget as Element);
    },
  };
  return starter;
}

const portsFor = ({ storage, navigate }: UseBenjiConnectOptions): LeavePorts => ({
  ...leavePorts(storage),
  ...(navigate && { navigate }),
});

function announcementFor({ status, error }: ConnectStatus, options: StartOptions): string {
  const messages = messagesWith(options.messages);
  return status === "idle" ? "" : error ? errorText(messages, error) : messages[status];
}

function report(state: ConnectStatus, options: StartOptions): void {
  const { error } = state;
  reportStart(state, options);
  if (error) callPartner(() => options.onError?.(error));
}

export const isBusy = ({ status }: ConnectStatus) =>
  status === "connecting" || status === "redirecting";
