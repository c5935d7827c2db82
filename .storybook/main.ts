import type { StorybookConfig } from "@storybook/react-vite";
import { tokenRoute } from "./tokenRoute.js";

const sandboxUrl = process.env["STORYBOOK_SANDBOX_URL"];

const config: StorybookConfig = {
  framework: "@storybook/react-vite",
  stories: ["../stories/**/*.mdx", "../stories/**/*.stories.tsx"],
  addons: ["@storybook/addon-docs", "@storybook/addon-a11y", "@storybook/addon-vitest"],
  core: { disableTelemetry: true, disableWhatsNewNotifications: true },
  typescript: {
    // Of the two it is the one that reads through interfaces to their TSDoc.
    reactDocgen: "react-docgen-typescript",
  },
  viteFinal: (vite) => ({
    ...vite,
    plugins: [...(vite.plugins ?? []), ...(sandboxUrl ? [tokenRoute(sandboxUrl)] : [])],
  }),
};

export default config;
