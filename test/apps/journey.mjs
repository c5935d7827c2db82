// The journeys of a member through an app, the same for every app. `travel` returns the failures.
//
// What an app shows:
//   /                h1 "Home", BenjiConnectButton with appState { cart: 3 }, link "Other" to /other?keep=1#part
//   /other           h1 "Other", link "Home"
//   /benji/callback  h1 "Callback", link "Home", link "Keep the query" to /other with the router's own query,
//                    <p data-result>  the result's status, and for a success "success, cart 3"
//                    <p data-location> query and hash as the router sees them
import { deepStrictEqual } from "node:assert";

const PATIENCE_MS = 15_000;
const OWN_QUERY = "?shop=app&tab=rewards";
const OTHER_UUID = "5c3d1f5e-0000-4000-8000-00000000beef";

// A page from the back/forward cache fires no load event.
const COMMITTED = { waitUntil: "commit" };

/** The usual expectations. An app overrides them in its journey.json. */
export const USUAL = {
  /** The router's base path. */
  base: "",
  /** The Redirect URL, as set in Pilot. */
  callback: `/benji/callback${OWN_QUERY}`,
  /** Its query and hash as the router sees them. */
  location: OWN_QUERY,
  /** The results that the callback may show after a link of the app and then Back. */
  backInApp: ["success, cart 3"],
  /** The final address if the callback page leaves as soon as it has a result; `undefined`: it cannot. */
  leaves: undefined,
  /** The calls of `onEvent` in that journey. */
  events: ["returned success"],
  /** The headings that may appear on the way. */
  before: ["Loading"],
  /** How the page leaves: with the option `path` or without, in StrictMode or not. */
  ways: [true, false].flatMap((path) => [true, false].map((strict) => ({ path, strict }))),
};

/** Makes all journeys in the app at `url`. */
export async function travel({ browser, finishAtBenji, url, expected }) {
  const wrong = [];
  for (const [name, journey] of journeysOf(expected)) {
    const trip = await depart(browser, url, { finishAtBenji, expected });
    try {
      await journey(trip);
    } catch (error) {
      trip.blame(`${error.message}\n    at ${trip.page.url()}`);
    }
    wrong.push(...trip.wrong.map((text) => `${name}, ${text}`));
    await trip.page.context().close();
  }
  return wrong;
}

function journeysOf({ leaves, ways }) {
  const journeys = Object.entries({ linked, givenUp });
  if (!leaves) return journeys;
  const sendOn = (way) => [`sent on ${JSON.stringify(way)}`, (trip) => sentOn(trip, way)];
  return [...journeys, ...ways.map(sendOn)];
}

/** Opens each page once: a dev server compiles a page at its first request, and may then reload it. */
export async function warmUp(browser, url, { base, callback }) {
  const page = await browser.newPage();
  page.setDefaultTimeout(60_000);
  for (const path of [`${base}/`, `${base}/other`, callback, `${base}/`]) {
    await page.goto(url + path);
    await page.locator("h1").waitFor();
  }
  await page.context().close();
}

/** A success at Benji; then links of the app, Back, Forward and reloads. */
async function linked(trip) {
  const { page, expected, at, see, is, follow } = trip;
  const isOneOf = async (results) => {
    const shown = await text(page, "[data-result]");
    if (!results.includes(shown)) is("the result", shown, results[0]);
  };
  const routersKeys = await startFrom(trip);
  await finishBy(trip, "success");

  at("the return");
  await see("Callback", "success, cart 3");
  await waitForText(page, "[data-location]", expected.location);
  const seen = await page.evaluate(() => window.__seen);
  is("headings on the way", seen.headings, ["Callback"]);
  is(
    "results on the way",
    seen.results.filter((shown) => shown !== "pending"),
    ["success, cart 3"],
  );
  is("frames with a result above a dirty address", seen.dirtyFrames, 0);
  const keys = await historyKeys(page);
  const lost = routersKeys.filter((key) => !keys.includes(key));
  is("the router's keys that history.state has lost", lost, []);

  at("the router's next navigation");
  await follow("Keep the query");
  await see("Other");
  is("its query", new URL(page.url()).search, OWN_QUERY);

  at("Back in the app");
  await go(page, "goBack");
  await see("Callback");
  await isOneOf(expected.backInApp);
  await waitForText(page, "[data-location]", expected.location);

  at("a reload");
  await page.reload();
  await see("Callback", "success, cart 3");

  at("Back in the app, after a reload");
  await follow("Keep the query");
  await see("Other");
  await go(page, "goBack");
  await see("Callback");
  await isOneOf(expected.backInApp);

  at("a reload after Back");
  await page.reload();
  await see("Callback", "success, cart 3");

  at("Back to Benji");
  await go(page, "goBack");
  await page.waitForURL(isBenji, COMMITTED);

  at("Back to the shop");
  await go(page, "goBack");
  await see("Home");
  await page.locator("button[data-status=idle]").waitFor();

  at("Forward to the callback");
  await go(page, "goForward");
  await page.waitForURL(isBenji, COMMITTED);
  await go(page, "goForward");
  await see("Callback", "success, cart 3");

  at("Forward in the app");
  await go(page, "goForward");
  await see("Other");

  at("home");
  await follow("Home");
  await see("Home");
  await follow("Other");
  await see("Other");
  is("the app's own address", /\/other.*$/.exec(page.url())?.[0], "/other?keep=1#part");
}

