// Starts a browser and the servers that a page needs, all on loopback. No request reaches the
// internet: stubs replace the scripts that the compared libraries load from their vendors.
import { createServer } from "node:http";
import { chromium } from "playwright-core";
import { chromiumArgs, ensure } from "../../scripts/ensure-browser.mjs";

/** `answer(request, url)` returns `{ status, headers, body }`; undefined means 404. */
export async function serve(answer) {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, `http://${request.headers.host}`);
    const {
      status = 200,
      headers = {},
      body = "",
    } = (await answer(request, url)) ?? { status: 404 };
    response.writeHead(status, { "cache-control": "no-store", ...headers }).end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { origin: `http://127.0.0.1:${server.address().port}`, close };
}

// Cross-origin isolated pages have a finer clock.
const ISOLATED = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "credentialless",
};

export const html = (script, head = "") => ({
  headers: { "content-type": "text/html", ...ISOLATED },
  body: `<!doctype html><meta charset="utf-8"><title>Bench</title><link rel="icon" href="data:,">${head}<div id="root"></div><script type="module" src="${script}"></script>`,
});

export const javascript = (body) => ({
  headers: { "content-type": "text/javascript", ...ISOLATED },
  body,
});

/**
 * Makes each script different. Chromium may reuse its process, in which a known script is ready in a
 * tenth of the time.
 */
export const neverMet = (script) => javascript(`${script}//${served++}`);
let served = 0;

export const json = (value) => ({
  headers: {
    "content-type": "application/json",
    "access-control-allow-origin": "*",
    "access-control-allow-headers": "*",
  },
  body: JSON.stringify(value),
});

export const redirectTo = (location) => ({ status: 302, headers: { location: String(location) } });

/** Runs `work` with a browser context in which vendors answer with stubs. */
export async function withBrowser(work) {
  const browser = await chromium.launch({
    executablePath: await ensure(),
    args: [...chromiumArgs, "--js-flags=--expose-gc"],
  });
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
    return await work(context, browser.version());
  } finally {
    await browser.close();
  }
}

/** Replaces vendor scripts with stubs that do nothing: only the library's own code is measured. */
export const stubVendors = (context) =>
  context.route(/^https:/, (route) =>
    route.request().resourceType() === "script"
      ? route.fulfill({ contentType: "text/javascript", body: VENDORS })
      : route.fulfill({ status: 404, json: {}, headers: { "access-control-allow-origin": "*" } }),
  );

const VENDORS = `{
  const handler = () => ({ open() {}, exit() {}, destroy() {}, submit() {}, requestCode() {}, requestAccessToken() {} });
  globalThis.google ??= { accounts: { oauth2: { initTokenClient: handler, initCodeClient: handler } } };
  globalThis.Plaid ??= { create: handler };
  const on = { onEvent() {}, onOpen() {}, onLoad() {}, onExit() {}, onExitSuccess() {}, onExitAbort() {}, onExitError() {} };
  const connector = () => ({ ...handler(), ...on, offEvent() {}, offOpen() {}, offLoad() {}, offExit() {}, offExitSuccess() {}, offExitAbort() {}, offExitError() {} });
  globalThis.Quiltt ??= { authenticate() {}, connect: connector, reconnect: connector };
}`;
