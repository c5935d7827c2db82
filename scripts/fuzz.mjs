// Fuzzes the callback address in a real Chromium: `npm run fuzz -- [seed] [count]`. Builds nothing; run `npm run build` first.
// A page with three pending flows reads 100,000 mutated returns: it must accept none and keep all flows.
// Node runs this file to start the browser, and the page imports it to read the addresses.

const HOSTED = "https://connect.withbenji.com/khkgfoud76td";
const CALLBACK = "/benji/callback";
// Written out on purpose: the oracle below (the expected results) shares nothing with the library.
const FIVE = ["status", "state", "benji_user_uuid", "benji_user_id", "trigger_event_id"];
const MAX_LENGTH = 512;

// --- random numbers

/** mulberry32: random numbers from 0 to 1, the same ones for the same seed. */
function chanceFrom(seed) {
  let a = seed | 0;
  const next = () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const upTo = (limit) => Math.floor(next() * limit);
  return { upTo, of: (list) => list[upTo(list.length)], once: (times) => upTo(times) === 0 };
}

// --- addresses: a real return, mutated

const replaceAt = (text, index, change) =>
  text.slice(0, index) + change(text[index] ?? "") + text.slice(index + 1);
const swapCase = (c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase());
const toHex = (byte) => `%${byte.toString(16).padStart(2, "0")}`;
const encodeAll = (text) => [...new TextEncoder().encode(text)].map(toHex).join("");

const ODD = [
  "%",
  "%zz",
  "%E0%A4%A",
  "%00",
  "+",
  "%20",
  "\u202e",
  "漢",
  "\ud800",
  "&",
  "=",
  "#",
  "?",
];
ODD.push("\n", "\t", "%25", "%26", ";", "[]", "%EF%BB%BF", "<script>", "__proto__", "'", '"', "\\");

const NEAR_MISSES = [
  (state, { upTo }) => replaceAt(state, upTo(state.length), swapCase),
  (state, { upTo }) =>
    replaceAt(state, upTo(state.length), (c) =>
      String.fromCharCode(c.charCodeAt(0) ^ (1 << upTo(7))),
    ),
  (state, { upTo }) => state.slice(0, upTo(state.length)),
  (state, { upTo }) => state.slice(1 + upTo(state.length)),
  (state, { of }) => state + of([" ", "x", "=", "\0", "%00", ",", "\u00a0"]),
  (state, { of }) => of([" ", "\t", "\ufeff", "benji.", "1:"]) + state,
  (state) => encode(encode(`${state}/`)),
  (state) => encodeAll(state), // `ENCODINGS` encodes it once more
  (state) => state + state,
  (state) => state.toLowerCase(),
  () => `benji.${"A".repeat(43)}`,
  (_, { of }) => of(["", "last", "benji.", "__proto__", "constructor", "theirs"]),
];

const FOREIGN = [
  "code=4/0Ab",
  "id_token=e.y.J",
  "gclid=1",
  "utm_source=benji",
  "fbclid",
  "=",
  "a=%zz",
  "status[]=success",
];
FOREIGN.push(
  "benji_new=1",
  "benji_=",
  "Benji_user_uuid=x",
  "error=access_denied",
  "session_state=7",
  "",
  "%",
  "state%00=x",
);

