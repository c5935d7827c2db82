import { expect, it } from "vitest";
import { engineName } from "./engines/launch.js";
import {
  leaveProbe,
  openProbeWorld,
  posts,
  probeUrl,
  readProbe,
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

// Speculation rules that prerender are Chromium's; the others ignore them. On a busy machine the
// driver may lose the page when the prerendered one takes over: then the test begins anew.
it.runIf(engineName === "chromium")(
  "T26: a return that is rendered ahead asks nothing and counts once it is visited",
  { retry: 2 },
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

    await page.click({ link: "Go on" });
    await page.waitForAddress(({ pathname }) => pathname === "/probe/callback");
    expect(await readProbe(page)).toMatchObject({ status: "success", replayed: false });
    expect(asked()).toBe(1);
  },
);
