// A page around one bundle, whose server, token route and Benji are answered here.
const SHOP = "https://shop.example";
const BENJI = "https://connect.withbenji.com";
const PAGE = `<!doctype html><div id="root"></div><script src="/bundle.js"></script>`;

/** A member presses the button, comes back from Benji, and is told of the success. */
export async function travels(browser, bundle) {
  await onPage(browser, bundle, async (page, errors) => {
    await page.goto(SHOP);
    await page.getByRole("button", { name: "Connect rewards" }).click();
    await page.waitForURL(/\/callback/);
    const result = await page.locator("#result").textContent();
    if (result !== "success" || errors.length > 0)
      throw new Error(`expected success, got ${result} ${errors.join("; ")}`);
    if (page.url() !== `${SHOP}/callback`) throw new Error(`the address is ${page.url()}`);
  });
}

/** A bundle that has the stub in the place of the server says so as soon as it is loaded. */
export async function refuses(browser, bundle) {
  if (bundle.includes("x-api-key")) throw new Error("the server is in the bundle");
  return onPage(browser, bundle, async (page, errors) => {
    await page.goto(SHOP);
    if (errors.some((text) => text.includes("must not run in a browser"))) return "when it runs";
    throw new Error(`expected the stub's error, got ${errors.join("; ") || "nothing"}`);
  });
}

/** What the console says of a button whose mode is misspelt. */
export async function saysOfMistake(browser, bundle) {
  return onPage(browser, bundle, async (page, errors, said) => {
    await page.goto(`${SHOP}/?mode=Transfer`);
    await page.getByRole("button", { name: "Connect rewards" }).waitFor();
    if (errors.length > 0) throw new Error(errors.join("; "));
    return said.filter((text) => text.startsWith("react-benji-connect: "));
  });
}

async function onPage(browser, bundle, work) {
  const page = await browser.newPage();
  const errors = [];
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", ({ message }) => errors.push(message));
  page.setDefaultTimeout(30_000);
  await page.route(`${SHOP}/**`, (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === "/bundle.js")
      return route.fulfill({ contentType: "text/javascript; charset=utf-8", body: bundle });
    if (pathname === "/token")
      return route.fulfill({ json: { token: "token", connect_url: `${BENJI}/shop` } });
    return route.fulfill({ contentType: "text/html; charset=utf-8", body: PAGE });
  });
  await page.route(`${BENJI}/**`, (route) => {
    const state = new URL(route.request().url()).searchParams.get("state");
    const location = `${SHOP}/callback?status=success&benji_user_uuid=uuid&state=${state}`;
    return route.fulfill({
      contentType: "text/html",
      body: `<script>location.replace(${JSON.stringify(location)})</script>`,
    });
  });
  try {
    return await work(page, errors, said);
  } finally {
    await page.close();
  }
}
