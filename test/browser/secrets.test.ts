import { expect, it } from "vitest";
import type { Visitor } from "./engines/visitor.js";
import { openServer } from "./openOtherSite.js";
import {
  API_KEY,
  arriveAtBenji,
  button,
  closedGate,
  comeBack,
  demo,
  interceptShop,
  markup,
  newVisitor,
  openShopAndBenji,
  readResult,
} from "./shopAndBenji.js";

openShopAndBenji();

/**
 * Returns the content of every place of a page where a secret could remain. With `isLasting` it repeats
 * this and writes `notes`: a driver cannot run code in a page that is navigating away.
 */
function searchPage(isLasting: boolean): string {
  const look = () =>
    JSON.stringify({
      session: { ...sessionStorage },
      local: { ...localStorage, notes: undefined, searches: undefined },
      cookies: document.cookie,
      history: history.state as unknown,
      name: window.name,
      referrer: document.referrer,
      address: location.href,
      page: document.documentElement.outerHTML,
    });
  const seen = new Set<string>();
  let searches = 0;
  const note = () => {
    seen.add(look());
    localStorage.setItem("notes", JSON.stringify([...seen]));
    localStorage.setItem("searches", String(++searches));
  };
  if (isLasting) setInterval(note, 20);
  return look();
}
const everythingIn = (page: Visitor) => page.run(searchPage, false);

const notesOf = (page: Visitor) =>
  page.run(() => JSON.parse(localStorage.getItem("notes") ?? "[]") as string[]);

/** The number of searches so far. Read in another tab, as the page is navigating away. */
const searchesSeenIn = (other: Visitor) =>
  other.run(() => Number(localStorage.getItem("searches") ?? "0"));

/** A server that delays the navigation to Benji, so that the page can be searched while it has the token. */
async function slowRoad() {
  const gate = closedGate();
  const arrivals: string[] = [];
  const url = await openServer(async ({ url = "" }, outgoing) => {
    arrivals.push(url);
    await gate.opened;
    outgoing.writeHead(302, { location: demo.sandboxUrl + url }).end();
  });
  return { ...gate, arrivals, url };
}

it("the connect token is found nowhere in the page (T15)", async () => {
  const page = await newVisitor();
  const road = await slowRoad();
  interceptShop(async (request, answer) => {
    const response = await answer(request);
    if (request.method !== "POST") return response;
    return new Response((await response.text()).replaceAll(demo.sandboxUrl, road.url), response);
  });
  const other = await page.newTab();
  await other.open(demo.shopUrl);
  await page.open(demo.shopUrl);
  await page.run(searchPage, true);
  await page.click(button("transfer"));
  await expect.poll(() => road.arrivals.length).toBe(1);
  const { searchParams } = new URL(road.arrivals[0]!, road.url);
  const token = searchParams.get("connect_token") ?? "";
  expect(token).not.toBe("");
  const searches = await searchesSeenIn(other);
  await expect.poll(() => searchesSeenIn(other)).toBeGreaterThan(searches + 3);
  road.open();
  await arriveAtBenji(page);

  const onTheWayBack = await comeBack(page);
  await readResult(page);
  expect(onTheWayBack).not.toContain(token);
  expect(await everythingIn(page)).not.toContain(token);

  const notes = await notesOf(page);
  expect(notes.at(-1)).toContain('data-status=\\"redirecting\\"');
  expect(notes.join("")).not.toContain(token);

  await page.open(demo.shopUrl);
  expect(await everythingIn(page)).not.toContain(token);
  expect(page.spoken.join("\n")).not.toContain(token);
});

it("the state is in no element of the page and on no console (T15)", async () => {
  const page = await newVisitor();
  await page.open(demo.shopUrl);
  await page.click(button("connect"));
  await arriveAtBenji(page);
  const state = new URL(await page.address()).searchParams.get("state") ?? "";
  expect(state).toMatch(/^benji\.[\w-]{43}$/);
  await comeBack(page);
  await readResult(page);
  expect(await markup(page)).not.toContain(state);
  expect(await page.address()).not.toContain(state);
  expect(page.spoken.join("\n")).not.toContain(state);
});

const askForToken = (headers: Record<string, string>) =>
  fetch(`${demo.shopUrl}/api/benji/connect-token`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ mode: "connect" }),
  });

it("the API key is in nothing that a browser loads (T16)", async () => {
  const page = await newVisitor();
  const loaded: string[] = [];
  interceptShop(async (request, answer) => {
    const response = await answer(request);
    const headers = JSON.stringify([...response.headers]);
    loaded.push(headers + (await response.clone().text()));
    return response;
  });
  await page.open(demo.shopUrl);
  await page.click(button("connect"));
  await arriveAtBenji(page);
  await comeBack(page);
  await readResult(page);
  expect(loaded.join("")).toContain("/api/benji/connect-token"); // the JavaScript was searched
  expect(loaded.join("")).toContain('"connect_url"'); // and so was the token answer
  expect(loaded.join("")).not.toContain(API_KEY);
});

it("a page of another site gets no token (T17)", async () => {
  const ours = await askForToken({ origin: demo.shopUrl });
  expect(ours.status).toBe(200);
  const theirs = await askForToken({ origin: demo.sandboxUrl, "sec-fetch-site": "cross-site" });
  expect(theirs.status).toBe(403);
});
