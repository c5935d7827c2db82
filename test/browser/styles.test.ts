import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { compile } from "tailwindcss";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumArgs, ensure } from "../../scripts/ensure-browser.mjs";
import { engineName } from "./engines/launch.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const OURS = "react-benji-connect/styles.css";
/** The line that README.md and styles.css tell a partner to copy. */
const SENTENCE = "@layer theme, base, benji, components, utilities;";
const TAILWIND = '@import "tailwindcss";';
const LAYERED = `@import "${OURS}" layer(benji);`;

const FILES: Record<string, string> = {
  [OURS]: join(ROOT, "src/styles.css"),
  tailwindcss: createRequire(import.meta.url).resolve("tailwindcss/index.css"),
};

/** A stylesheet as Tailwind 4 builds it for a page with these classes. */
async function built(css: string, classes: string[] = []): Promise<string> {
  const { build } = await compile(css, {
    loadStylesheet: async (id) => {
      const path = FILES[id] ?? "";
      return { path, base: ROOT, content: await readFile(path, "utf8") };
    },
  });
  return build(classes);
}

describe.runIf(engineName === "chromium")("styles.css beside a partner's styles", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: await ensure(), args: chromiumArgs });
  });
  afterAll(() => browser?.close());

  /** The computed styles of the button with these stylesheets in this order. */
  async function looks(sheets: string[], className = "") {
    const page = await browser.newPage({ colorScheme: "light" });
    const styles = sheets.map((sheet) => `<style>${sheet}</style>`).join("");
    const button = `<button type="button" data-benji-part="button" data-status="idle" class="${className}">Connect</button>`;
    await page.setContent(`<!doctype html>${styles}<body>${button}`);
    const shot = process.env["SCREENSHOTS"];
    const name = expect.getState().currentTestName?.replaceAll(/\W+/g, "-");
    if (shot) await page.screenshot({ path: join(shot, `${name}.png`) });
    const found = await page.locator("button").evaluate((it) => {
      const { backgroundColor, color, paddingLeft, borderTopLeftRadius, marginBottom } =
        getComputedStyle(it);
      return { backgroundColor, color, paddingLeft, borderTopLeftRadius, marginBottom };
    });
    await page.close();
    return found;
  }

  const OUR_LOOKS = {
    backgroundColor: "rgb(55, 48, 163)",
    color: "rgb(255, 255, 255)",
    paddingLeft: "20px",
    borderTopLeftRadius: "12px",
    marginBottom: "30px",
  };
  const OWN = ["bg-[#ff0000]", "text-black", "px-2", "rounded-none", "mb-1"];
  const OWN_LOOKS = {
    backgroundColor: "rgb(255, 0, 0)",
    color: "rgb(0, 0, 0)",
    paddingLeft: "8px",
    borderTopLeftRadius: "0px",
    marginBottom: "4px",
  };

  const ORDERS = [
    ["Tailwind imported first", [TAILWIND, LAYERED]],
    ["Tailwind imported last", [LAYERED, TAILWIND]],
  ] as const;

  it.each(ORDERS)(
    "classes of Tailwind 4 win over styles.css in a layer, with %s",
    async (_, imports) => {
      const sheet = await built([SENTENCE, ...imports].join("\n"), OWN);
      expect(await looks([sheet], OWN.join(" "))).toEqual(OWN_LOOKS);
    },
  );

  it.each(ORDERS)(
    "a button without classes has the look of styles.css in a layer, with %s",
    async (_, imports) => {
      const sheet = await built([SENTENCE, ...imports].join("\n"));
      expect(await looks([sheet])).toEqual(OUR_LOOKS);
    },
  );

  it("styles.css without a layer wins over the classes of Tailwind 4, in either order", async () => {
    const sheets = [await readFile(FILES[OURS]!, "utf8"), await built(TAILWIND, OWN)];
    expect(await looks(sheets, OWN.join(" "))).toEqual(OUR_LOOKS);
    expect(await looks(sheets.reverse(), OWN.join(" "))).toEqual(OUR_LOOKS);
  });

  /** A rule outside every layer; the class name may come from a CSS module. */
  const sheetOf = (name: string) =>
    `.${name} { background: red; color: black; padding: 0 8px; border-radius: 0; margin-bottom: 4px; }`;

  describe.each([
    ["as it is", async () => readFile(FILES[OURS]!, "utf8")],
    ["in the layer", async () => built([SENTENCE, LAYERED, TAILWIND].join("\n"))],
  ])("styles.css %s", (_, ours) => {
    it.each(["pay-button", "Pay_button__x7Kd2"])(
      "a partner's class .%s outside every layer wins over styles.css in either order",
      async (name) => {
        const sheets = [await ours(), sheetOf(name)];
        expect(await looks(sheets, name)).toEqual(OWN_LOOKS);
        expect(await looks(sheets.reverse(), name)).toEqual(OWN_LOOKS);
      },
    );
  });

  it("the README and styles.css contain the @layer and @import lines that a partner copies", async () => {
    for (const file of ["README.md", "src/styles.css"]) {
      const text = await readFile(join(ROOT, file), "utf8");
      expect(text, file).toContain(SENTENCE);
      expect(text, file).toContain(LAYERED);
    }
  });
});
