import type { StorybookConfig } from "@storybook/react-vite";
import type { Plugin } from "vite";
import { tokenRoute } from "./tokenRoute.js";

const sandboxUrl = process.env["STORYBOOK_SANDBOX_URL"];

/** Keeps the development messages in a built Storybook: "What the console says" shows them. */
const explainsMistakes: Plugin = {
  name: "explains-mistakes",
  enforce: "pre",
  transform: (code, id) =>
    id.endsWith("src/core/explain/explain.ts")
      ? code.replaceAll("process.env.NODE_ENV", '"development"')
      : undefined,
};

const config: StorybookConfig = {
  framework: "@storybook/react-vite",
  stories: ["../stories/**/*.mdx", "../stories/**/*.stories.tsx"],
  addons: ["@storybook/addon-docs", "@storybook/addon-a11y", "@storybook/addon-vitest"],
  core: { disableTelemetry: true, disableWhatsNewNotifications: true },
  typescript: {
    // Unlike "react-docgen", it follows interfaces to their TSDoc.
    reactDocgen: "react-docgen-typescript",
  },
  viteFinal: (vite) => ({
    ...vite,
    plugins: [
      ...(vite.plugins ?? []),
      explainsMistakes,
      ...(sandboxUrl ? [tokenRoute(sandboxUrl)] : []),
    ],
  }),
};

export default config;
