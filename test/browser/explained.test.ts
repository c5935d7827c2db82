import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createServer, type DepOptimizationOptions } from "vite";
import { describe, expect, it, onTestFinished } from "vitest";
import { sendResponse } from "../../demo/nodeHttp.js";
import { engineName } from "./engines/launch.js";
import type { View } from "./engines/visitor.js";
import { openServer } from "./openOtherSite.js";
import { openProbe, plant, pressStart, returnOf, setUpProbe, stateOf } from "./probe/openProbe.js";
import { arriveAtBenji, demo, interceptShop, newVisitor } from "./shopAndBenji.js";

openProbe();

/** Records the console's warnings in the page, because not every browser driver can read the console. */
function keepWarnings() {
  const { warn } = console;
  const said: unknown[] = [];
  Object.assign(window, { said });
  console.warn = (text: unknown) => {
    said.push(text);
    warn.call(console, text);
  };
}

const said = (view: View) => view.run(() => (window as unknown as { said: string[] }).said);

const FORGED = returnOf(`benji.${"A".repeat(43)}`);

describe("a return whose start is not known here", () => {
  const shopOn = (host: string) => demo.shopUrl.replace("localhost", host);
  /** Serves the shop's pages on another port too. */
  const otherPort = async () => {
    const url = await openServer(async ({ url: path = "" }, outgoing) =>
      sendResponse(await fetch(demo.shopUrl + path), outgoing),
    );
    return url.replace("127.0.0.1", "localhost");
  };

  async function startOn(origin: string) {
    const page = await newVisitor();
    setUpProbe();
    plant(keepWarnings);
    interceptShop((request, answer) =>
      request.method === "POST"
        ? Response.json({ token: "tok-secret", connect_url: `${demo.sandboxUrl}/shop` })
        : answer(request),
    );
    await page.open(`${origin}/probe/start`);
    await pressStart(page);
    await arriveAtBenji(page);
    return { page, state: stateOf(await page.address()) };
  }

  const ways = [
    {
      way: "another name of this machine",
      start: () => shopOn("localhost"),
      back: () => shopOn("127.0.0.1"),
      says: () => /no trace of a start on this host\. Did it begin on localhost/,
    },
    {
      way: "another port",
      start: () => shopOn("localhost"),
      back: otherPort,
      says: (start: string, back: string) =>
        `the newest start was on ${start}, and the return came to ${back}`,
    },
    {
      way: "a host with www",
      start: () => shopOn("shop.localhost"),
      back: () => shopOn("www.shop.localhost"),
      says: (start: string, back: string) =>
        `the newest start was on ${start}, and the return came to ${back}`,
    },
  ];
  // WebKit asks the system for names like www.shop.localhost, and the system may not know them.
  const here = ways.filter(({ way }) => engineName !== "webkit" || way !== "a host with www");

  it.each(here)(
    "the console explains a return to $way, where no start is known",
    async ({ start, back, says }) => {
      const [from, to] = [start(), await back()];
      const { page, state } = await startOn(from);
      await page.open(`${to}/probe/callback?${returnOf(state)}`);
      await expect.poll(() => said(page)).toEqual([expect.stringMatching(says(from, to))]);
      expect(await page.run(() => document.cookie)).not.toMatch(/tok-secret|benji\.|u-1/);
    },
  );

  it("the console explains a return to another tab, where no start is known", async () => {
    const { page, state } = await startOn(shopOn("localhost"));
    const tab = await page.newTab();
    await tab.open(`${shopOn("localhost")}/probe/callback?${returnOf(state)}`);
    await expect
      .poll(() => said(tab))
      .toEqual([expect.stringMatching(/Did it begin in another tab.*storage: "local" on both/)]);
  });
});

/** The files of an app that has installed the package: a button, and on /callback the hook. */
const APP = {
  "index.html": `<!doctype html><title>Shop</title><link rel="icon" href="data:,">
    <script>
      // Runs the library's ten-second timer at once.
      const wait = window.setTimeout;
      window.setTimeout = (run, ms) => wait(run, ms === 10_000 ? 0 : ms);
      (${keepWarnings})();
    </script>
    <div id="root"></div><script type="module" src="/main.js"></script>`,
  "main.js": `import { createElement as h } from "react";
    import { createRoot } from "react-dom/client";
    import { BenjiConnectButton, useBenjiRedirectResult } from "react-benji-connect";
    const Reader = () => h("p", { id: "result" }, useBenjiRedirectResult().status);
    // Like a router that drops the query.
    if (location.pathname === "/guarded") history.replaceState(null, "", "/callback");
    const mode = location.pathname === "/mistake" ? "Transfer" : "transfer";
    createRoot(document.getElementById("root")).render([
      h(BenjiConnectButton, { key: 1, mode, fetchConnectToken: "/token" }),
      location.pathname === "/callback" && h(Reader, { key: 2 }),
    ]);
    window.goOn = () => createRoot(document.body.appendChild(document.createElement("div"))).render(h(Reader));`,
};