const CHANGES = [
  // The state is almost right. This change is the most frequent one: an attack looks like this.
  ...Array.from(
    { length: 8 },
    () => (pairs, chance) =>
      setValue(pairs, "state", chance.of(NEAR_MISSES)(valueOf(pairs, "state"), chance)),
  ),
  (pairs) => pairs.filter(([name]) => name !== "state"),
  (pairs, { of }) =>
    setValue(
      pairs,
      "status",
      of(["", "ok", "Success", "success ", "succes", "toString", "success,error"]),
    ),
  (pairs, { of }) => [
    ...pairs,
    [of(FIVE), of(["success", "error", "", "x", "benji.y", valueOf(pairs, "state")])],
  ],
  (pairs, { of, upTo }) =>
    replaceItem(pairs, upTo(pairs.length), ([name, value]) => [
      of([name.toUpperCase(), ` ${name}`, `${name}[]`, replaceAt(name, 0, swapCase)]),
      value,
    ]),
  (pairs, { of, upTo }) =>
    replaceItem(pairs, upTo(pairs.length), ([name, value]) => [name, value + of(ODD)]),
  (pairs, { upTo }) => pairs.toSpliced(upTo(pairs.length), 1),
  (pairs) => [...pairs].reverse(),
  (pairs, { of }) => setValue(pairs, of(FIVE), "9".repeat(500 + 513 * of([0, 1]))),
];

const valueOf = (pairs, name) => pairs.find(([own]) => own === name)?.[1] ?? "";
const setValue = (pairs, name, value) =>
  pairs.map((pair) => (pair[0] === name ? [name, value] : pair));
const replaceItem = (list, index, change) =>
  list.map((item, at) => (at === index ? change(item) : item));

/** `encodeURIComponent` throws for half a surrogate, so `toWellFormed` replaces it. */
const encode = (text) => encodeURIComponent(text.toWellFormed());
const ENCODINGS = [
  encode,
  encode,
  encode,
  encodeAll,
  (text) => text,
  (text) => String(new URLSearchParams({ "": text })).slice(1),
];

function fuzzedAddress(states, chance) {
  const { of, once, upTo } = chance;
  let pairs = [
    ["status", of(["success", "error"])],
    ["state", of(states)],
  ];
  if (!once(5)) pairs.push(["benji_user_uuid", "3f0c1f0e-0000-4000-8000-000000000001"]);
  if (once(3)) pairs.push(["benji_user_id", "42"]);
  if (once(3)) pairs.push(["trigger_event_id", "event-1"]);
  for (let left = 1 + upTo(3); left > 0; left--) pairs = of(CHANGES)(pairs, chance);
  if (once(2_000))
    pairs.push([of([...FIVE, "benji_x", "x"]), of(["x", "%", "+", "漢", "&a=1"]).repeat(100_000)]);
  const segments = pairs.map(
    ([name, value]) => `${once(8) ? encodeAll(name) : name}=${of(ENCODINGS)(value)}`,
  );
  while (once(2)) segments.splice(upTo(segments.length + 1), 0, of(FOREIGN));
  const hash = once(4) ? `#${of(["top", `status=success&state=${of(states)}`, "?state=x"])}` : "";
  let query = segments.join("&");
  if (once(4)) query = flipByte(query, chance);
  return `${CALLBACK}?${query}${hash}`;
}

const flipByte = (text, { upTo }) =>
  replaceAt(text, upTo(text.length), (c) =>
    String.fromCharCode(((c.charCodeAt(0) || 32) & 127) ^ (1 << upTo(7))),
  );

// --- the oracle: the expected result of an address, without the library

function decode(text) {
  const bytes = [];
  const raw = new TextEncoder().encode(text);
  for (let index = 0; index < raw.length; index++) {
    const hex = raw[index] === 0x25 ? String.fromCharCode(raw[index + 1], raw[index + 2]) : "";
    const isEncoded = /^[0-9a-f]{2}$/i.test(hex);
    bytes.push(isEncoded ? parseInt(hex, 16) : raw[index] === 0x2b ? 0x20 : raw[index]);
    if (isEncoded) index += 2;
  }
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(bytes));
}

const readSegments = (search) =>
  search
    .slice(1)
    .split("&")
    .map((text) => {
      const [name, ...value] = text.split("=");
      return { text, name: decode(name), value: decode(value.join("=")) };
    });

