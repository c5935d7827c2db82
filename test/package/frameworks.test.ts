import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { createSandbox } from "../../src/sandbox/index.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const readManual = (name: string) => readFileSync(join(ROOT, "docs", name), "utf8");

/** The code blocks of a manual, each with the app's file that it names. Blocks of commands (sh) are left out. */
const blocksOf = (manual: string) =>
  [...readManual(manual).matchAll(/^```(.*)\n([^]*?)^```/gm)]
    .filter(([, head]) => head !== "sh")
    .map(([, head = "", code = ""]) => ({
      file: /^\w+ file=(\S+)$/.exec(head)?.[1] ?? head,
      code,
    }));

it.each([
  ["frameworks.md", 10],
  ["csp.md", 2],
  ["recipes.md", 11],
])("every code block of docs/%s is copied from a file of the tested apps", (manual, atLeast) => {
  const blocks = blocksOf(manual);
  expect(blocks.length).toBeGreaterThanOrEqual(atLeast);
  for (const { file, code } of blocks)
    expect(readFileSync(join(ROOT, "test/apps", file), "utf8")).toContain(code);
});

it.each([
  ["Fastify", "servers/fastify.js"],
  ["Koa", "servers/koa.js"],
  ["Nest", "servers/nest.js"],
  ["h3, Nitro", "servers/h3.js"],
  ["h3, Nitro", "nitro/server/routes/api/benji/connect-token.js"],
  ["Elysia", "servers/elysia.js"],
  ["AWS Lambda", "servers/lambda.js"],
  ["React Router 7, Remix", "react-router/app/routes/api.benji.connect-token.js"],
  ["React Router 7, Remix", "react-router/app/routes/api.benji.confirm.js"],
  ["React Router 7, Remix", "react-router/app/entry.server.jsx"],
  ["TanStack Start", "tanstack-start/src/routes/api/benji/connect-token.js"],
  ["Astro", "astro/src/pages/api/benji/connect-token.js"],
])(
  "the recipe for %s in docs/server.md has a code block that is part of test/tools/%s",
  (heading, file) => {
    const section =
      readManual("server.md")
        .split(/^### /m)
        .find((text) => text.startsWith(`${heading}\n`)) ?? "";
    const blocks = [...section.matchAll(/^```jsx?\n([^]*?)^```/gm)].map(([, code = ""]) => code);
    // In the manual benji.js is in the same folder as every file.
    const text = readFileSync(join(ROOT, "test/tools", file), "utf8");
    const tested = text.replace(/"(?:\.\.\/)+benji\.js"/, '"./benji.js"');
    expect(blocks.some((code) => tested.includes(code))).toBe(true);
  },
);

it("every recipe of docs/recipes.md has at most five lines about its router", () => {
  const glue = (code: string) =>
    code.split("\n").filter((line) => /navigate|history|router|replaceUrl/i.test(line)).length;
  const callbacks = blocksOf("recipes.md").filter(({ code }) => code.includes("RedirectResult"));
  expect(callbacks.length).toBeGreaterThan(7);
  for (const { code } of callbacks) expect(glue(code)).toBeLessThanOrEqual(5);
});

it("the partner app with Express, sessions and React Router has 60 lines about Benji, as the docs say", () => {
  const linesOf = (file: string) =>
    readFileSync(join(ROOT, "test/partner", file), "utf8")
      .split("\n")
      .filter((line) => !/^\s*(\/\/.*|\/\*\*.*)?$/.test(line));
  const aboutBenji = (file: string) =>
    linesOf(file).filter((line) => /benji|callback|getRequestListener/i.test(line));
  const lines = [
    ...[linesOf("benji.mjs"), linesOf("src/Callback.tsx")],
    ...[aboutBenji("server.mjs"), aboutBenji("src/Shop.tsx"), aboutBenji("src/main.tsx")],
  ].flat();
  expect(lines).toHaveLength(60);
  expect(readManual("recipes.md")).toContain("Benji are 60.");
});

it("the environment of the partner app in docs/recipes.md has every variable that the app reads, and the sandbox's values", async () => {
  const block = /^```sh\n(PORT=[^]*?)^```/m.exec(readManual("recipes.md"))?.[1] ?? "";
  const given = Object.fromEntries(
    block
      .split("\n")
      .filter((line) => /^[A-Z_]+=/.test(line))
      .map((line) => line.split("=")),
  ) as Record<string, string>;
  const app = ["benji.mjs", "server.mjs"].map((file) =>
    readFileSync(join(ROOT, "test/partner", file), "utf8"),
  );
  const read = app.flatMap((code) =>
    [...code.matchAll(/const \{(.*)\} = process\.env/g)].flatMap(([, names = ""]) =>
      names.match(/[A-Z][A-Z_]+/g),
    ),
  );
  expect(Object.keys(given).sort()).toEqual([...new Set(read)].sort());
  const sandbox = createSandbox();
  expect(given["BENJI_PARTNERSHIP_UUID"]).toBe(await sandbox.partnershipUuid(49));
  const token = await sandbox.fetch(`${given["BENJI_API_URL"]}/auth/connect`, {
    method: "POST",
    headers: { "x-api-key": given["BENJI_API_KEY"] ?? "", "content-type": "application/json" },
    body: JSON.stringify({ partnership_id: 49, mode: 1 }),
  });
  expect(token.status).toBe(200);
});
