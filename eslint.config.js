// @ts-check
// The import rules: what each folder may import, and which globals it may use.
// test/package/importRules.test.ts checks each rule with a line that it must refuse.
import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/** Forbids every import that the regular expression does not match. */
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
// `FlowPorts` replaces these globals: code that uses them cannot be tested with fake ports.
const PORTS = [...BROWSER, "globalThis", "performance", "crypto", "Date", "fetch", "process"];
const SIBLING = "\\./[^/]+\\.js";
const UP = "\\.\\./";
const LEAVES = `${UP}(?:contract|errors)\\.js`;
/** Import paths within one folder of src/: from its own files (OWN), and from its inner folders. */
const OWN = "\\./(?:[^./]+/)?[^/]+\\.js";
const OWN_FROM_INSIDE = `${SIBLING}|${UP}(?:[^./]+/)?[^/]+\\.js`;
const ASK_THE_PORTS = "Only core/browser.ts uses the browser; ask the ports.";

/** @param {string} files @param {Record<string, unknown>} rules */
const rulesFor = (files, rules) => ({
  files: [files],
  rules: /** @type {import("eslint").Linter.RulesRecord} */ (rules),
});

/**
 * The import rules of a folder with inner folders, for the files of both levels.
 * @param {string} folder @param {string} outside the other paths, as written directly in the folder
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
      // TypeScript checks globals better.
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
      // `Promise<unknown> | unknown` is just `unknown`, but tells a reader that a promise is fine.
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
  // In core only this file reads `process.env.NODE_ENV`.
  rulesFor("src/core/explain/explain.ts", {
    "no-restricted-globals": mayNotSay(
      PORTS.filter((name) => name !== "process"),
      ASK_THE_PORTS,
    ),
  }),
  rulesFor("src/react/**", {
    "no-restricted-imports": mayImportOnly(
      // createConnectFlow and core's index would put the code of the start into a bundle of one hook.
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
      // listen.ts imports `node:http` only when it is called, so that the rest runs anywhere.
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
  // This file uses the type of the sandbox's scenarios, and must not import the sandbox's code.
  rulesFor("src/testing/finishAtBenji.ts", {
    "no-restricted-imports": mayImportOnly("react-benji-connect/sandbox", "Types only."),
    "@typescript-eslint/no-restricted-imports": [
      "error",
      { patterns: [{ regex: ".", allowTypeImports: true, message: "Types only." }] },
    ],
  }),
);
