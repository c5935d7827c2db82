// Compiles consumer.tsx against the packed tarball: every compiler × resolution × React types, strict and
// with `skipLibCheck: false`. `npm run test:types` prints the table. `-- 5.9` runs that compiler only.
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
const WAYS = [
  { name: "bundler", type: "module", options: BUNDLER },
  { name: "node16 esm", type: "module", options: NODE16 },
  { name: "node16 cjs", type: "commonjs", options: NODE16 },
];

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
  WAYS.map((way) => ({ title: `react ${react} ${way.name}`, app: makeApp(react, way) })),
);

/** A folder as npm leaves it: the package from its tarball, and the types of one React. */
function makeApp(react, { name, type, options }) {
  const app = join(APPS, `react-${react}-${name.replace(" ", "-")}`);
  const installed = join(app, "node_modules/react-benji-connect");
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", join(APPS, filename), "-C", installed, "--strip-components=1"]);
  cpSync(join(MODULES, `types-react-${react}`), join(app, "node_modules/@types/react"), {
    recursive: true,
  });
  for (const needed of ["csstype", "@types/prop-types"])
    cpSync(join(MODULES, needed), join(app, "node_modules", needed), { recursive: true });
  cpSync(join(HERE, "consumer.tsx"), join(app, "consumer.tsx"));
  writeFileSync(join(app, "package.json"), JSON.stringify({ type }));
  const compilerOptions = {
    ...options,
    target: "es2022",
    lib: ["es2022", "dom", "dom.iterable"],
    jsx: "react-jsx",
    types: ["react"],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    declaration: true, // whatever a partner exports must have a name that they can reach
    emitDeclarationOnly: true,
    outDir: "out",
  };
  writeFileSync(
    join(app, "tsconfig.json"),
    JSON.stringify({ compilerOptions, files: ["consumer.tsx"] }),
  );
  return app;
}

async function compile(compiler, app) {
  const bin = join(MODULES, `typescript-${compiler}/bin/tsc`);
  const child = spawn(process.execPath, [bin, "--project", app, "--pretty", "false"], { cwd: app });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => (said += text));
  const [code] = await once(child, "close");
  const errors = said.split("\n").filter((line) => /error TS\d+/.test(line));
  return { isFine: code === 0 && existsSync(join(app, "out/consumer.d.ts")), errors, said };
}

const rows = {};
const complaints = [];
for (const compiler of compilers) {
  const { version } = JSON.parse(
    readFileSync(join(MODULES, `typescript-${compiler}/package.json`), "utf8"),
  );
  rows[version] = {};
  for (const { title, app } of columns) {
    rmSync(join(app, "out"), { recursive: true, force: true });
    const { isFine, errors, said } = await compile(compiler, app);
    rows[version][title] = isFine ? "ok" : `${errors.length} errors`;
    if (!isFine) complaints.push(`TypeScript ${version}, ${title}:\n${said.slice(0, 3_000)}`);
  }
}
console.table(rows);
console.log(complaints.join("\n"));
const runs = compilers.length * columns.length;
console.log(`types: ${runs - complaints.length} of ${runs} compile`);
process.exitCode = complaints.length > 0 || runs === 0 ? 1 : 0;
