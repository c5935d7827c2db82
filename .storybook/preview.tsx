import { afterEach as checkA11y } from "@storybook/addon-a11y/preview";
import type { Decorator, Preview } from "@storybook/react-vite";
import { isTest } from "../stories/emulate.js";

/** Puts a page around the story, in the colours of the theme chosen in the toolbar. */
const onStage: Decorator = (Story, { globals, viewMode }) => {
  const theme = globals["theme"] as "light" | "dark" | "system";
  return (
    <div
      data-stage
      data-benji-theme={theme === "system" ? undefined : theme}
      style={{
        colorScheme: theme === "system" ? "light dark" : theme,
        background: "Canvas",
        color: "CanvasText",
        fontFamily: "system-ui, sans-serif",
        lineHeight: 1.5,
        boxSizing: "border-box",
        padding: "1.5rem",
        minBlockSize: viewMode === "story" ? "100vh" : "auto",
      }}
    >
      <Story />
    </div>
  );
};

/** Runs the action while the page around the story is dark. */
async function atNight(canvasElement: HTMLElement, action: () => Promise<void>): Promise<void> {
  const stage = canvasElement.querySelector<HTMLElement>("[data-stage]");
  if (!stage) return;
  const { colorScheme } = stage.style;
  const theme = stage.getAttribute("data-benji-theme");
  stage.style.colorScheme = "dark";
  stage.setAttribute("data-benji-theme", "dark");
  try {
    await action();
  } finally {
    stage.style.colorScheme = colorScheme;
    if (theme === null) stage.removeAttribute("data-benji-theme");
    else stage.setAttribute("data-benji-theme", theme);
  }
}

const preview: Preview = {
  tags: ["autodocs"],
  decorators: [onStage],
  initialGlobals: { theme: "light" },
  globalTypes: {
    theme: {
      description: "Light or dark",
      toolbar: { icon: "mirror", items: ["light", "dark", "system"], dynamicTitle: true },
    },
  },
  parameters: {
    layout: "fullscreen",
    a11y: { test: "error" },
    backgrounds: { disable: true },
    options: {
      storySort: {
        order: [
          "Introduction",
          "BenjiConnectButton",
          ["Styled", "Bare", "Languages"],
          "useBenjiRedirectResult",
          ["Results", "Rejected"],
          "useBenjiConnect",
          "BenjiConnectProvider",
          "What the console says",
          "Against the sandbox",
        ],
      },
    },
  },
  // The addon checks each story in the light theme; a test also checks it in the dark one.
  // Forced colours replace both themes.
  afterEach: async (context) => {
    if (!isTest || matchMedia("(forced-colors: active)").matches) return;
    await atNight(context.canvasElement, async () => checkA11y(context));
  },
};

export default preview;
