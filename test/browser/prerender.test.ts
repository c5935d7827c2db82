import { expect, it } from "vitest";
import { engineName } from "./engines/launch.js";
import {
  leaveProbe,
  openProbeWorld,
  posts,
  probeUrl,
  returnOf,
  setUpProbe,
  stateOf,
} from "./probe/world.js";
import { demo, interceptShop, newVisitor, received } from "./world.js";

openProbeWorld();

/** A page of the shop's own that asks the browser to render an address ahead of a visit. */
const pageThatPrerenders = (url: string) => `<!doctype html><title>Links</title>
  <script type="speculationrules">
    ${JSON.stringify({ prerender: [{ urls: [url], eagerness: "immediate" }] })}
  </script>
  <a href="${url.replaceAll("&", "&amp;")}">Go on</a>`;

const wasPrerendered = () =>
  received.some(({ headers }) => headers.get("sec-purpose")?.includes("prerender"));

// Speculation rules that prerender are Chromium's; the others ignore them.
it.runIf(engineName === "chromium")(
  "T26: a return that is rendered ahead asks nothing and counts once it is visited",
  async ({ skip }) => {
    const page = await newVisitor();
    setUpProbe({ storage: "local", confirm: true });
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
    await new Promise((resolve) => setTimeout(resolve, 1_500)); // its script has run by now
    expect(asked()).toBe(0);
    expect(await page.run(() => JSON.stringify({ ...localStorage }))).not.toContain("outcome");

    // Looked at from another tab: the driver may lose a page that a prerendered one takes over from.
    const other = await page.newTab();
    await other.open(demo.shopUrl);
    await page.run(() => void setTimeout(() => document.querySelector("a")?.click()));
    const records = () =>
      other.run(() =>
        Object.values<string>({ ...localStorage }).map((it) => JSON.parse(it) as object),
      );
    await expect.poll(records, { timeout: 20_000 }).toContainEqual(
      expect.objectContaining({
        outcome: expect.objectContaining({ claim: expect.objectContaining({ status: "success" }) }),
        confirmation: { points: 5 },
      }),
    );
    expect(asked()).toBe(1);
  },
);
