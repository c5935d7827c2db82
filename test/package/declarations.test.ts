import { existsSync, readdirSync, readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DIST = join(ROOT, "dist"); // built by scripts/test.mjs
const ENTRIES = ["index", "core", "server", "sandbox", "testing"];

/** Not what tsup.config.ts writes by hand. */
const builtFiles = (ending: RegExp) =>
  readdirSync(DIST, { recursive: true, encoding: "utf8" })
    .filter((file) => ending.test(file) && !/(?:server.browser|styles\.d)\./.test(file))
    .map((file) => join(DIST, file));

const readMap = (file: string) =>
  JSON.parse(readFileSync(file, "utf8")) as ConstructorParameters<typeof SourceMap>[0];

/** What an entry declares: its types by name, and the names that are values as well. */
function exportsOf(ending: "d.ts" | "d.cts") {
  const files = ENTRIES.map((entry) => join(DIST, "types", `${entry}.${ending}`));
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.NodeNext,
    jsx: ts.JsxEmit.ReactJSX,
    // testing/ imports the package by its name.
    paths: { "react-benji-connect": [files[0]!], "react-benji-connect/*": [`${DIST}/types/*`] },
  });
  const checker = program.getTypeChecker();
  const exported = (file: string) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(file)!)!;
    return checker.getExportsOfModule(module).map((symbol) => {
      const { flags } =
        symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      return { name: symbol.name, isValue: (flags & ts.SymbolFlags.Value) !== 0 };
    });
  };
  return ENTRIES.map((entry, index) => ({ entry, names: exported(files[index]!) }));
}

describe("the declarations", () => {
  it("offer these types by name", () => {
    const types = exportsOf("d.ts").map(({ entry, names }) => [
      entry,
      names
        .filter(({ isValue }) => !isValue)
        .map(({ name }) => name)
        .sort(),
    ]);
    expect(Object.fromEntries(types)).toMatchInlineSnapshot(`
      {
        "core": [
          "BenjiConnectErrorCode",
          "BenjiEvents",
          "BenjiRedirectResult",
          "ConfirmRedirect",
          "ConnectFlow",
          "ConnectFlowOptions",
          "ConnectMode",
          "ConnectModeName",
          "ConnectModeNumber",
          "ConnectOptions",
          "ConnectOutcome",
          "ConnectStatus",
          "ConnectTokenRequest",
          "ErrorRedirect",
          "FetchConnectToken",
          "FlowPorts",
          "HostedConnectParams",
          "LeavePorts",
          "OnBenjiEvent",
          "ParseRedirectOptions",
          "ReadableClaim",
          "ReaderOptions",
          "RedirectClaim",
          "RedirectIds",
          "RedirectStorage",
          "RejectedRedirect",
          "RejectionReason",
          "ReturnOptions",
          "ReturnPorts",
          "RouteRequestInit",
          "SharedPorts",
          "StorageChoice",
          "SuccessRedirect",
          "TrustOptions",
          "UnconfirmedRedirect",
          "UnfinishedFlow",
          "UnreadableClaim",
          "UnverifiedRedirect",
          "UserKey",
          "VerifiedRedirect",
        ],
        "index": [
          "BenjiButtonProps",
          "BenjiConnect",
          "BenjiConnectButtonProps",
          "BenjiConnectDefaults",
          "BenjiConnectErrorCode",
          "BenjiConnectProviderProps",
          "BenjiEvents",
          "BenjiMessages",
          "BenjiRedirectResult",
          "ConfirmRedirect",
          "ConnectMode",
          "ConnectModeName",
          "ConnectModeNumber",
          "ConnectOutcome",
          "ConnectStatus",
          "ConnectTokenRequest",
          "ErrorRedirect",
          "FetchConnectToken",
          "OnBenjiEvent",
          "ReadableClaim",
          "RedirectStorage",
          "RejectedRedirect",
          "RejectionReason",
          "RouteRequestInit",
          "StorageChoice",
          "SuccessRedirect",
          "UnconfirmedRedirect",
          "UnfinishedFlow",
          "UnverifiedRedirect",
          "UseBenjiConnectOptions",
          "UseBenjiRedirectResultOptions",
          "UserKey",
        ],
        "sandbox": [
          "ListenSandboxOptions",
          "ListeningSandbox",
          "Sandbox",
          "SandboxEvent",
          "SandboxExchange",
          "SandboxOptions",
          "SandboxRequest",
          "SandboxScenario",
          "SandboxWebhook",
          "SandboxWebhookOptions",
        ],
        "server": [
          "BenjiApiErrorCode",
          "BenjiApiOptions",
          "BenjiCampaignEvent",
          "BenjiClient",
          "BenjiClientOptions",
          "BenjiEntityType",
          "BenjiMerchantRow",
          "BenjiPartnerStatusTier",
          "BenjiPartnership",
          "BenjiStore",
          "BenjiTransaction",
          "BenjiTransactionEvent",
          "BenjiUser",
          "BenjiUserEvent",
          "BenjiWebhook",
          "BenjiWebhookErrorCode",
          "BenjiWebhookEvent",
          "BenjiWebhookEventName",
          "BenjiWebhookFunctions",
          "CallOptions",
          "ConfirmAnswer",
          "ConfirmClaim",
          "ConfirmContext",
          "ConfirmFlow",
          "ConfirmHandlerOptions",
          "ConfirmWithBenjiOptions",
          "ConnectAction",
          "ConnectToken",
          "ConnectTokenContext",
          "ConnectTokenHandlerOptions",
          "ConnectTokenInput",
          "ConnectUrlOptions",
          "ExchangedToken",
          "Fetch",
          "FetchInit",
          "FetchesTransaction",
          "FetchesUser",
          "IoredisClient",
          "MemberQuestion",
          "MemberQuestionOptions",
          "MemoryStoreOptions",
          "NodeRedisClient",
          "PostgresClient",
          "RouteContext",
          "RouteOptions",
          "RouteRefusal",
          "SdkTokenInput",
          "SignedForm",
          "SigningOptions",
          "SqlStoreOptions",
          "SqliteDatabase",
          "Stored",
          "TestWebhook",
          "TestWebhookOptions",
          "TransactionQuestionOptions",
          "TransactionWebhook",
          "VerifyWebhookOptions",
          "WebhookHandlerOptions",
        ],
        "testing": [
          "ConfirmHandlersOptions",
          "ConfirmRouteAnswer",
          "ConnectTokenAnswer",
          "ConnectTokenHandlersOptions",
          "FinishAtBenjiOptions",
          "FinishOutcome",
          "MemoryNavigate",
          "MswParts",
          "PlaywrightLocator",
          "PlaywrightPage",
          "RejectionByAddress",
          "ReturnParams",
        ],
      }
    `);
  });

  it("are the same for ESM and for CJS", () => {
    expect(exportsOf("d.cts")).toEqual(exportsOf("d.ts"));
  });

  it.each(exportsOf("d.ts"))(
    "declare the values that $entry has, and no other",
    async (declared) => {
      const folder = declared.entry === "index" ? "" : declared.entry;
      const built = (await import(join(DIST, folder, "index.js"))) as object;
      const values = declared.names.filter(({ isValue }) => isValue).map(({ name }) => name);
      expect(values.sort()).toEqual(Object.keys(built).sort());
    },
  );

  it.each(builtFiles(/\.d\.c?ts$/).map((file) => [relative(DIST, file), file]))(
    "%s leads an editor to the source of each thing it declares",
    (_name, file) => {
      const map = new SourceMap(readMap(`${file}.map`));
      const declarations = declarationsIn(file);
      expect(declarations.length).toBeGreaterThan(0);
      for (const { name, line, column } of declarations) {
        const entry = map.findEntry(line, column);
        if (!("originalSource" in entry)) throw new Error(`${name} is not in the map`);
        const source = readFileSync(join(dirname(file), entry.originalSource), "utf8");
        const found = source.split("\n")[entry.originalLine]?.slice(entry.originalColumn);
        expect(/^\w+/.exec(found ?? "")?.[0]).toBe(name);
      }
    },
  );

  it("refer to maps that TypeScript takes: with no source in them", () => {
    for (const file of builtFiles(/\.d\.c?ts\.map$/))
      expect(readMap(file)).not.toHaveProperty("sourcesContent");
  });
});

