import { expect, it } from "vitest";
import { engineName } from "./engines/launch.js";
import {
  leaveProbe,
  openProbe,
  plant,
  posts,
  probeUrl,
  returnOf,
  setUpProbe,
  stateOf,
} from "./probe/openProbe.js";
import { demo, interceptShop, newVisitor, received } from "./shopAndBenji.js";

openProbe();

/** Copies the page's result to localStorage, which another tab can read. */
const copyResultToStorage = () =>
  new MutationObserver(() => {
    const shown = document.querySelector("[data-result]")?.textContent;
    if (shown) localStorage.setItem("shown", shown);
  }).observe(document, { subtree: true, childList: true, characterData: true });

/** A page of the shop that asks the browser to prerender `url`. */
const pageThatPrerenders = (url: string) => `<!doctype html><title>Links</title>
  <script type="speculationrules">
    ${JSON.stringify({ prerender: [{ urls: [url], eagerness: "immediate" }] })}
  </script>
  <a href="${url.replaceAll("&", "&amp;")}">Go on</a>`;

const wasPrerendered = () =>
  received.some(({ headers }) => headers.get("sec-purpose")?.includes("prerender"));

// Only Chromium prerenders by speculation rules; the other engines ignore these rules.
it.runIf(engineName === "chromium")(
  "a prerendered return does not call the confirm route until the member opens the page (T26)",
  async ({ skip }) => {
    const page = await newVisitor();
    setUpProbe({ storage: "local", confirm: true });
    plant(copyResultToStorage);
    const url = probeUrl(returnOf(stateOf(await leaveProbe(page))));
    interceptShop((request, shop) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/api/probe/confirm") return Response.json({ points: 5 });
      if (pathname !== "/probe/links") return shop(request);
      return new Response(pageThatPrerenders(url), { headers: { "content-type": "text/html" } });
    });
    const asked = () => posts("/api/probe/confirm").length;

    await page.open(`${demo.shopUrl}/probe/links`);
    const deadline = Date.now() + 10_000;
    while (!wasPrerendered() && Date.now() < deadline) await page.run(() => 0);
    skip(!wasPrerendered(), "this Chromium renders nothing ahead");
    await new Promise((resolve) => setTimeout(resolve, 1_500)); // the prerendered JavaScript has run by now
    expect(asked()).toBe(0);
    expect(await page.run(() => JSON.stringify({ ...localStorage }))).not.toContain("outcome");

    // Read from another tab: the driver may lose this tab when the prerendered page replaces its page.
    const other = await page.newTab();
    await other.open(demo.shopUrl);
    await page.run(() => void setTimeout(() => document.querySelector("a")?.click()));
    const shown = () =>
      other.run(() => JSON.parse(localStorage.getItem("shown") ?? "{}") as object);
    await expect.poll(shown).toMatchObject({ status: "success", replayed: false });
    expect(asked()).toBe(1);
  },
);
