// After the usual journeys: they caused no violation report, and every directive that the manual
// names is needed.

const NEEDED = ["script-src", "style-src", "connect-src"];

export default async function more({ browser, finishAtBenji, url, is }) {
  is("reports of the usual journeys", await reportsAt(url), []);

  const member = await open(browser, url);
  const button = member.page.getByRole("button", { name: "Connect rewards" });
  is(
    "the button's looks",
    await button.evaluate((it) => getComputedStyle(it).display),
    "inline-flex",
  );
  await button.hover(); // starts the prefetch
  await button.click();
  await finishAtBenji(member.page, "success");
  await member.page.locator("[data-result]", { hasText: "success, cart 3" }).waitFor();
  is("violations on the way", member.violations, []);

  // Proves that the policy is active: it refuses innerHTML.
  await member.page.evaluate(() => {
    try {
      document.body.innerHTML = "<p>";
    } catch {
      // Refused.
    }
  });
  await until(() => member.violations.length > 0);
  is("what an innerHTML is refused by", member.violations, ["require-trusted-types-for"]);
  await member.page.context().close();

  for (const directive of NEEDED) {
    const { page, violations } = await open(browser, url, directive);
    const button = page.getByRole("button", { name: "Connect rewards" });
    if (directive !== "script-src") await button.click();
    await until(() => violations.length > 0);
    if (directive === "connect-src") {
      await page.locator("[data-benji-error]").waitFor();
      is("the error's text", await page.locator("[data-benji-error]").count(), 1);
    }
    const names = violations.map((name) => name.replace(/-(?:elem|attr)$/, ""));
    is(`violations without ${directive}`, [...new Set(names)], [directive]);
    await page.context().close();
  }
  const directives = (await reportsAt(url)).map(
    (report) => report["csp-report"]["effective-directive"],
  );
  is("reports of what was broken on purpose", directives.length >= NEEDED.length, true);
}

const reportsAt = async (url) => (await fetch(`${url}/csp-reports`)).json();

async function open(browser, url, without) {
  const extraHTTPHeaders = without ? { "x-policy-without": without } : {};
  const context = await browser.newContext({ extraHTTPHeaders });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const violations = [];
  await page.exposeBinding("__violated", (_, directive) => violations.push(directive));
  await page.addInitScript((origin) => {
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
      if (location.origin === origin) window.__violated(effectiveDirective);
    });
  }, url);
  await page.goto(url);
  return { page, violations };
}

async function until(isDone) {
  const deadline = Date.now() + 30_000;
  while (!isDone() && Date.now() < deadline) await new Promise((done) => setTimeout(done, 50));
}
