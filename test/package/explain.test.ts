import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { build as esbuild, type BuildOptions, type Plugin } from "esbuild";
import { rollup } from "rollup";
import { build as vite } from "vite";
import { describe, expect, it } from "vitest";
import { DOCS } from "../../src/core/explain/logMistake.js";
import { explainingSources, explanations, explanationsIn } from "../installed/explanations.mjs";

// Needs dist: run `npx tsup`. The texts are tested in core/explain.options.test.ts and explain.failures.test.ts.
const ENTRY = join(process.cwd(), "dist/index.js");
const REACT = ["react", "react-dom", "react/jsx-runtime"];

async function withEsbuild(options: BuildOptions = {}): Promise<string> {
  const { outputFiles } = await esbuild({
    entryPoints: [ENTRY],
    bundle: true,
    minify: true,
    format: "esm",
    external: REACT,
    logLevel: "error",
    ...options,
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}

async function withVite(): Promise<string> {
  const built = await vite({
    configFile: false,
    logLevel: "error",
    mode: "production",
    define: { "process.env.NODE_ENV": '"production"' }, // Vite does not replace NODE_ENV in a library.
    build: {
      write: false,
      lib: { entry: ENTRY, formats: ["es"] },
      rollupOptions: { external: REACT },
    },
  });
  const [{ output }] = built as unknown as [{ output: { code?: string }[] }];
  return output.map(({ code }) => code ?? "").join("\n");
}

/** Replaces NODE_ENV like Rollup's replace plugin, because Rollup has no production mode. */
const replace = {
  name: "replace",
  transform: (code: string) => code.replaceAll("process.env.NODE_ENV", '"production"'),
};

async function withRollup(): Promise<string> {
  const bundle = await rollup({ input: ENTRY, external: REACT, plugins: [replace], onwarn() {} });
  const { output } = await bundle.generate({ format: "es" });
  return output.map((chunk) => ("code" in chunk ? chunk.code : "")).join("\n");
}

describe("the explanations of development mode", () => {
  it.each([
    ["esbuild", withEsbuild],
    ["Vite", withVite],
    ["Rollup with its replace plugin", withRollup],
  ])("a production bundle of %s contains no explanation of development mode", async (_, build) => {
    expect(explanations.length).toBeGreaterThan(150);
    const bundle = await build();
    expect(bundle).toContain("benji-connect:1:");
    expect(explanationsIn(bundle)).toEqual([]);
    expect(bundle).not.toContain("benji-connect-dev"); // a cookie of development mode
  });

  it("a development bundle contains the explanations of development mode", async () => {
    const bundle = await withEsbuild({
      minify: false,
      define: { "process.env.NODE_ENV": '"development"' },
    });
    expect(explanationsIn(bundle).length).toBeGreaterThan(100);
  });

  it.each([
    ["useBenjiRedirectResult"],
    ["BenjiConnectButton"],
    ["BenjiConnectButton, useBenjiRedirectResult"],
    ["*"],
  ])(
    "the explanations of development mode add at most 60 gzipped bytes to a production bundle of %s",
    async (names) => {
      const clause = names === "*" ? "*" : `{ ${names} }`;
      const stdin = {
        contents: `export ${clause} from "./src/index.ts"`,
        resolveDir: process.cwd(),
      };
      const sizeOf = async (plugins: Plugin[]) => {
        const options = { stdin, plugins, target: "es2022" };
        return gzipSync(await withEsbuild({ entryPoints: [], ...options }), { level: 9 }).length;
      };
      const withThem = await sizeOf([]);
      expect(withThem - (await sizeOf([withoutCalls]))).toBeLessThanOrEqual(60);
    },
  );

  it("a wrong option is explained in a development bundle only, and nothing throws if `process` is not defined", async () => {
    const run = async (define: Record<string, string>) => {
      const code = await withEsbuild({
        entryPoints: [join(process.cwd(), "dist/core/index.js")],
        platform: "neutral",
        format: "iife",
        globalName: "benji",
        minify: false,
        define,
      });
      const warnings: string[] = [];
      const console = { warn: (text: string) => warnings.push(text) };
      const context = { console, URL, URLSearchParams, AbortController, queueMicrotask };
      runInNewContext(`${code}; benji.createConnectFlow({ mode: "Transfer" });`, context);
      return warnings;
    };
    expect(await run({ "process.env.NODE_ENV": '"development"' })).toEqual([
      expect.stringContaining('Did you mean mode="transfer"?'),
    ]);
    expect(await run({ "process.env.NODE_ENV": '"production"' })).toEqual([]);
    expect(await run({})).toEqual([]);
  });

  it("the explanations link to the homepage of package.json if it has one", () => {
    const { homepage } = JSON.parse(readFileSync("package.json", "utf8")) as { homepage?: string };
    expect(DOCS).toMatch(
      homepage ? new RegExp(`^${homepage.replace(/[.?+]/g, "\\$&")}`) : /^react/,
    );
  });

  it("every link in an explanation of development mode leads to an existing heading", () => {
    const pages = TEXTS_OF_LINKS.map((link) => link.split("#") as [string, string | undefined]);
    expect(pages.length).toBeGreaterThan(8);
    for (const [page, heading] of pages) {
      const text = readFileSync(join("docs", page), "utf8");
      const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => slug(heading));
      if (heading) expect(headings, `${page}#${heading}`).toContain(heading);
    }
  });
});

const slug = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");

const TEXTS_OF_LINKS = [
  ...new Set(
    explainingSources.flatMap((code) =>
      [...code.matchAll(/"([a-z-]+\.md(?:#[\w-]+)?)"/g)].map(([, link = ""]) => link),
    ),
  ),
];

/** Removes every call of an explaining function from the library. */
const withoutCalls: Plugin = {
  name: "without-calls",
  setup(build) {
    build.onLoad({ filter: /src\/(?:core|react)\/.*\.tsx?$/ }, ({ path }) => {
      const code = readFileSync(path, "utf8")
        .replace(/^import \{ explain\w+ \} from .*$/m, "")
        .replace(/^\s*(?:if \([^\n]*\) )?explain\w+\([^\n]*\);$/gm, "");
      return { contents: code, loader: path.endsWith("x") ? "tsx" : "ts" };
    });
  },
};