/** Where the name of each top-level declaration stands. */
function declarationsIn(file: string) {
  const source = ts.createSourceFile(
    file,
    readFileSync(file, "utf8"),
    ts.ScriptTarget.ES2022,
    true,
  );
  return source.statements
    .flatMap((statement): ts.Node[] =>
      ts.isVariableStatement(statement) ? [...statement.declarationList.declarations] : [statement],
    )
    .flatMap((statement) => {
      const name = (statement as { name?: ts.Node }).name;
      if (!name || !ts.isIdentifier(name)) return [];
      const { line, character } = source.getLineAndCharacterOfPosition(name.getStart());
      return { name: name.text, line, column: character };
    });
}

describe("what is built", () => {
  const maps = builtFiles(/\.map$/);

  const OLD = join(ROOT, "dist/es2019");

  it("has a map beside every script and every declaration", () => {
    // Without dist/es2019: it is the same code once more, for tools that do not read exports.
    const scripts = builtFiles(/\.c?(?:js|ts)$/).filter((file) => !file.startsWith(OLD));
    expect(maps.sort()).toEqual(scripts.map((file) => `${file}.map`).sort());
  });

  it("T28: is made of our own files only, so that no licence but ours goes with it", () => {
    const sources = maps.flatMap((file) =>
      readMap(file).sources.map((source) => join(dirname(file), source)),
    );
    const foreign = sources.filter((source) => !source.startsWith(join(ROOT, "src")));
    expect(foreign).toEqual([]);
    expect(sources.filter((source) => !existsSync(source))).toEqual([]);
  });

  it("T28: imports types of React, and no others", () => {
    const imported = builtFiles(/\.d\.c?ts$/).flatMap((file) =>
      ts.preProcessFile(readFileSync(file, "utf8")).importedFiles.map(({ fileName }) => fileName),
    );
    const packages = imported.filter((name) => !name.startsWith("."));
    expect(new Set(packages)).toEqual(
      new Set([
        "react",
        "react-benji-connect",
        "react-benji-connect/core",
        "react-benji-connect/sandbox",
      ]),
    );
  });
});
