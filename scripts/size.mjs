// Measures what our imports add to a partner's bundle: minified by esbuild, gzip -9, React external.
// `npm run size` measures the built package and fails where a limit is broken.
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

// `goal` is the size we want; above `limit` the check fails. Lower the limit whenever a size allows.
export const IMPORTS = [
  { names: "useBenjiRedirectResult", goal: 4_500, limit: 5_790 },
  { names: "BenjiConnectButton", goal: 5_750, limit: 6_037 },
  { names: "BenjiConnectButton, useBenjiRedirectResult", goal: 8_500, limit: 10_085 },
  { names: "*", goal: 8_850, limit: 10_367 },
  { names: "", goal: 0, limit: 0 },
];

/** Returns the bytes of a bundle that imports these names from an entry. */
export async function sizeOf(names, { entry = "react-benji-connect", resolveDir = "." } = {}) {
  const clause = names === "*" ? "*" : `{ ${names} }`;
  const { outputFiles } = await build({
    stdin: { contents: `${names ? `export ${clause} from` : "import"} "${entry}";`, resolveDir },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    external: ["react", "react-dom", "react/jsx-runtime"],
    logLevel: "error",
    write: false,
  });
  const [{ contents }] = outputFiles;
  const gzip = contents.length && gzipSync(contents, { level: 9 }).length;
  return { minified: contents.length, gzip };
}

async function check() {
  const rows = await Promise.all(
    IMPORTS.map(async (row) => ({ ...row, ...(await sizeOf(row.names)) })),
  );
  console.table(
    rows.map(({ names, minified, gzip, limit, goal }) => ({
      import: names || "(unused)",
      minified,
      gzip,
      limit,
      "to limit": limit - gzip,
      goal,
    })),
  );
  const broken = rows.filter(({ gzip, limit }) => gzip > limit);
  for (const { names, gzip, limit } of broken)
    console.error(`size: "${names}" is ${gzip} B, ${gzip - limit} B over its limit of ${limit} B.`);
  process.exitCode = broken.length > 0 ? 1 : 0;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await check();
