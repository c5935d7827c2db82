import { describe, expect, it } from "vitest";
import {
  bundledSize,
  CLIENT_FILES,
  ENTRIES,
  importsOf,
  inApp,
  nameOf,
  packed,
  TESTING_FILES,
  textOf,
  viteBuild,
} from "./installedTarball.js";

describe("imports of the installed package", () => {
  it.each(CLIENT_FILES)("the client file dist/%s imports no package but React", (file) => {
    expect([...importsOf(`dist/${file}`)].sort()).toEqual(["react", "react/jsx-runtime"]);
  });

  it.each(TESTING_FILES)("dist/%s imports the library by its package name", (file) => {
    expect([...importsOf(`dist/${file}`)].sort()).toEqual([
      "react",
      "react-benji-connect",
      "react-benji-connect/core",
      "react/jsx-runtime",
    ]);
  });

  it.each([
    ["ESM", "context.mjs", (name: string) => `await import(${JSON.stringify(name)})`],
    ["CJS, as in Jest", "context.cjs", (name: string) => `require(${JSON.stringify(name)})`],
  ])(
    "a button of the main entry reads the BenjiTestProvider of the testing entry in %s",
    (_format, file, load) => {
      const program = `const { createElement } = ${load("react")};
      const { renderToString } = ${load("react-dom/server")};
      const { BenjiConnectButton } = ${load("react-benji-connect")};
      const { BenjiTestProvider } = ${load("react-benji-connect/testing")};
      const props = { messages: { connect: "One context" } };
      const scene = createElement(BenjiTestProvider, props, createElement(BenjiConnectButton));
      console.log(JSON.stringify(renderToString(scene)));`;
      expect(inApp(file, program)).toContain(">One context</button>");
    },
  );

  it.each(["core", "server"])("the entry %s imports no package", (entry) => {
    expect([...importsOf(`dist/${entry}/index.js`)]).toEqual([]);
    expect([...importsOf(`dist/${entry}/index.cjs`)]).toEqual([]);
  });

  it("the files for browsers import no module of Node", () => {
    for (const path of packed.filter((name) =>
      /^dist\/(index|core\/index|chunk-[^/]+)\.c?js$/.test(name),
    ))
      expect(textOf(path)).not.toMatch(/["']node:/);
  });

  it("the files for browsers contain no API key header and no API host", () => {
    for (const path of ["dist/index.cjs", "dist/core/index.cjs"])
      expect(textOf(path)).not.toMatch(/x-api-key|api-staging/);
  });

  it.each(ENTRIES)(
    "an import of %s without a used name adds nothing to a bundle",
    async (entry) => {
      const bytes = await bundledSize(`import ${JSON.stringify(nameOf(entry))};`);
      const unused = await bundledSize(`import * as all from ${JSON.stringify(nameOf(entry))};`);
      expect({ bytes, unused }).toEqual({ bytes: 0, unused: 0 });
    },
  );

  it("importing an entry adds no global variable and starts no timer", () => {
    const program = `const before = Object.getOwnPropertyNames(globalThis).join();
      for (const entry of ${JSON.stringify(ENTRIES.map(nameOf))}) await import(entry);
      console.log(JSON.stringify({
        sameGlobals: before === Object.getOwnPropertyNames(globalThis).join(),
        waitsFor: process.getActiveResourcesInfo().filter((name) => name === "Timeout"),
      }));`;
    expect(inApp("effects.mjs", program)).toEqual({ sameGlobals: true, waitsFor: [] });
  });

  const USES_SERVER =
    'import { createBenjiClient } from "react-benji-connect/server"; console.log(createBenjiClient);';

  it("a bundle for browsers that imports the server entry fails to build (T16)", async () => {
    await expect(bundledSize(USES_SERVER, { platform: "browser" })).rejects.toThrow(
      'No matching export in "node_modules/react-benji-connect/dist/server/browser.js"',
    );
    await expect(viteBuild(USES_SERVER)).rejects.toThrow(/createBenjiClient.*is not exported/s);
  });

  it.each([
    [["workerd", "worker", "browser"]],
    [["worker", "browser"]],
    [["edge-light", "browser"]],
    [["deno", "node"]],
    [["bun", "node"]],
    [["node"]],
    [[]],
  ])("a bundle with the conditions %j contains the server entry", async (conditions) => {
    const size = await bundledSize(USES_SERVER, { platform: "neutral", conditions });
    expect(size).toBeGreaterThan(1_000);
  });

  it("a bundle of an app that uses only useBenjiRedirectResult does not contain the button", async () => {
    const hook = await bundledSize(
      'import { useBenjiRedirectResult as it } from "react-benji-connect"; console.log(it);',
    );
    const all = await bundledSize('import * as it from "react-benji-connect"; console.log(it);');
    expect(hook).toBeLessThan(all * 0.75);
  });
});
