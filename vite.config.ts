import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { storybookTest } from "@storybook/addon-vitest/vitest-plugin";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { ENGINES } from "./scripts/engines.mjs";
import { chromiumArgs } from "./scripts/ensure-browser.mjs";

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Tests that run in Node, without a window. */
const nodeProject = (name: string, include = `test/${name}/**/*.test.ts`) => ({
  extends: true as const,
  test: { name, environment: "node", include: [include] },
});

const SLOW = { testTimeout: 120_000, hookTimeout: 240_000 };

/** Whole browsers and whole builds take longer than a function call. */
const slowNodeProject = (name: string, include?: string) => {
  const project = nodeProject(name, include);
  return { ...project, test: { ...project.test, ...SLOW } };
};

/** scripts/test.mjs says which can run here; without it every one is tried. */
const engines = process.env.TEST_ENGINES?.split(",").filter(Boolean) ?? ENGINES;

/** The same tests once an engine. */
const engineProject = (name: string) => ({
  extends: true as const,
  test: {
    ...SLOW,
    name,
    environment: "node",
    include: ["test/browser/**/*.test.ts"],
    exclude: ["test/browser/demo.test.ts"],
    env: { ENGINE: name },
    expect: { poll: { timeout: 20_000 } },
    // Its driver hangs now and then; test/browser/engines/webdriver.ts notices.
    retry: name === "webkit" ? 1 : 0,
  },
});

// Storybook takes a story's tests as its own by comparing its path with its address, in which it decodes
// blanks only: in a folder with other letters than ASCII no story had a test.
const storyAddressDecoder = {
  name: "story-address-decoder",
  transform: (code: string, id: string) =>
    id.endsWith(".stories.tsx")
      ? code.replace("ToFilePath(import.meta.url)", "ToFilePath(decodeURI(import.meta.url))")
      : undefined,
};

const stories = {
  extends: true as const,
  plugins: [storybookTest({ configDir: fromHere(".storybook") }), storyAddressDecoder],
  optimizeDeps: {
    include: ["react", "react-dom", "react-dom/client", "react/jsx-dev-runtime"],
  },
  test: {
    name: "stories",
    testTimeout: SLOW.testTimeout, // the first ones wait for the bundler
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          args: chromiumArgs,
          ...(process.env.CHROMIUM_PATH && { executablePath: process.env.CHROMIUM_PATH }),
        },
      }),
      instances: [{ browser: "chromium" as const }],
    },
  },
};

export default defineConfig({
  plugins: [react()],
  resolve: { tsconfigPaths: true },
  test: {
    // Limits for what hangs, not for what is slow: the machine may be busy with other work.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Firefox's driver throws this at nobody when a page is left while it is being looked at.
    onUnhandledError: ({ message }) =>
      !message.includes("Not allowed to define cross-origin object as property"),
    // Browsers are waited for most of the time: two cores can drive three.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    projects: [
      nodeProject("core"),
      nodeProject("server"),
      nodeProject("sandbox"),
      nodeProject("contract"),
      nodeProject("cli"),
      slowNodeProject("package"),
      ...engines.map(engineProject),
      slowNodeProject("demo", "test/browser/demo.test.ts"),
      {
        extends: true,
        test: {
          name: "react",
          environment: "happy-dom",
          include: ["test/react/**/*.test.tsx"],
          setupFiles: ["test/react/setup.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "testing",
          environment: "happy-dom",
          include: ["test/testing/**/*.test.tsx"],
          setupFiles: ["test/react/setup.ts"],
        },
      },
      // In Chromium, so they go where it goes.
      ...(engines.includes("chromium") ? [stories] : []),
    ],
  },
});
