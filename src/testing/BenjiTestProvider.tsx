import { type ComponentType, type ReactElement, useState } from "react";
import {
  type BenjiConnectDefaults,
  BenjiConnectProvider,
  type BenjiConnectProviderProps,
} from "react-benji-connect";
import { TOKEN_ANSWER } from "./fixtures.js";
import { memoryStorage } from "./memory.js";

/**
 * A `BenjiConnectProvider` for tests: it has a test token, keeps records in memory, and never
 * leaves the page. Your props, and a component's own options, override that.
 *
 * @example
 * ```tsx
 * import { BenjiConnectButton } from "react-benji-connect";
 * import { BenjiTestProvider } from "react-benji-connect/testing";
 *
 * const scene = (
 *   <BenjiTestProvider navigate={(url) => console.log("would leave for", url)}>
 *     <BenjiConnectButton mode="transfer" />
 *   </BenjiTestProvider>
 * );
 * ```
 */
export function BenjiTestProvider(props: BenjiConnectProviderProps): ReactElement {
  const [given] = useState(replacements);
  return (
    <BenjiConnectProvider {...given}>
      <BenjiConnectProvider {...props} />
    </BenjiConnectProvider>
  );
}

const replacements = () => ({
  fetchConnectToken: () => TOKEN_ANSWER,
  storage: memoryStorage(),
  navigate: () => {},
});

/**
 * A Storybook decorator that renders each story in a `BenjiTestProvider`.
 *
 * @example
 * ```tsx
 * import { BenjiConnectButton } from "react-benji-connect";
 * import { withBenji } from "react-benji-connect/testing";
 *
 * const meta = {
 *   component: BenjiConnectButton,
 *   decorators: [withBenji({ messages: { connect: "Link rewards" } })],
 * };
 * export default meta;
 * ```
 */
export const withBenji =
  (options: BenjiConnectDefaults = {}) =>
  (Story: ComponentType): ReactElement => (
    <BenjiTestProvider {...options}>
      <Story />
    </BenjiTestProvider>
  );
