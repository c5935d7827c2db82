import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Each code block names the file of an app that contains it. */
const blocksOf = (manual: string) =>
  [...readFileSync(join(ROOT, "docs", manual), "utf8").matchAll(/^```(.*)\n([^]*?)^```/gm)].map(
    ([, head = "", code = ""]) => ({ file: /^\w+ file=(\S+)$/.exec(head)?.[1] ?? head, code }),
  );

it.each([
  ["frameworks.md", 10],
  ["csp.md", 2],
  ["recipes.md", 11],
])("every code block of docs/%s is in a file of the tested apps", (manual, atLeast) => {
  const blocks = blocksOf(manual);
  expect(blocks.length).toBeGreaterThanOrEqual(atLeast);
  for (const { file, code } of blocks)
    expect(readFileSync(join(ROOT, "test/apps", file), "utf8")).toContain(code);
});

it.each(["Fastify", "Koa", "Nest", "h3, Nitro", "Elysia", "AWS Lambda"])(
  "the recipe for %s in docs/server.md is in the file that test/tools runs",
  (heading) => {
    const manual = readFileSync(join(ROOT, "docs/server.md"), "utf8");
    const section = manual.split(/^### /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
    const [, code] = /^```js\n([^]*?)^```/m.exec(section) ?? [];
    const file = /\w+$/.exec(heading.replace(/,.*/, ""))?.[0].toLowerCase();
    expect(readFileSync(join(ROOT, `test/tools/servers/${file}.js`), "utf8")).toContain(code);
    expect(code).toContain("answer");
  },
);

it("no recipe of docs/recipes.md needs more than five lines of glue for its router", () => {
  const glue = (code: string) =>
    code.split("\n").filter((line) => /navigate|history|router|replaceUrl/i.test(line)).length;
  const callbacks = blocksOf("recipes.md").filter(({ code }) => code.includes("RedirectResult"));
  expect(callbacks.length).toBeGreaterThan(7);
  for (const { code } of callbacks) expect(glue(code)).toBeLessThanOrEqual(5);
});

it("the whole integration with Express, sessions and React Router takes 60 lines", () => {
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
