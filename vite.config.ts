import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { storybookTest } from "@storybook/addon-vitest/vitest-plugin";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { ENGINES } from "./scripts/engines.mjs";
import { chromiumArgs } from "./scripts/ensure-browser.mjs";

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Tests that run in Node, without a `window` object. */
const nodeProject = (name: string, include = `test/${name}/**/*.test.ts`) => ({
  extends: true as const,
  test: { name, environment: "node", include: [include] },
});

const SLOW = { testTimeout: 120_000, hookTimeout: 240_000 };

/** Has longer timeouts, for tests that start browsers or builds. */
const slowNodeProject = (name: string, include?: string) => {
  const project = nodeProject(name, include);
  return { ...project, test: { ...project.test, ...SLOW } };
};

/** scripts/test.mjs names the engines that can run here; without it all are tried. */
const engines = process.env.TEST_ENGINES?.split(",").filter(Boolean) ?? ENGINES;

/** Runs the browser tests in one engine. */
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
    // WebKit's driver sometimes hangs; test/browser/engines/webdriver.ts then fails the test.
    retry: name === "webkit" ? 1 : 0,
  },
});

// Storybook finds a story's tests by comparing the file's path with its URL, of which it decodes blanks
// only: without this plugin no story has a test in a folder with letters other than ASCII.
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
    // These limits stop tests that hang, not slow ones: the machine may be busy with other work.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Firefox's driver throws this, where no test can catch it, if a page is left during a command.
    onUnhandledError: ({ message }) =>
      !message.includes("Not allowed to define cross-origin object as property"),
    // Tests mostly wait for browsers: two cores can run three workers.
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
      // The stories run in Chromium, so they need it.
      ...(engines.includes("chromium") ? [stories] : []),
    ],
  },
});
