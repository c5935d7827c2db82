import { type ButtonHTMLAttributes, forwardRef, type ReactNode, useId } from "react";
import type { ConnectStatus } from "../core/connector.js";
import { modeName } from "../core/mode.js";
import type { BenjiConnectError } from "../errors.js";
import { errorText, LABELS } from "./messages.js";
import { useConnectStart, type UseBenjiConnectOptions } from "./useConnectStart.js";

type NativeProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, "children" | "onError" | "type">;

/** Everything a `<button>` takes, and how the flow starts. */
export interface BenjiConnectButtonProps extends NativeProps, UseBenjiConnectOptions {
  /** Default: a name for the mode. As a function it is told the status. */
  children?: ReactNode | ((status: ConnectStatus["status"]) => ReactNode);
  /** Hands over a failed start. */
  onError?: ((error: BenjiConnectError) => void) | undefined;
  /** Shows a failed start in words below the button. Default `true`. */
  showError?: boolean | undefined;
}

/**
 * A button that sends the member to Benji. Unstyled: its state is in `data-status`, `data-mode`
 * and `aria-busy`. It stays clickable; a second click joins the first.
 *
 * A redirect ends on another page: read the result there with `useBenjiRedirectResult`.
 *
 * @example
 * ```tsx
 * import { BenjiConnectButton } from "react-benji-connect";
 *
 * <BenjiConnectButton
 *   mode="transfer"
 *   returnTo="/checkout"
 *   fetchConnectToken={(request, { signal }) =>
 *     fetch("/api/benji/connect-token", {
 *       method: "POST",
 *       headers: { "content-type": "application/json" },
 *       body: JSON.stringify(request),
 *       signal,
 *     })
 *   }
 * />;
 * ```
 */
export const BenjiConnectButton = /* @__PURE__ */ forwardRef<
  HTMLButtonElement,
  BenjiConnectButtonProps
>(function BenjiConnectButton(props, ref) {
  const { options, children, onClick, onError, showError = true, ...native } = splitProps(props);
  const { connect, reset: _, buttonProps, ...state } = useConnectStart(options);
  const errorId = useId();
  const isErrorShown = showError && state.status === "failed";
  const describedBy = [native["aria-describedby"], isErrorShown && errorId];

  const start = async () => {
    const outcome = await connect();
    if (outcome.status === "redirecting" || outcome.error.code === "aborted") return;
    try {
      onError?.(outcome.error);
    } catch (thrown) {
      reportError(thrown);
    }
  };

  return (
    <>
      <button
        data-mode={modeName(options.mode ?? "connect")}
        {...native}
        {...buttonProps}
        ref={ref}
        aria-describedby={describedBy.filter(Boolean).join(" ") || undefined}
        onClick={(event) => {
          onClick?.(event);
          if (!event.defaultPrevented) void start();
        }}
      >
        {typeof children === "function"
          ? children(state.status)
          : (children ?? LABELS[modeName(options.mode) ?? "connect"])}
      </button>
      {isErrorShown && (
        <span id={errorId} data-benji-error={state.error.code}>
          {errorText(state.error.code)}
        </span>
      )}
    </>
  );
});

function splitProps({
  fetchConnectToken,
  hostedConnectUrl,
  trustedHosts,
  mode,
  amount,
  userExternalId,
  preview,
  returnTo,
  appState,
  userKey,
  lifetimeMs,
  tokenTimeoutMs,
  storage,
  navigate,
  ...rest
}: BenjiConnectButtonProps) {
  const options: UseBenjiConnectOptions = {
    fetchConnectToken,
    hostedConnectUrl,
    trustedHosts,
    mode,
    amount,
    userExternalId,
    preview,
    returnTo,
    appState,
    userKey,
    lifetimeMs,
    tokenTimeoutMs,
    storage,
    navigate,
  };
  return { options, ...rest };
}
