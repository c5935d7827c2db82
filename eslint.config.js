// @ts-check
// The import rules: what each folder may import, and which globals it may use.
// test/package/importRules.test.ts lints a hostile line against every one of them.
import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/** Everything is forbidden but what the expression allows. */
const mayImportOnly = (/** @type {string} */ allowed, /** @type {string} */ message) => [
  "error",
  { patterns: [{ regex: `^(?!(?:${allowed})$)`, message }] },
];

const mayNotSay = (/** @type {string[]} */ names, /** @type {string} */ message) => [
  "error",
  ...names.map((name) => ({ name, message })),
];

const BROWSER = [
  "window",
  "document",
  "location",
  "localStorage",
  "sessionStorage",
  "history",
  "navigator",
  "self",
];
// What `FlowPorts` stands for; whoever says these cannot be tested with fake ports.
const PORTS = [...BROWSER, "globalThis", "performance", "crypto", "Date", "fetch", "process"];
const SIBLING = "\\./[^/]+\\.js";
const UP = "\\.\\./";
const LEAVES = `${UP}(?:contract|errors)\\.js`;
/** Any file of the same folder under src/, as a file of it or of an inner folder writes it. */
const OWN = "\\./(?:[^./]+/)?[^/]+\\.js";
const OWN_FROM_INSIDE = `${SIBLING}|${UP}(?:[^./]+/)?[^/]+\\.js`;
const ASK_THE_PORTS = "Only core/browser.ts knows the world; ask the ports.";

/** @param {string} files @param {Record<string, unknown>} rules */
const rulesFor = (files, rules) => ({
  files: [files],
  rules: /** @type {import("eslint").Linter.RulesRecord} */ (rules),
});

/**
 * A folder with inner folders: what the files of both levels may import.
 * @param {string} folder @param {string} outside as a file directly in the folder writes it
 * @param {string} message @param {Record<string, unknown>} rules
 */
const deepRulesFor = (folder, outside, message, rules) => [
  rulesFor(`${folder}/*`, {
    ...rules,
    "no-restricted-imports": mayImportOnly(`${OWN}|${outside}`, message),
  }),
  rulesFor(`${folder}/*/**`, {
    ...rules,
    "no-restricted-imports": mayImportOnly(
      `${OWN_FROM_INSIDE}|${outside.replaceAll(UP, UP + UP)}`,
      message,
    ),
  }),
];

export default defineConfig(
  { ignores: ["**/dist", "storybook-static", "api", "coverage", "node_modules"] },
  js.configs.recommended,
  tseslint.configs.recommended,
  {
    rules: {
      // TypeScript knows the globals better.
      "no-undef": "off",
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true },
      ],
      // A named options type reads better in an editor than the one it extends.
      "@typescript-eslint/no-empty-object-type": [
        "error",
        { allowInterfaces: "with-single-extends" },
      ],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
    },
  },
  {
    files: ["src/**"],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // A dynamic import would pass every rule below.
      "no-restricted-syntax": [
        "error",
        { selector: "ImportExpression", message: "Import statically, where lint can see it." },
        { selector: "TSImportType", message: "Import statically, where lint can see it." },
      ],
      "no-console": "error",
      "max-params": ["error", 4],
      // `Promise<unknown> | unknown` says to a reader what the type cannot.
      "@typescript-eslint/no-redundant-type-constituents": "off",
    },
  },
  { files: ["**/*.cjs"], rules: { "@typescript-eslint/no-require-imports": "off" } },
  rulesFor("src/index.ts", {
    "no-restricted-imports": mayImportOnly(
      "\\./errors\\.js|\\./(?:core|react)/(?:[^./]+/)?[^/]+\\.js",
      "The main entry exports core, react and errors.",
    ),
  }),
  ...["src/contract.ts", "src/errors.ts"].map((file) =>
    rulesFor(file, {
      "no-restricted-imports": mayImportOnly("(?!)", "contract.ts and errors.ts import nothing."),
      "no-restricted-globals": mayNotSay(PORTS, ASK_THE_PORTS),
    }),
  ),
  ...deepRulesFor(
    "src/core",
    LEAVES,
    "core/ imports core, contract and errors: no React, no server, no sandbox.",
    { "no-restricted-globals": mayNotSay(PORTS, ASK_THE_PORTS) },
  ),
  rulesFor("src/core/browser.ts", { "no-restricted-globals": "off", "no-console": "off" }),
  // The file that asks a bundler whether this is development.
  rulesFor("src/core/explain/explain.ts", {
    "no-restricted-globals": mayNotSay(
      PORTS.filter((name) => name !== "process"),
      ASK_THE_PORTS,
    ),
  }),
  rulesFor("src/react/**", {
    "no-restricted-imports": mayImportOnly(
      // With createConnectFlow (or core's index) a bundle of one hook would carry the start as well.
      `react|${SIBLING}|${LEAVES}|${UP}core/(?!index|createConnectFlow)(?:[^./]+/)?[^/]+\\.js`,
      "react/ imports React, single files of core, contract and errors.",
    ),
    "no-restricted-globals": mayNotSay(
      PORTS.filter((name) => name !== "window" && name !== "document"),
      ASK_THE_PORTS,
    ),
  }),
  ...deepRulesFor(
    "src/server",
    `${LEAVES}|${UP}core/(?!index|browser|journey|connector|returnReader|createConnectFlow)(?:[^./]+/)?[^/]+\\.js`,
    "server/ imports contract, errors and the pure files of core.",
    {
      "no-restricted-globals": mayNotSay(
        [...BROWSER, "process"],
        "server/ is Request in, Response out, on any runtime.",
      ),
    },
  ),
  ...deepRulesFor(
    "src/sandbox",
    "node:[a-z/]+",
    "The sandbox checks the library independently: it shares nothing with it.",
    {
      "no-restricted-globals": mayNotSay(BROWSER, "The sandbox is no page."),
      // listen.ts asks for Node only when it is called, so that the rest runs anywhere.
      "no-restricted-syntax": [
        "error",
        {
          selector: "ImportExpression:not([source.value=/^node:/])",
          message: "Import statically.",
        },
      ],
    },
  ),
  ...deepRulesFor(
    "src/cli",
    `${UP}sandbox/(?:[^./]+/)?[^/]+\\.js|${UP}contract\\.js|node:[a-z/]+`,
    "The command imports the sandbox, contract and Node: no code of the client.",
    { "no-restricted-globals": mayNotSay(BROWSER, "The command is no page.") },
  ),
  rulesFor("src/testing/**", {
    "no-restricted-imports": mayImportOnly(
      `react|${SIBLING}|react-benji-connect(?:/core)?`,
      "testing/ imports the library by its own name only; msw, Playwright and Storybook are passed in.",
    ),
    "no-restricted-globals": mayNotSay(
      BROWSER,
      "Helpers work in any runner; pages belong to tests.",
    ),
  }),
  // It names the sandbox's scenarios, and must not carry the sandbox along.
  rulesFor("src/testing/finishAtBenji.ts", {
    "no-restricted-imports": mayImportOnly("react-benji-connect/sandbox", "Types only."),
    "@typescript-eslint/no-restricted-imports": [
      "error",
      { patterns: [{ regex: ".", allowTypeImports: true, message: "Types only." }] },
    ],
  }),
);
