import ts from "typescript";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { APP, bundledSize, ENTRIES, inApp, nameOf, packed, textOf } from "./installedTarball.js";

describe("tools that do not read exports", () => {
  const STUBS = ENTRIES.filter((entry) => entry !== ".").map((entry) => `${entry.slice(2)}/`);
  const isStub = (path: string) =>
    STUBS.some((stub) => path.startsWith(stub)) || path.startsWith("styles.css");
  const fieldsOf = (folder: string) =>
    JSON.parse(textOf(join(folder, "package.json"))) as Record<string, string>;

  it("the files for tools that ignore exports have together at most 1 kB", () => {
    const bytes = packed.filter(isStub).map((path) => textOf(path).length);
    expect(bytes).toHaveLength(STUBS.length + 2);
    expect(bytes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(1_000);
  });

  it.each(ENTRIES)(
    "the package.json in the folder of the entry %s names the same files as exports",
    (entry) => {
      const { exports } = JSON.parse(textOf("package.json")) as {
        exports: Record<string, Record<"import" | "require", Record<string, string>>>;
      };
      const fields = fieldsOf(entry);
      const from = (field: string) => `./${join(entry, fields[field] ?? "").replaceAll("\\", "/")}`;
      expect(from("types")).toBe(exports[entry]?.import.types);
      expect(from("main")).toBe(exports[entry]?.require.default);
      expect(packed).toContain(from("module").slice(2));
    },
  );

  it("Node without exports finds each entry by its main field, with the same exported names", () => {
    // A path to a folder of the package bypasses its exports.
    const program = `const names = (it) => Object.keys(it).sort().join();
      console.log(JSON.stringify(${JSON.stringify(ENTRIES)}.filter((entry) =>
        names(require("./node_modules/react-benji-connect/" + entry)) !==
        names(require("react-benji-connect" + entry.slice(1))))));`;
    expect(inApp("main.cjs", program)).toEqual([]);
  });

  const byPath = (entry: string, code = "console.log(it);") =>
    `import * as it from "./node_modules/react-benji-connect/${entry}"; ${code}`;

  it.each(["core", "testing"])(
    "a bundler that ignores exports finds %s by its module field",
    async (entry) => {
      const fields = { mainFields: ["module"], external: ["react", "react-benji-connect"] };
      expect(await bundledSize(byPath(entry), fields)).toBeGreaterThan(1_000);
    },
  );

  it("a bundle for browsers that imports the server entry by the browser field fails to build (T16)", async () => {
    const code = byPath("server", "console.log(it.createBenjiClient);").replace(
      "* as it",
      "{ createBenjiClient as it }",
    );
    const fields = { platform: "browser", mainFields: ["browser", "module", "main"] };
    await expect(bundledSize(code, fields)).rejects.toThrow("No matching export in");
  });

  it("a tool that ignores exports finds the stylesheet by its file path", async () => {
    const css = 'import "./node_modules/react-benji-connect/styles.css";';
    expect(await bundledSize(css, { outdir: "out", file: ".css" })).toBeGreaterThan(3_000);
  });

  it("TypeScript finds every entry with moduleResolution node", () => {
    const file = join(APP, "node10.ts");
    const imports = ENTRIES.map((entry, n) => `export * as entry${n} from "${nameOf(entry)}";`);
    writeFileSync(file, [...imports, 'import "react-benji-connect/styles.css";'].join("\n"));
    const program = ts.createProgram([file], {
      moduleResolution: ts.ModuleResolutionKind.Node10,
      module: ts.ModuleKind.CommonJS,
      ignoreDeprecations: "6.0",
      noUncheckedSideEffectImports: true,
      strict: true,
      skipLibCheck: true,
      noEmit: true,
      types: [],
    });
    const texts = ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
    expect(texts).toEqual([]);
  });
});