async function openDevServer(optimizeDeps: DepOptimizationOptions = {}): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), "benji-dev-server-"));
  const home = join(root, "node_modules");
  for (const name of ["dist", "package.json"])
    cpSync(name, join(home, "react-benji-connect", name), { recursive: true });
  for (const name of ["react", "react-dom", "scheduler"])
    symlinkSync(join(process.cwd(), "node_modules", name), join(home, name), "junction");
  for (const [name, text] of Object.entries(APP)) writeFileSync(join(root, name), text);
  const server = await createServer({
    configFile: false,
    root,
    logLevel: "error",
    optimizeDeps,
    server: { host: "127.0.0.1", port: 0, fs: { strict: false } },
  });
  onTestFinished(async () => {
    await server.close();
    rmSync(root, { recursive: true, force: true });
  });
  await server.listen();
  return server.resolvedUrls?.local[0]?.replace(/\/$/, "") ?? "";
}

describe("under the dev server of Vite", () => {
  it.each([
    ["bundled ahead, as Vite does with installed packages", {}],
    [
      "served file by file",
      // Vite finds react/jsx-runtime by itself only in a package that it bundles.
      { exclude: ["react-benji-connect"], include: ["react/jsx-runtime"] },
    ],
  ])(
    "with Vite's dev server the console explains a wrong option if the package is %s",
    async (_, optimizeDeps) => {
      const page = await newVisitor();
      await page.open(`${await openDevServer(optimizeDeps)}/mistake`);
      await expect
        .poll(() => said(page))
        .toEqual([expect.stringContaining('Did you mean mode="transfer"?')]);
    },
  );

  it("the console warns of a return on a page without the hook, and not on a page with the hook", async () => {
    const shop = await openDevServer();
    const page = await newVisitor();
    await page.open(`${shop}/checkout?${FORGED}`);
    await expect
      .poll(() => said(page))
      .toEqual([
        expect.stringMatching(
          /a return that nobody reads: .*Mount the hook on the page at \/check/,
        ),
      ]);

    await page.open(`${shop}/callback?${FORGED}`);
    await expect.poll(() => page.text("#result")).toBe("rejected");
    await expect
      .poll(() => said(page))
      .toEqual([expect.stringContaining("state_unknown: expected a flow")]);
  });

  it("the console warns of a return that a router dropped, unless a hook had read that return before", async () => {
    const shop = await openDevServer();
    const page = await newVisitor();
    await page.open(`${shop}/guarded?${FORGED}`);
    await expect
      .poll(() => said(page))
      .toEqual([expect.stringContaining("although the page was loaded with them")]);

    await page.open(`${shop}/callback?${FORGED}`);
    await expect.poll(() => page.text("#result")).toBe("rejected");
    await page.run(() => {
      history.pushState(null, "", "/cart");
      (window as unknown as { goOn: () => void }).goOn();
    });
    await expect.poll(() => page.text("div ~ div #result")).toBe("none");
    expect(await said(page)).toEqual([expect.stringContaining("state_unknown")]);
  });
});

describe("in a page without a bundler", () => {
  it("without a bundler the library works although `process` is not defined, and logs nothing", async () => {
    const files = await openServer((incoming, outgoing) => {
      const name = basename(incoming.url ?? "");
      const isScript = name.endsWith(".js");
      outgoing.writeHead(200, { "content-type": isScript ? "text/javascript" : "text/html" });
      if (isScript)
        return void outgoing.end(
          readFileSync(join("dist", name === "index.js" ? "core" : "", name)),
        );
      outgoing.end(`<!doctype html><title>Shop</title><link rel="icon" href="data:,">
        <script>(${keepWarnings})()</script>
        <output></output>
        <script type="module">
          import { createConnectFlow } from "/core/index.js";
          const flow = createConnectFlow({ mode: "Transfer", fetchConnectToken: "/token" });
          const { status } = flow.getResult();
          const outcome = await flow.connect();
          const kinds = [status, outcome.error.code, typeof process];
          document.querySelector("output").textContent = kinds.join();
        </script>`);
    });
    const page = await newVisitor();
    await page.open(files);
    await expect.poll(() => page.text("output")).toBe("none,invalid_request,undefined");
    expect(await said(page)).toEqual([]);
  });
});
