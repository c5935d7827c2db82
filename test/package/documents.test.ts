// All documents, not only the README: their code compiles, and their links work.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, it } from "vitest";
import { READER_TYPES, START_TYPES } from "../../src/core/checkOptions.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FOLDER = join(ROOT, "node_modules/.cache/documents-test");

/** Declarations of what a partner's app already contains, which no manual needs to show. */
const PARTNERS_OWN = `
declare const Spinner: () => import("react").ReactElement;
declare const Navigate: (props: { to: string }) => import("react").ReactElement;
declare const Done: (props: { next: string | undefined }) => import("react").ReactElement;
declare const TryAgain: () => import("react").ReactElement;
declare const StartOver: (props: { why: import("react-benji-connect").RejectionReason }) => import("react").ReactElement;
declare const readSession: (request: Request) => Promise<{ id: string } | null>;
declare const POST: (request: Request) => Promise<Response>;
declare const lookAt: (entityId: string | undefined) => Promise<void>;
declare const redis: { set(key: string, value: string, how: { NX: true; EX: number }): Promise<string | null> };
declare const db: { query(sql: string, values: unknown[]): Promise<{ rowCount: number | null }> };
declare module "react-benji-connect/styles.css";
declare module "vue" {
  function shallowRef<T>(value: T): { value: T };
  function onUnmounted(hook: () => void): void;
}
declare module "svelte/store" {
  function readable<T>(value: T, start: (set: (value: T) => void) => () => void): object;
}
declare module "msw" {
  interface HttpHandler { isUsed: boolean }
  const http: { post<Path extends string | RegExp>(
    path: Path,
    resolver: (info: { request: Request }) => Response | Promise<Response> | undefined,
    options?: { once?: boolean },
  ): HttpHandler };
  class HttpResponse extends Response { static json<Body>(body?: Body | null, init?: ResponseInit): HttpResponse }
}
declare module "msw/node" {
  type Handlers = import("msw").HttpHandler[];
  function setupServer(...handlers: Handlers): { listen(): void; use(...handlers: Handlers): void };
}
declare module "@playwright/test" {
  function test(name: string, body: (fixtures: { page: import("playwright-core").Page }) => Promise<void>): void;
  function expect(locator: import("playwright-core").Locator): { toBeVisible(): Promise<void> };
}
`;

interface Example {
  /** The file and the line of the code block. */
  place: string;
  language: string;
  code: string;
}

const filesUnder = (folder: string, ending: RegExp): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => ending.test(name))
    .map((name) => join(folder, name))
    .sort();

const MANUALS = [
  "README.md",
  ".github/CONTRIBUTING.md",
  "bench/README.md",
  "test/threats.md",
  ...filesUnder("docs", /\.(?:md|txt)$/),
];
const SOURCES = filesUnder("src", /\.tsx?$/);

function examplesOf(file: string): Example[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  return [...text.matchAll(/^( *\* )?```(tsx?)\n([^]*?)^(?: *\* )?```/gm)].map((match) => ({
    place: `${file}:${text.slice(0, match.index).split("\n").length}`,
    language: match[2] ?? "ts",
    code: match[1] ? (match[3] ?? "").replace(/^ *\* ?/gm, "") : (match[3] ?? ""),
  }));
}

// Code blocks with `file=` are compiled with the apps in test/apps instead: see frameworks.test.ts.
const examples = [...MANUALS, ...SOURCES].flatMap(examplesOf);

