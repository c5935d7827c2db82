import { type ButtonHTMLAttributes, forwardRef, type ReactNode, useId } from "react";
import type { ConnectStatus } from "../core/connector.js";
import { modeName } from "../core/mode.js";
import type { BenjiConnectError } from "../errors.js";
import { useWithDefaults } from "./BenjiConnectProvider.js";
import { errorText, labelOf, messagesWith } from "./messages.js";
import { useConnectStart, type UseBenjiConnectOptions } from "./useConnectStart.js";

type NativeProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, "children" | "onError" | "type">;

/** Everything a `<button>` takes, and how the flow starts. */
export interface BenjiConnectButtonProps extends NativeProps, UseBenjiConnectOptions {
  /** Default: a name for the mode. As a function it is told the status. */
  children?: ReactNode | ((status: ConnectStatus["status"]) => ReactNode);
  /** Hands over a failed start. */
  onError?: ((error: BenjiConnectError) => void) | undefined;
  /** `"intent"` fetches the token on hover, focus or touch. Default `false`: on the click. */
  prefetch?: false | "intent" | undefined;
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
  const options = useWithDefaults(props);
  const {
    children,
    onClick,
    prefetch: prefetchOn,
    showError = true,
    ...native
  } = nativeProps(props);
  const messages = messagesWith(options.messages);
  const { prefetch, buttonProps, ...state } = useConnectStart(options);
  const errorId = useId();
  const isErrorShown = showError && state.status === "failed";
  const describedBy = [native["aria-describedby"], isErrorShown && errorId];

  return (
    <>
      <button
        data-benji-part="button"
        data-mode={modeName(options.mode ?? "connect")}
        {...native}
        {...(prefetchOn === "intent" && intentProps(native, prefetch))}
        {...buttonProps}
        ref={ref}
        aria-describedby={describedBy.filter(Boolean).join(" ") || undefined}
        onClick={after(onClick, buttonProps.onClick)}
      >
        {typeof children === "function"
          ? children(state.status)
          : (children ?? labelOf(messages, options.mode, options.amount))}
      </button>
      {showError && " "}
      {showError && (
        // Always there, so that a stylesheet can keep its place free.
        <span
          id={errorId}
          hidden={!isErrorShown}
          data-benji-part="error"
          data-benji-error={isErrorShown ? state.error.code : undefined}
        >
          {isErrorShown && errorText(messages, state.error.code)}
        </span>
      )}
    </>
  );
});

/** What tells that a click is near. The partner's own handlers go first. */
const intentProps = (own: NativeProps, prefetch: () => void) => ({
  onPointerEnter: after(own.onPointerEnter, prefetch),
  onFocus: after(own.onFocus, prefetch),
  onTouchStart: after(own.onTouchStart, prefetch),
});

const after =
  <E,>(own: ((event: E) => void) | undefined, ours: (event: E) => void) =>
  (event: E) => {
    own?.(event);
    ours(event);
  };

function nativeProps({
  fetchConnectToken: _fetchConnectToken,
  hostedConnectUrl: _hostedConnectUrl,
  trustedHosts: _trustedHosts,
  mode: _mode,
  amount: _amount,
  userExternalId: _userExternalId,
  preview: _preview,
  returnTo: _returnTo,
  appState: _appState,
  userKey: _userKey,
  lifetimeMs: _lifetimeMs,
  tokenTimeoutMs: _tokenTimeoutMs,
  storage: _storage,
  navigate: _navigate,
  messages: _messages,
  onEvent: _onEvent,
  onError: _onError,
  ...rest
}: BenjiConnectButtonProps) {
  return rest;
}