/** Returns `genuine`, `forged` (must be rejected) or `foreign` (not Benji's: must stay unchanged). */
function judge(segments, states) {
  const said = (name) => [...new Set(segments.filter((s) => s.name === name).map((s) => s.value))];
  const has = (...names) => segments.some((s) => names.includes(s.name));
  // An unknown `benji_…` parameter counts as Benji's only beside a known status (decision 7).
  const isHinted =
    segments.some((s) => s.name.startsWith("benji_")) &&
    ["success", "error"].includes(said("status")[0]) &&
    !has("code", "id_token");
  const isBenjis =
    has("benji_user_uuid", "benji_user_id") ||
    said("state").some((state) => state.startsWith("benji.")) ||
    isHinted;
  if (!isBenjis) return "foreign";
  const [[state], [status]] = [said("state"), said("status")];
  const isPlain = FIVE.every(
    (name) => said(name).length <= 1 && (said(name)[0] ?? "").length <= MAX_LENGTH,
  );
  const isGenuine =
    isPlain && states.includes(state) && (status === "success" || status === "error");
  return isGenuine ? "genuine" : "forged";
}

/** Returns what the address bar must show afterwards. `location.hash` would hide an empty "#". */
function cleaned(shown, segments) {
  const [path] = shown.split("?");
  const hash = shown.includes("#") ? shown.slice(shown.indexOf("#")) : "";
  const kept = segments.filter((s) => !FIVE.includes(s.name)).map((s) => s.text);
  const query = kept.join("&");
  return path + (query && `?${query}`) + hash;
}

// --- in the page

const shownAddress = () => location.href.slice(location.origin.length);
const storedText = () => JSON.stringify(Object.entries(sessionStorage).sort());

/** Lets the library read one address. Returns the fault, if any; counts the results. */
function findFault(address, { createConnectFlow, states, stored }, counts) {
  history.replaceState(null, "", address);
  const shown = shownAddress();
  const segments = readSegments(location.search);
  const verdict = judge(segments, states);
  if (verdict === "genuine") return void count(counts, "genuine, left out");
  const expected = verdict === "forged" ? cleaned(shown, segments) : shown;
  let result;
  try {
    result = createConnectFlow().getResult();
  } catch (error) {
    return `threw ${error}`;
  }
  count(counts, result.status === "rejected" ? `rejected: ${result.reason}` : result.status);
  if (result.status !== (verdict === "forged" ? "rejected" : "none"))
    return `${verdict}, but ${result.status}`;
  if (Object.keys(result).some((key) => key !== "status" && key !== "reason"))
    return "says more than a reason";
  if (shownAddress() !== expected) return `left ${shownAddress().slice(0, 300)} in the address bar`;
  if (storedText() !== stored) return "changed what is stored";
}

const count = (counts, name) => void (counts[name] = (counts[name] ?? 0) + 1);

let setup;

/** Starts three flows that do not leave the page. Returns their states. */
export async function open() {
  const { createConnectFlow } = await import("/dist/core/index.js");
  const left = [];
  const fetchConnectToken = () => ({ token: "token", connect_url: HOSTED });
  const flow = () => createConnectFlow({ fetchConnectToken, navigate: (url) => left.push(url) });
  for (let index = 0; index < 3; index++) await flow().connect();
  return left.map((url) => new URL(url).searchParams.get("state"));
}

/** Prepares this document for visits: the page itself, or a frame of it, which shares its storage. */
export async function enter({ states, seed }) {
  const { createConnectFlow } = await import("/dist/core/index.js");
  setup = { createConnectFlow, states, stored: storedText(), chance: chanceFrom(seed) };
  return sessionStorage.length === 3 && new Set(states).size === 3;
}

export function visit(times) {
  const [counts, faults] = [{}, []];
  for (let index = 0; index < times && faults.length < 5; index++) {
    const address = fuzzedAddress(setup.states, setup.chance);
    const fault = findFault(address, setup, counts);
    if (fault) faults.push(`${fault}: ${address.slice(0, 300)}`);
  }
  return { counts, faults };
}

