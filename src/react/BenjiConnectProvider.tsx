import { createContext, type ReactElement, type ReactNode, useContext } from "react";
import type { ReaderOptions } from "../core/returnReader.js";
import { ownOptions } from "../core/checkOptions.js";
import type { UseBenjiConnectOptions } from "./useConnectStart.js";

/** Options for a whole app. A button's or a hook's own options override them. */
export interface BenjiConnectDefaults
  extends Pick<
      UseBenjiConnectOptions,
      | "fetchConnectToken"
      | "hostedConnectUrl"
      | "trustedHosts"
      | "dangerouslyAllowHttpInDevelopment"
      | "requestInit"
      | "storage"
      | "navigate"
      | "messages"
      | "onEvent"
    >,
    Pick<ReaderOptions, "confirm" | "waitMs"> {}

export interface BenjiConnectProviderProps extends BenjiConnectDefaults {
  children?: ReactNode;
}

const Defaults = /* @__PURE__ */ createContext<BenjiConnectDefaults | undefined>(undefined);

/**
 * Sets defaults for every button and hook below it. Optional. A provider inside another one adds
 * to the outer defaults.
 *
 * @example
 * ```tsx
 * import { BenjiConnectButton, BenjiConnectProvider } from "react-benji-connect";
 *
 * declare function readAccessToken(): string;
 *
 * const App = () => (
 *   <BenjiConnectProvider
 *     fetchConnectToken="/api/benji/connect-token"
 *     confirm="/api/benji/confirm"
 *     requestInit={() => ({ headers: { authorization: `Bearer ${readAccessToken()}` } })}
 *     onEvent={(name, metadata) => console.log(name, metadata)}
 *   >
 *     <BenjiConnectButton mode="transfer" amount={1_000} />
 *   </BenjiConnectProvider>
 * );
 * ```
 */
export function BenjiConnectProvider({
  children,
  ...own
}: BenjiConnectProviderProps): ReactElement {
  // useMemo would not help: an inline `fetchConnectToken` is new on every render.
  return <Defaults.Provider value={useWithDefaults(own)}>{children}</Defaults.Provider>;
}

/** Fills in the provider's options where a button or a hook has none of its own. */
export function useWithDefaults<T extends BenjiConnectDefaults>(own: T): T {
  const defaults = useContext(Defaults);
  const merged = ownOptions(own) as Record<string, unknown>;
  for (const [name, value] of Object.entries(defaults ?? {})) merged[name] ??= value;
  if (own.messages && defaults?.messages)
    merged.messages = { ...defaults.messages, ...own.messages };
  return merged as T;
}