/** Writes each example into a file of its own and compiles them as a partner's strict app would. */
function compileErrors(): string[] {
  rmSync(FOLDER, { recursive: true, force: true });
  const preamble = join(FOLDER, "partners-own.d.ts");
  write(preamble, PARTNERS_OWN);
  const places = new Map<string, string>();
  examples.forEach(({ place, language, code }, index) => {
    const file = join(FOLDER, `${index}.${language}`);
    // Without an import or export, its names would be global.
    write(file, `${code}\nexport {};\n`);
    places.set(file, place);
  });
  const program = ts.createProgram([preamble, ...places.keys()], {
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    jsx: ts.JsxEmit.ReactJSX,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    skipLibCheck: true,
    types: ["node"],
    typeRoots: [join(ROOT, "node_modules/@types")],
    paths: {
      "react-benji-connect": [join(ROOT, "src/index.ts")],
      "react-benji-connect/*": [join(ROOT, "src/*/index.ts")],
    },
  });
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const where = file && (places.get(file.fileName) ?? relative(ROOT, file.fileName));
    const line = file && file.getLineAndCharacterOfPosition(start).line + 1;
    return `${where} (line ${line}): ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  });
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

it("every code block of the docs and every @example of the sources compiles", () => {
  const places = examples.map(({ place }) => place.replace(/:\d+$/, ""));
  expect(places).toEqual(expect.arrayContaining(["README.md", join("src", "errors.ts")]));
  expect(compileErrors()).toEqual([]);
});

it("every error code and every rejection reason has a heading in docs/errors.md, with cause and solution", () => {
  const union = (file: string, type: string) => {
    const text = readFileSync(join(ROOT, file), "utf8");
    const body = text.slice(text.indexOf(`type ${type} =`)).split(";")[0] ?? "";
    return [...body.matchAll(/\| "(\w+)"/g)].map(([, code]) => code);
  };
  const codes = [
    ...union("src/errors.ts", "BenjiConnectErrorCode"),
    ...union("src/core/back/verifyRedirect.ts", "RejectionReason"),
    ...["params_ambiguous", "params_too_long", "status_unknown"],
    ...union("src/server/client/apiError.ts", "BenjiApiErrorCode"),
    ...union("src/server/webhooks/webhookError.ts", "BenjiWebhookErrorCode"),
  ];
  const manual = readFileSync(join(ROOT, "docs/errors.md"), "utf8");
  const headings = [...manual.matchAll(/^#{2,4} `(\w+)`$/gm)].map(([, code]) => code);
  expect(codes.length).toBeGreaterThan(20);
  expect(headings.sort()).toEqual(codes.sort());
  for (const entry of manual.split(/^### /m).slice(1))
    expect(entry).toMatch(/^`\w+`\n\n\*\*Cause:\*\* .+[^]*\n\*\*Do:\*\* .+/);
});

it("every relative link of the docs leads to an existing file and heading", () => {
  const slug = (heading: string) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-");
  const headingsOf = (file: string) =>
    [...readFileSync(file, "utf8").matchAll(/^#+ (.+)$/gm)].map(([, text]) => slug(text ?? ""));
  const broken = MANUALS.flatMap((manual) =>
    [
      ...readFileSync(join(ROOT, manual), "utf8").matchAll(
        /\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g,
      ),
    ]
      .filter(([, path, anchor]) => {
        const target = path ? join(ROOT, dirname(manual), path) : join(ROOT, manual);
        try {
          return anchor !== undefined && !headingsOf(target).includes(anchor)
            ? true
            : !exists(target);
        } catch {
          return true;
        }
      })
      .map(([link]) => `${manual}: ${link}`),
  );
  expect(broken).toEqual([]);
});

const exists = (file: string) =>
  readdirSync(dirname(file)).includes(file.split(/[\\/]/).at(-1) ?? "");

it("the README names every option of the button and of the hook", () => {
  const text = readFileSync(join(ROOT, "README.md"), "utf8");
  const table = [...text.matchAll(/^\| `(\w+)`/gm)].map(([, name = ""]) => name);
  const [, list = ""] = /`useBenjiRedirectResult\(\{ ([\w, ]+) \}\)`/.exec(text) ?? [];
  const isDocumented = (name: string) => !name.startsWith("dangerously");
  expect(table).toEqual(expect.arrayContaining(Object.keys(START_TYPES).filter(isDocumented)));
  expect(list.split(", ")).toEqual(
    expect.arrayContaining(Object.keys(READER_TYPES).filter(isDocumented)),
  );
});
