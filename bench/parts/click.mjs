// Measures the time from a real mouse click to the request at the hosted page. In every lane the click
// comes 300 ms after the pointer. Page and server share one machine, and so one clock.
import { bundle } from "../lib/bundle.mjs";
import { html, json, neverMet, redirectTo, serve, withBrowser } from "../lib/site.mjs";
import { differences, inTurns, median } from "../lib/stats.mjs";

const ROUNDS = 20;
const HOVER_MS = 300;
const DELAYS_MS = [0, 50, 200];

const LANES = {
  link: "`<a href>`",
  byHand: "by hand: fetch, then assign",
  ours: "BenjiConnectButton",
  oursIntent: 'BenjiConnectButton, prefetch="intent"',
};

const now = () => performance.timeOrigin + performance.now();
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function click() {
  const script = await bundle("click");
  let arrive;
  const benji = await serve(({ headers }, { pathname, searchParams }) => {
    const at = now();
    if (pathname !== "/hosted" || !searchParams.has("connect_token")) return redirectTo("/nothing");
    arrive(at - Number(/clicked=([\d.]+)/.exec(headers.cookie)[1]));
    return {
      headers: { "content-type": "text/html" },
      body: "<!doctype html><title>Benji</title>",
    };
  });
  const hosted = `${benji.origin}/hosted`;
  let delayMs = 0;
  const shop = await serve(async (_, { pathname }) => {
    const [, kind, lane] = pathname.split("/");
    if (kind === "page.js") return neverMet(script);
    if (kind === "shop") {
      const told = JSON.stringify({ hosted, lane });
      return html("/page.js", `<meta name="bench" content='${told}'>`);
    }
    if (kind !== "api") return;
    await wait(delayMs);
    return json({ token: "t-1", connect_url: hosted });
  });

  const measure = async (page, lane) => {
    await page.mouse.move(600, 600);
    await page.goto(`${shop.origin}/shop/${lane}`);
    const { x, y, width, height } = await page.locator("a, button").boundingBox();
    const arrival = new Promise((resolve, reject) => {
      arrive = resolve;
      setTimeout(() => reject(new Error(`${lane}: never arrived.`)), 20_000).unref();
    });
    await page.mouse.move(x + width / 2, y + height / 2);
    await wait(HOVER_MS);
    await page.mouse.down();
    await page.mouse.up();
    const ms = await arrival;
    await page.waitForURL(/hosted/);
    return ms;
  };

  try {
    return await withBrowser(async (context) => {
      const page = await context.newPage();
      const pairs = DELAYS_MS.flatMap((delay) =>
        Object.keys(LANES).map((lane) => `${lane} ${delay}`),
      );
      const rounds = await inTurns(pairs, { rounds: ROUNDS, warmUps: 1 }, (pair) => {
        const [lane, delay] = pair.split(" ");
        delayMs = Number(delay);
        return measure(page, lane);
      });
      return DELAYS_MS.map((delay) => toTable(delay, rounds));
    });
  } finally {
    shop.close();
    benji.close();
  }
}

function toTable(delay, rounds) {
  const title = `Click to the request at Benji, a token takes ${delay} ms, ${ROUNDS} rounds`;
  const rows = Object.entries(LANES).map(([lane, name]) => ({
    with: name,
    ms: median(rounds[`${lane} ${delay}`]),
    "ms over the link": differences(rounds[`${lane} ${delay}`], rounds[`link ${delay}`]),
    "ms over by hand": differences(rounds[`${lane} ${delay}`], rounds[`byHand ${delay}`]),
  }));
  return { title, rows };
}