/** Tries twice: Playwright may not know a page yet that came from the back/forward cache. */
async function go(page, direction) {
  try {
    await page[direction](COMMITTED);
  } catch (error) {
    if (!error.message.includes("Not attached to an active page")) throw error;
    await page.waitForTimeout(250);
    await page[direction](COMMITTED);
  }
}

/** An error at Benji. */
async function givenUp(trip) {
  await startFrom(trip);
  await finishBy(trip, "error");
  trip.at("the return");
  await trip.see("Callback", "error");
}

/** The callback page leaves as soon as it has the result, in the `way` that leaving.tsx reads. */
async function sentOn(trip, way) {
  const { page, url, expected, at, see, is } = trip;
  await page.addInitScript((value) => (window.__leaving = value), way);
  let answer;
  page.on("request", (request) => {
    const isOurs = request.isNavigationRequest() && request.url().startsWith(`${url}/`);
    if (isOurs && request.url().includes("state=benji.")) answer = request.url();
  });
  await startFrom(trip);
  await finishBy(trip, "success");
  const isThere = async () => {
    await see("Other");
    is("the address", page.url(), url + expected.leaves);
  };

  at("the return");
  await see("Other");
  await page.waitForLoadState("networkidle"); // waits for any further navigation
  await isThere();
  const { headings, events, settled } = await page.evaluate(() => ({
    headings: window.__seen.headings,
    events: window.__events,
    settled: Object.keys(sessionStorage)
      .filter((key) => key.startsWith("benji-connect:1:benji."))
      .map((key) => "outcome" in JSON.parse(sessionStorage.getItem(key))),
  }));
  is(
    "headings on the way",
    headings.filter((heading) => !expected.before.includes(heading)),
    ["Other"],
  );
  // Preact may leave the page before the effect that reports the event.
  if (expected.events !== "any or none") is("events", events ?? [], expected.events);
  is("flows that are settled", settled, [true]);

  at("Back to Benji");
  await go(page, "goBack");
  await page.waitForURL(isBenji, COMMITTED);
  await go(page, "goForward");
  await isThere();

  at("another answer to the same state");
  const other = new URL(answer);
  other.hash = new URL(url + expected.callback).hash; // no request carries it
  other.searchParams.set("benji_user_uuid", OTHER_UUID);
  await page.goto(other.href);
  await see("Callback", "rejected, state_reused");
  // Next.js adopts the clean address only in a transition.
  await page.waitForFunction((uuid) => !document.body.innerText.includes(uuid), OTHER_UUID);

  at("the callback without a return");
  await page.goto("about:blank"); // otherwise the same address would not load again
  await page.goto(url + expected.callback);
  await see("Home");
}

async function startFrom({ page, url, expected, at, see }) {
  at("home");
  await page.goto(`${url}${expected.base}/`);
  await see("Home");
  const keys = await historyKeys(page);
  await page.getByRole("button", { name: "Connect rewards" }).click();
  return keys;
}

async function finishBy({ page, at, finishAtBenji, url }, outcome) {
  at("Benji");
  await finishAtBenji(page, outcome);
  await page.waitForURL((address) => address.href.startsWith(url), COMMITTED);
}

