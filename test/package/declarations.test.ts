import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DIST = join(ROOT, "dist"); // built by scripts/test.mjs
const ENTRIES = ["index", "core", "server", "sandbox", "testing"];

/** The built files, without those that tsup.config.ts writes itself. */
const builtFiles = (ending: RegExp) =>
  readdirSync(DIST, { recursive: true, encoding: "utf8" })
    .filter((file) => ending.test(file) && !/(?:server.browser|styles\.d)\./.test(file))
    .map((file) => join(DIST, file));

/** The exported names of each entry, and whether they are values. */
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
  it("the declarations of each entry export exactly the listed types", () => {
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

  it("the declarations are the same for ESM and CJS", () => {
    expect(exportsOf("d.cts")).toEqual(exportsOf("d.ts"));
  });

  it.each(exportsOf("d.ts"))(
    "the declarations of $entry declare exactly the values that the entry exports",
    async (declared) => {
      const folder = declared.entry === "index" ? "" : declared.entry;
      const built = (await import(join(DIST, folder, "index.js"))) as object;
      const values = declared.names.filter(({ isValue }) => isValue).map(({ name }) => name);
      expect(values.sort()).toEqual(Object.keys(built).sort());
    },
  );
});

describe("what is built", () => {
  it("the build contains only files of this repository, so that no other licence applies to it (T28)", () => {
    // esbuild writes the path of each module above its code, also for a module of a dependency.
    const modules = builtFiles(/\.c?js$/).flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/^\/\/ (\S+\.[cm]?[jt]sx?)$/gm)].map(
        ([, module = ""]) => module,
      ),
    );
    expect(modules.length).toBeGreaterThan(100);
    expect(modules.filter((module) => !existsSync(join(ROOT, module)))).toEqual([]);
    expect(modules.filter((module) => !module.startsWith("src/"))).toEqual([]);
  });

  it("the declarations import types of React only (T28)", () => {
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
