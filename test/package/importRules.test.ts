import { ESLint } from "eslint";
import { beforeAll, describe, expect, it } from "vitest";

const eslint = new ESLint();

/** The lint rules that this text breaks in this file. The file must exist: lint reads its types. */
async function brokenRules(filePath: string, text: string): Promise<(string | null)[]> {
  const [report] = await eslint.lintText(text, { filePath });
  return (report?.messages ?? []).map(({ ruleId }) => ruleId);
}

const IMPORTS = "no-restricted-imports";
const GLOBALS = "no-restricted-globals";
const SYNTAX = "no-restricted-syntax";

const importing = (from: string) => `import { thing } from "${from}";\nexport const it = thing;\n`;
const returning = (expression: string) => `export const it = () => ${expression};\n`;

describe("the import rules between the folders of src", () => {
  // The first call is slow, because lint reads the types of the whole project.
  beforeAll(() => brokenRules("src/core/mode.ts", ""), 300_000);

  it.each([
    ["src/core/mode.ts", "react"],
    ["src/core/mode.ts", "../react/messages.js"],
    ["src/core/mode.ts", "../server/index.js"],
    ["src/core/mode.ts", "../sandbox/index.js"],
    ["src/core/mode.ts", "../index.js"],
    ["src/core/mode.ts", "node:crypto"],
    ["src/server/index.ts", "react"],
    ["src/server/index.ts", "../core/browser.js"],
    ["src/server/index.ts", "../core/journey.js"],
    ["src/server/routes/route.ts", "../../core/browser.js"],
    ["src/server/routes/route.ts", "../../sandbox/index.js"],
    ["src/core/back/parseRedirect.ts", "../../server/index.js"],
    ["src/core/back/parseRedirect.ts", "react"],
    ["src/server/index.ts", "../core/connector.js"],
    ["src/server/index.ts", "../core/createConnectFlow.js"],
    ["src/server/index.ts", "../core/index.js"],
    ["src/server/index.ts", "../sandbox/index.js"],
    ["src/server/index.ts", "node:http"],
    ["src/sandbox/api/createToken.ts", "../../contract.js"],
    ["src/sandbox/api/createToken.ts", "../../errors.js"],
    ["src/sandbox/api/createToken.ts", "../../core/mode.js"],
    ["src/sandbox/api/createToken.ts", "../../server/index.js"],
    ["src/sandbox/api/createToken.ts", "../../cli/parseCommand.js"],
    ["src/sandbox/sandbox.ts", "../contract.js"],
    ["src/sandbox/sandbox.ts", "../server/index.js"],
    ["src/cli/parseCommand.ts", "../core/mode.js"],
    ["src/cli/parseCommand.ts", "../react/messages.js"],
    ["src/cli/parseCommand.ts", "../server/index.js"],
    ["src/cli/parseCommand.ts", "../index.js"],
    ["src/cli/parseCommand.ts", "react"],
    ["src/sandbox/api/createToken.ts", "react-benji-connect/core"],
    ["src/react/messages.ts", "../server/index.js"],
    ["src/react/messages.ts", "../sandbox/index.js"],
    ["src/react/messages.ts", "../core/createConnectFlow.js"],
    ["src/react/messages.ts", "react-dom"],
    ["src/contract.ts", "./errors.js"],
    ["src/errors.ts", "./contract.js"],
    ["src/errors.ts", "./core/mode.js"],
    ["src/testing/memory.ts", "../index.js"],
    ["src/testing/memory.ts", "../core/index.js"],
    ["src/testing/memory.ts", "../react/BenjiConnectProvider.js"],
    ["src/testing/memory.ts", "../contract.js"],
    ["src/testing/memory.ts", "react-benji-connect/server"],
    ["src/testing/memory.ts", "react-benji-connect/sandbox"],
    ["src/testing/memory.ts", "msw"],
    ["src/testing/memory.ts", "playwright-core"],
    ["src/testing/memory.ts", "storybook/test"],
    ["src/testing/finishAtBenji.ts", "react"],
    ["src/index.ts", "./server/index.js"],
    ["src/index.ts", "./sandbox/index.js"],
  ])("lint reports that %s imports %s", async (file, from) => {
    expect(await brokenRules(file, importing(from))).toContain(IMPORTS);
  });

  it.each([
    ["src/core/mode.ts", "window.name"],
    ["src/core/mode.ts", "document.title"],
    ["src/core/explain/lastStart.ts", "document.cookie"],
    ["src/core/mode.ts", "location.href"],
    ["src/core/mode.ts", "localStorage.length"],
    ["src/core/mode.ts", "sessionStorage.length"],
    ["src/core/mode.ts", "history.length"],
    ["src/core/mode.ts", "Date.now()"],
    ["src/core/mode.ts", "new Date()"],
    ["src/core/mode.ts", "crypto.randomUUID()"],
    ["src/core/mode.ts", "globalThis.name"],
    ["src/react/messages.ts", "sessionStorage.length"],
    ["src/react/messages.ts", "location.href"],
    ["src/server/index.ts", "window.name"],
    ["src/server/index.ts", "process.env"],
    ["src/sandbox/api/createToken.ts", "document.title"],
    ["src/cli/parseCommand.ts", "window.name"],
    ["src/testing/memory.ts", "window.name"],
    ["src/testing/memory.ts", "sessionStorage.length"],
    ["src/contract.ts", "window.name"],
    ["src/errors.ts", "Date.now()"],
  ])("lint reports that %s uses %s", async (file, expression) => {
    expect(await brokenRules(file, returning(expression))).toContain(GLOBALS);
  });

  it.each([
    "src/core/mode.ts",
    "src/react/messages.ts",
    "src/server/index.ts",
    "src/sandbox/api/createToken.ts",
    "src/testing/memory.ts",
  ])("lint reports a dynamic import in %s", async (file) => {
    expect(await brokenRules(file, returning('import("../index.js")'))).toContain(SYNTAX);
  });

  it("lint lets src/testing/ import types of the sandbox, and only types", async () => {
    const file = "src/testing/finishAtBenji.ts";
    const text = 'import type { SandboxScenario } from "react-benji-connect/sandbox";\n';
    expect(await brokenRules(file, `${text}export const it: SandboxScenario = "slow";\n`)).toEqual(
      [],
    );
    const carried = await brokenRules(file, importing("react-benji-connect/sandbox"));
    expect(carried).toContain(`@typescript-eslint/${IMPORTS}`);
  });

  it.each([
    ["src/core/mode.ts", importing("./addresses/query.js")],
    ["src/core/mode.ts", importing("../contract.js")],
    ["src/core/browser.ts", returning("window.location.href + String(Date.now())")],
    ["src/react/messages.ts", importing("../core/journey.js")],
    ["src/server/index.ts", importing("../core/mode.js")],
    ["src/server/routes/route.ts", importing("../../core/mode.js")],
    ["src/server/routes/route.ts", importing("../client/apiError.js")],
    ["src/sandbox/api/createToken.ts", importing("../records/tokens.js")],
    ["src/sandbox/sandbox.ts", importing("./records/tokens.js")],
    ["src/cli/parseCommand.ts", importing("../sandbox/index.js")],
    ["src/cli/parseCommand.ts", importing("../contract.js")],
    ["src/cli/parseCommand.ts", importing("node:util")],
    ["src/testing/memory.ts", importing("react-benji-connect")],
    ["src/testing/memory.ts", importing("react-benji-connect/core")],
    ["src/sandbox/listen.ts", returning('import("node:http")')],
  ])("lint allows %s to contain %j", async (file, text) => {
    const broken = await brokenRules(file, text);
    for (const rule of [IMPORTS, GLOBALS, SYNTAX]) expect(broken).not.toContain(rule);
  });
});