async function depart(browser, url, { finishAtBenji, expected }) {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.addInitScript(record);
  const trip = { page, url, finishAtBenji, expected, wrong: [] };
  let place = "";
  trip.at = (next) => (place = next);
  trip.blame = (what) => trip.wrong.push(`${place}: ${what}`);
  listen(page, url, trip.blame);
  trip.is = (what, actual, wanted) => {
    try {
      deepStrictEqual(actual, wanted);
    } catch {
      const texts = [actual, wanted].map((value) => JSON.stringify(value));
      trip.blame(`${what}: ${texts[0]}, expected ${texts[1]}`);
    }
  };
  trip.follow = (name) => page.getByRole("link", { name, exact: true }).click();
  /** Waits for a page and its result, and for an address without Benji's parameters. */
  trip.see = async (heading, result) => {
    await page.locator("h1", { hasText: new RegExp(`^${heading}$`) }).waitFor();
    if (result) await waitForText(page, "[data-result]", result);
    await page.evaluate(twoFrames);
    if (heading === "Callback") await waitForCleanAddress(page, url + expected.callback);
    trip.is("names of Benji's", await page.evaluate(() => window.__benjisNames()), []);
  };
  return trip;
}

function listen(page, url, blame) {
  page.on("pageerror", (error) => blame(`pageerror: ${error.message}`));
  page.on("console", (message) => {
    const { url: source } = message.location();
    if (source.endsWith("/favicon.ico")) return; // the browser asks for one by itself
    const isOurs = source.startsWith(url) || page.url().startsWith(url);
    const isLoud = ["error", "warning"].includes(message.type());
    // Chromium closes the dev server's WebSocket of a page in the back/forward cache.
    const isSocket = /WebSocket .* Page entered Back-Forward Cache/i.test(message.text());
    // The library's warning about the second answer, which `sentOn` sends on purpose.
    const isMeant = message.text().startsWith("react-benji-connect: state_reused: ");
    if (isOurs && isLoud && !isSocket && !isMeant)
      blame(`console.${message.type()}: ${message.text()}`);
  });
  page.on("response", (response) => {
    if (response.url().startsWith(url) && response.status() >= 400)
      blame(`${response.status()} ${response.url()}`);
  });
}

/** Runs in every page before its own JavaScript: records what the page shows. */
function record() {
  const NAMES = ["status", "state", "benji_user_uuid", "benji_user_id", "trigger_event_id"];
  const seen = (window.__seen = { headings: [], results: [], dirtyFrames: 0 });
  const shown = (selector) => document.querySelector(selector)?.textContent;
  const note = (list, text) => text && list.at(-1) !== text && list.push(text);
  window.__benjisNames = () => {
    const query = new URLSearchParams(`${location.search}&${location.hash.split("?")[1] ?? ""}`);
    return NAMES.filter((name) => query.has(name));
  };
  new MutationObserver(() => {
    note(seen.headings, shown("h1"));
    note(seen.results, shown("[data-result]"));
  }).observe(document, { subtree: true, childList: true, characterData: true });
  requestAnimationFrame(function frame() {
    const result = shown("[data-result]");
    if (result && result !== "pending" && window.__benjisNames().length > 0) seen.dirtyFrames++;
    requestAnimationFrame(frame);
  });
}

const twoFrames = () =>
  new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));

const historyKeys = (page) => page.evaluate(() => Object.keys(window.history.state ?? {}));

const text = async (page, selector) =>
  (await page.locator(selector).textContent({ timeout: 1_000 }))?.trim();

async function waitForText(page, selector, wanted) {
  const found = () => text(page, selector).catch(() => "nothing");
  const deadline = Date.now() + PATIENCE_MS;
  while ((await found()) !== wanted) {
    if (Date.now() > deadline)
      throw new Error(`${selector} says "${await found()}", expected "${wanted}"`);
    await page.waitForTimeout(50);
  }
}

async function waitForCleanAddress(page, address) {
  try {
    await page.waitForURL(address, COMMITTED);
  } catch {
    throw new Error(`the address is not ${address}`);
  }
}

const isBenji = (address) => address.hostname === "127.0.0.1";