/** Returns, for each flow, whether its genuine return is still accepted. */
export function comeBack() {
  return setup.states.map((state, index) => {
    history.replaceState(
      null,
      "",
      `${CALLBACK}?status=success&state=${state}&benji_user_id=${index}`,
    );
    const result = setup.createConnectFlow().getResult();
    return result.status === "success" && result.benjiUserId === `${index}` && !result.replayed;
  });
}

// --- in Node

async function serve() {
  const { createServer } = await import("node:http");
  const { readFile } = await import("node:fs/promises");
  const root = new URL("../", import.meta.url);
  const server = createServer(async ({ url }, response) => {
    const isScript = /^\/(scripts\/fuzz\.mjs|dist\/[\w./-]+\.js)$/.test(url) && !url.includes("..");
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    try {
      response.end(
        isScript ? await readFile(new URL(`.${url}`, root)) : "<!doctype html><title>fuzz</title>",
      );
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "localhost", resolve));
  return { origin: `http://localhost:${server.address().port}`, close: () => server.close() };
}

const BATCH = 1_000;
// Only the first addresses are read in the page, the rest in a frame: replaceState takes 2 to 5 ms in a
// page and a third of that in a frame, and the library works alike in both.
const IN_THE_PAGE = 2_000;

const call = (place, name, argument) =>
  place.evaluate(
    async (verb, given) => (await import("/scripts/fuzz.mjs"))[verb](given),
    name,
    argument,
  );

async function openFrame(page) {
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        const frame = Object.assign(document.createElement("iframe"), { src: location.href });
        frame.onload = resolve;
        document.body.append(frame);
      }),
  );
  return page.frames()[1];
}

async function fuzz(page, seed, total) {
  const [counts, faults] = [{}, []];
  const frame = await openFrame(page);
  const states = await call(page, "open");
  const isReady = await Promise.all([
    call(page, "enter", { states, seed }),
    call(frame, "enter", { states, seed: ~seed }),
  ]);
  if (isReady.includes(false)) faults.push("three flows did not start");
  for (let done = 0; done < total && faults.length === 0; done += BATCH) {
    const place = done < IN_THE_PAGE ? page : frame;
    const batch = await call(place, "visit", Math.min(BATCH, total - done));
    for (const [name, times] of Object.entries(batch.counts))
      counts[name] = (counts[name] ?? 0) + times;
    faults.push(...batch.faults);
  }
  const returns = await call(page, "comeBack");
  if (returns.includes(false)) faults.push(`true returns believed: ${returns.join(", ")}`);
  return { counts, faults };
}

function report({ counts, faults }, seed, seconds) {
  const visits = Object.values(counts).reduce((sum, times) => sum + times, 0);
  console.log(`${visits} addresses in ${seconds.toFixed(1)} s, seed ${seed}`);
  for (const [name, times] of Object.entries(counts).sort())
    console.log(`  ${String(times).padStart(7)}  ${name}`);
  for (const fault of faults) console.error(`  FAULT  ${fault}`);
  console.log(
    faults.length
      ? "Failed."
      : "Nothing believed, thrown or lost; the three true returns came back.",
  );
}

async function main([seed = Date.now() % 2 ** 31, total = 100_000]) {
  const { default: puppeteer } = await import("puppeteer-core");
  const { chromiumArgs, ensure } = await import("./ensure-browser.mjs");
  // Without this flag Chromium ignores replaceState after 200 calls in 10 s.
  const args = [...chromiumArgs, "--disable-ipc-flooding-protection"];
  const browser = await puppeteer.launch({ executablePath: await ensure(), args });
  const server = await serve();
  try {
    const page = await browser.newPage();
    await page.goto(server.origin + CALLBACK);
    const start = performance.now();
    const findings = await fuzz(page, Number(seed), Number(total));
    report(findings, seed, (performance.now() - start) / 1_000);
    process.exitCode = findings.faults.length ? 1 : 0;
  } finally {
    await browser.close();
    server.close();
  }
}

if (typeof document === "undefined") await main(process.argv.slice(2));
