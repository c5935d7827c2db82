// Compiles consumer.tsx against the packed tarball: every compiler × resolution × React types, strict and
// with `skipLibCheck: false`; server.ts without the DOM library; preact.tsx with Preact's types. `npm run test:types` prints the table. `-- 5.9` runs that compiler only.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const ROOT = join(HERE, "../..");
const MODULES = join(HERE, "node_modules");
const APPS = join(MODULES, ".cache/apps");

const BUNDLER = { module: "esnext", moduleResolution: "bundler" };
const NODE16 = { module: "node16", moduleResolution: "node16" };
/** The old resolution without `exports`. TypeScript 6 needs `--ignoreDeprecations` for it. */
const NODE10 = { module: "commonjs", moduleResolution: "node10" };
const WAYS = [
  { name: "bundler", type: "module", options: BUNDLER },
  { name: "node16 esm", type: "module", options: NODE16 },
  { name: "node16 cjs", type: "commonjs", options: NODE16 },
  { name: "node10", type: "commonjs", options: NODE10, isKnown: (compiler) => compiler < "7" },
];
const REACT_TYPES = ["csstype", "@types/prop-types"];

const npm = (args, cwd) =>
  execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });

npm(["ci", "--prefer-offline"], HERE);
execFileSync(join(ROOT, "node_modules/.bin/tsup"), ["--silent"], { cwd: ROOT, stdio: "inherit" });
rmSync(APPS, { recursive: true, force: true });
mkdirSync(APPS, { recursive: true });
const pack = ["pack", "--json", "--ignore-scripts", "--pack-destination", APPS];
const [{ filename }] = JSON.parse(npm(pack, ROOT));

const versionsOf = (prefix) =>
  readdirSync(MODULES)
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length));

const asked = process.argv.slice(2);
const compilers = versionsOf("typescript-").filter((it) => !asked.length || asked.includes(it));
const columns = versionsOf("types-react-").flatMap((react) =>
  WAYS.map((way) => ({
    ...way,
    title: `react ${react} ${way.name}`,
    app: makeApp(`react-${react}-${way.name.replace(" ", "-")}`, "consumer.tsx", {
      ...way,
      modules: { [`types-react-${react}`]: "@types/react", ...sameNames(REACT_TYPES) },
    }),
  })),
);
columns.push({
  title: "server, no DOM",
  app: makeApp("server", "server.ts", {
    type: "module",
    options: { ...NODE16, lib: ["es2022"], types: ["node"] },
    modules: sameNames(["@types/node", "undici-types"]),
  }),
});
for (const preact of versionsOf("preact-"))
  columns.push({
    title: `preact ${preact}`,
    app: makeApp(`preact-${preact}`, "preact.tsx", {
      type: "module",
      options: {
        ...BUNDLER,
        jsxImportSource: "preact",
        types: [],
        paths: {
          react: ["./node_modules/preact/compat"],
          "react/jsx-runtime": ["./node_modules/preact/jsx-runtime"],
        },
      },
      modules: { [`preact-${preact}`]: "preact" },
    }),
  });

function sameNames(names) {
  return Object.fromEntries(names.map((name) => [name, name]));
}

/** Makes a folder as after npm install: the unpacked tarball, and the modules to compile with. */
function makeApp(name, source, { type, options, modules }) {
  const app = join(APPS, name);
  const installed = join(app, "node_modules/react-benji-connect");
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", join(APPS, filename), "-C", installed, "--strip-components=1"]);
  for (const [module, place] of Object.entries(modules))
    cpSync(join(MODULES, module), join(app, "node_modules", place), { recursive: true });
  cpSync(join(HERE, source), join(app, source));
  writeFileSync(join(app, "package.json"), JSON.stringify({ type }));
  const compilerOptions = {
    target: "es2022",
    lib: ["es2022", "dom", "dom.iterable"],
    jsx: "react-jsx",
    types: ["react"],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    declaration: true, // fails if an exported type needs a name that partners cannot import
    emitDeclarationOnly: true,
    outDir: "out",
    ...options,
  };
  writeFileSync(join(app, "tsconfig.json"), JSON.stringify({ compilerOptions, files: [source] }));
  return app;
}

async function compile(compiler, { app, options = {} }) {
  const bin = join(MODULES, `typescript-${compiler}/bin/tsc`);
  const child = spawn(
    process.execPath,
    [
      bin,
      "--project",
      app,
      "--pretty",
      "false",
      ...(options === NODE10 && compiler >= "6" ? ["--ignoreDeprecations", "6.0"] : []),
    ],
    { cwd: app },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => (said += text));
  const [code] = await once(child, "close");
  const errors = said.split("\n").filter((line) => /error TS\d+/.test(line));
  return { isFine: code === 0 && existsSync(join(app, "out")), errors, said };
}

const rows = {};
const complaints = [];
let runs = 0;
for (const compiler of compilers) {
  const { version } = JSON.parse(
    readFileSync(join(MODULES, `typescript-${compiler}/package.json`), "utf8"),
  );
  rows[version] = {};
  for (const column of columns) {
    const { title, app, isKnown = () => true } = column;
    if (!isKnown(compiler)) continue;
    runs += 1;
    rmSync(join(app, "out"), { recursive: true, force: true });
    const { isFine, errors, said } = await compile(compiler, column);
    rows[version][title] = isFine ? "ok" : `${errors.length} errors`;
    if (!isFine) complaints.push(`TypeScript ${version}, ${title}:\n${said.slice(0, 3_000)}`);
  }
}
console.table(rows);
console.log(complaints.join("\n"));
console.log(`types: ${runs - complaints.length} of ${runs} compile`);
process.exitCode = complaints.length > 0 || runs === 0 ? 1 : 0;
