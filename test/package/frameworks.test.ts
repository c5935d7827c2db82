import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The code blocks of a manual, each with the app's file that it names. */
const blocksOf = (manual: string) =>
  [...readFileSync(join(ROOT, "docs", manual), "utf8").matchAll(/^```(.*)\n([^]*?)^```/gm)].map(
    ([, head = "", code = ""]) => ({ file: /^\w+ file=(\S+)$/.exec(head)?.[1] ?? head, code }),
  );

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
    const manual = readFileSync(join(ROOT, "docs/server.md"), "utf8");
    const section = manual.split(/^### /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
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
  expect(readFileSync(join(ROOT, "docs/recipes.md"), "utf8")).toContain("Benji are 60.");
});
