import { type ButtonHTMLAttributes, forwardRef, type ReactNode, useId } from "react";
import type { ConnectStatus } from "../core/connector.js";
import { explainButton } from "../core/explain/explain.js";
import { modeName } from "../core/mode.js";
import { START_TYPES } from "../core/checkOptions.js";
import type { BenjiConnectError } from "../errors.js";
import { useWithDefaults } from "./BenjiConnectProvider.js";
import { errorText, labelOf, messagesWith } from "./messages.js";
import { useConnectStart, type UseBenjiConnectOptions } from "./useConnectStart.js";

type NativeProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, "children" | "onError" | "type">;

/** The attributes of a `<button>`, and the options of the redirect. */
export interface BenjiConnectButtonProps extends NativeProps, UseBenjiConnectOptions {
  /** The label. Default: a text for the mode. A function receives the status. */
  children?: ReactNode | ((status: ConnectStatus["status"]) => ReactNode);
  /** Called when a start fails. */
  onError?: ((error: BenjiConnectError) => void) | undefined;
  /**
   * `"intent"` fetches the token on hover, focus or touch. Default `false`: on the click. Give `userKey`
   * with it: a token fetched for one user is then not used for another.
   */
  prefetch?: false | "intent" | undefined;
  /** Shows a text about a failed start below the button. Default `true`. */
  showError?: boolean | undefined;
}

/**
 * A button that sends the member to Benji. Unstyled: its state is in `data-status`, `data-mode` and
 * `aria-busy`. It stays clickable; a second click starts no second flow.
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
  const { children, onClick, prefetch, showError = true } = props;
  const options = useWithDefaults(props);
  const start = useConnectStart(options);
  explainButton(options);
  const errorId = useId();
  const native = nativeProps(props);
  const messages = messagesWith(options.messages);
  const error = showError && start.status === "failed" && start.error;
  const describedBy = props["aria-describedby"];

  return (
    <>
      <button
        data-benji-part="button"
        data-benji-error={showError ? undefined : "elsewhere"}
        data-mode={modeName(options.mode) ?? "connect"}
        {...native}
        {...(prefetch === "intent" && intentProps(native, start.prefetch))}
        {...start.buttonProps}
        ref={ref}
        aria-describedby={error ? `${describedBy ?? ""} ${errorId}`.trim() : describedBy}
        onClick={after(onClick, start.buttonProps.onClick)}
      >
        {typeof children === "function"
          ? children(start.status)
          : (children ?? labelOf(messages, options.mode, options.amount))}
      </button>
      {error && (
        <span id={errorId} data-benji-part="error" data-benji-error={error.code}>
          {errorText(messages, error)}
        </span>
      )}
    </>
  );
});

/** Handlers that prefetch before a click; the partner's own handlers run first. */
const intentProps = (own: NativeProps, prefetch: () => void) => ({
  onPointerEnter: after(own.onPointerEnter, prefetch),
  onFocus: after(own.onFocus, prefetch),
  onTouchStart: after(own.onTouchStart, prefetch),
});

function after<E>(own: ((event: E) => void) | undefined, ours: (event: E) => void) {
  if (!own) return ours;
  return (event: E) => {
    own(event);
    ours(event);
  };
}

/** The library's own props, which the `<button>` does not receive. */
const OURS: Record<Exclude<keyof BenjiConnectButtonProps, keyof NativeProps>, unknown> = {
  ...START_TYPES,
  appState: true,
  storage: true,
  navigate: true,
  messages: true,
  onEvent: true,
  onError: true,
  children: true,
  prefetch: true,
  showError: true,
};

// Uses a loop: a rest pattern with many names is slow on a page with a thousand buttons.
function nativeProps(props: BenjiConnectButtonProps): NativeProps {
  const native: Record<string, unknown> = {};
  for (const name of Object.keys(props) as (keyof NativeProps)[])
    if (!(name in OURS)) native[name] = props[name];
  return native;
}
