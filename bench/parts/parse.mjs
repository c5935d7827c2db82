// Compares `parseRedirect` with five `searchParams.get` in Chromium, and measures how much its time
// grows when hostile input is ten times as long.
import { bundle } from "../lib/bundle.mjs";
import { html, javascript, serve, withBrowser } from "../lib/site.mjs";
import { inTurns, median, ratios } from "../lib/stats.mjs";

const ROUNDS = 30;
const [SMALL, LARGE] = [20_000, 200_000];
const READERS = { naive: "five `searchParams.get`", ours: "parseRedirect" };

export async function parse() {
  const script = await bundle("parse");
  const shop = await serve((_, { pathname }) =>
    pathname === "/" ? html("/page.js") : javascript(script),
  );
  try {
    return await withBrowser(async (context) => {
      const page = await context.newPage();
      await page.goto(shop.origin);
      await page.waitForFunction(() => globalThis.bench);
      return [await readReal(page), await readHostile(page)];
    });
  } finally {
    shop.close();
  }
}

async function readReal(page) {
  const rounds = await inTurns(Object.keys(READERS), { rounds: ROUNDS, warmUps: 5 }, (reader) =>
    page.evaluate((reader) => globalThis.bench.real(reader), reader),
  );
  const rows = Object.entries(READERS).map(([reader, name]) => ({
    "read by": name,
    µs: median(rounds[reader]),
    "to five get": ratios(rounds[reader], rounds.naive),
  }));
  return { title: `One return, ${ROUNDS} rounds of 2,000`, rows };
}

async function readHostile(page) {
  const kinds = await page.evaluate(() => globalThis.bench.kinds);
  const lanes = kinds.flatMap((kind) =>
    Object.keys(READERS).flatMap((reader) =>
      [SMALL, LARGE].map((size) => ({ kind, reader, size })),
    ),
  );
  const names = lanes.map((lane) => JSON.stringify(lane));
  const rounds = await inTurns(names, { rounds: 9, warmUps: 1 }, (name) =>
    page.evaluate(
      ({ reader, kind, size }) => globalThis.bench.hostile(reader, kind, size),
      JSON.parse(name),
    ),
  );
  const of = (kind, reader, size) => rounds[JSON.stringify({ kind, reader, size })];
  const growth = (kind, reader) => ratios(of(kind, reader, LARGE), of(kind, reader, SMALL));
  const rows = kinds.map((kind) => ({
    "hostile input": kind,
    "ms at 200 kB": median(of(kind, "ours", LARGE)) / 1_000,
    "time for 10 times the input": growth(kind, "ours"),
    "the same, five get": growth(kind, "naive"),
    "to five get": ratios(of(kind, "ours", LARGE), of(kind, "naive", LARGE)),
  }));
  return { title: "Hostile input: 200 kB against 20 kB, 9 rounds", rows };
}
