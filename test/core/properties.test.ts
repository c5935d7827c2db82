import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  buildHostedConnectUrl,
  parseRedirect,
  removeRedirectParams,
} from "../../src/core/index.js";
import { anyText, nearMissOf, numbersFrom, randomBytesFrom, seedRuns } from "./chance.js";
import { CALLBACK, CONNECT_URL, createTab, itemsOf, keysOf, returnUrl } from "./createTab.js";
import { workOf } from "./work.js";

seedRuns("properties");

/** Benji's words, spelled out here on purpose. */
const OURS = ["status", "state", "benji_user_uuid", "benji_user_id", "trigger_event_id"];
const SUCCESS = { status: "success", benji_user_uuid: "uuid-1" };

/** Each letter of a name may be percent-encoded, in either case. */
const oddlyEncoded = (name: string) =>
  fc
    .array(fc.constantFrom("plain", "upper", "lower"), {
      minLength: name.length,
      maxLength: name.length,
    })
    .map((styles) =>
      [...name].map((letter, index) => encodeLetter(letter, styles[index])).join(""),
    );

function encodeLetter(letter: string, style: string | undefined): string {
  const hex = `%${letter.charCodeAt(0).toString(16)}`;
  return style === "plain" ? letter : style === "upper" ? hex.toUpperCase() : hex;
}

/** How whoever writes a query may encode one value. */
const encodings: ((value: string) => string)[] = [
  encodeURIComponent,
  (value) => String(new URLSearchParams({ "": value })).slice(1),
  (value) =>
    [...new TextEncoder().encode(value)]
      .map((byte) => `%${byte.toString(16).padStart(2, "0")}`)
      .join(""),
];
const encoding = fc.constantFrom(...encodings);

// Letters that spell none of Benji's or OAuth's names, encoded or not, and everything that upsets a decoder.
const ODD_LETTERS = "nzZ%+?/[]().-~!*01";
const RAW_LETTERS = "\"' é漢😀\\|{}^`";
const oddText = (letters: string) => fc.string({ unit: fc.constantFrom(...letters), maxLength: 8 });
const nearNames = fc.constantFrom(
  ...["Status", "status_", "status[]", "_state", "%2573tate", "+state", "state%20", "?status"],
  ...["benji_user", "benji_user_uuids", "%zzstate", "state%", "", "utm_source", "gclid"],
);

/** A segment of somebody else's query: `a=b`, `a`, `=b`, ``, each as odd as addresses get. */
const foreignSegment = (letters: string) =>
  fc
    .tuple(
      fc.oneof(oddText(letters), nearNames),
      fc.option(
        fc.oneof(oddText(`${letters}=`), fc.constantFrom("status=success", "%26state%3Dx")),
      ),
    )
    .map(([name, value]) => (value === null ? name : `${name}=${value}`));
const foreignQuery = (letters: string) => fc.array(foreignSegment(letters), { maxLength: 6 });

/** Two lists in one, each in its own order. */
const interleaved = <T>(a: readonly T[], b: readonly T[]) =>
  fc.infiniteStream(fc.boolean()).map((choices) => {
    const [left, right] = [[...a], [...b]];
    const merged: T[] = [];
    while (left.length || right.length)
      merged.push(
        ...((choices.next().value && left.length) || !right.length ? left : right).splice(0, 1),
      );
    return merged;
  });

describe("round trip", () => {
  const present = (values: Record<string, string | null>) =>
    Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== null);

  it("connect_url's own words are replaced, never doubled, and everything else on it stays", () => {
    const own = fc
      .constantFrom("state", "connect_token", "mode", "amount", "user_external_id")
      .chain(oddlyEncoded)
      .map((name) => `${name}=old`);
    const query = fc
      .tuple(foreignQuery(ODD_LETTERS), fc.array(own, { maxLength: 3 }))
      .chain(([foreign, replaced]) =>
        fc.tuple(fc.constant(foreign), interleaved(foreign, replaced)),
      );
    fc.assert(
      fc.property(anyText, query, fc.constantFrom("", "#top"), (state, [foreign, all], hash) => {
        const given = { connectToken: "token", state, mode: "redeem", amount: 7 } as const;
        const url = new URL(buildHostedConnectUrl(`${CONNECT_URL}?${all.join("&")}${hash}`, given));
        const kept = foreign.join("&");
        expect(url.hash).toBe(hash);
        expect(url.search.startsWith(`?${kept && `${kept}&`}`)).toBe(true);
        const rest = new URLSearchParams(url.search.slice(kept.length + 1));
        expect([...rest].sort()).toEqual([
          ["connect_token", "token"],
          ["mode", "4"],
          ["state", state],
        ]);
      }),
    );
  });

  it("what Benji echoes is what was sent, however it encodes and wherever it puts its words", () => {
    const answer = fc.record({
      status: fc.constantFrom("success", "error"),
      benji_user_uuid: fc.option(anyText),
      benji_user_id: fc.option(anyText),
      trigger_event_id: fc.option(anyText),
    });
    const scene = fc
      .tuple(anyText, answer, foreignQuery(ODD_LETTERS), encoding)
      .chain(([state, given, foreign, encode]) => {
        const hosted = new URL(buildHostedConnectUrl(CONNECT_URL, { state }));
        const echoed = { ...given, state: hosted.searchParams.get("state") };
        const words = present(echoed).map(([name, value]) => `${name}=${encode(value)}`);
        const query = interleaved(foreign, words).map((segments) => segments.join("&"));
        return fc.record({
          state: fc.constant(state),
          given: fc.constant(given),
          foreign: fc.constant(foreign.join("&")),
          query,
        });
      });
    fc.assert(
      fc.property(scene, ({ state, given, foreign, query }) => {
        const { status, benji_user_uuid, benji_user_id, trigger_event_id } = given;
        const ids = {
          benjiUserUuid: benji_user_uuid,
          benjiUserId: benji_user_id,
          triggerEventId: trigger_event_id,
        };
        const claim = parseRedirect(`${CALLBACK}?${query}#h`, { path: "/benji/callback" });
        expect(claim).toEqual({ status, state, ...Object.fromEntries(present(ids)) });
        expect(removeRedirectParams(`${CALLBACK}?${query}#h`)).toBe(
          `${CALLBACK}${foreign && `?${foreign}`}#h`,
        );
      }),
    );
  });

  it("a flow gets back what its start carried along", async () => {
    const start = fc.record({
      mode: fc.constantFrom("connect", "transfer", "redeem"),
      appState: fc.jsonValue({ maxDepth: 3 }),
      userKey: fc.option(anyText),
    });
    await fc.assert(
      fc.asyncProperty(start, fc.option(anyText), async (options, uuid) => {
        fc.pre(JSON.stringify(options).length < 3_000);
        const tab = createTab();
        const state = await tab.start(options);
        const ids = uuid === null ? {} : { benji_user_uuid: uuid };
        const result = tab.open(returnUrl({ status: "success", state, ...ids }), options);
        const { mode, appState } = options;
        const claimed = uuid === null ? {} : { benjiUserUuid: uuid };
        // As text: what JSON cannot tell apart (-0), storage cannot either.
        expect(JSON.parse(JSON.stringify(result))).toEqual(
          JSON.parse(
            JSON.stringify({ status: "success", ...claimed, mode, appState, replayed: false }),
          ),
        );
      }),
    );
  });
});

describe("never a throw", () => {
  const STATE = "benji.planted";
  const utf16 = fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units));
  const address = fc.oneof(
    utf16,
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    fc
      .array(
        fc.oneof(
          foreignSegment(ODD_LETTERS + RAW_LETTERS),
          fc
            .tuple(
              fc.constantFrom(...OURS).chain(oddlyEncoded),
              fc.oneof(utf16, oddText(ODD_LETTERS)),
            )
            .map(([name, value]) => `${name}=${value}`),
          fc.constantFrom("status=success", "status=error", `state=${STATE}`, "benji_user_id=1"),
        ),
      )
      .map((segments) => `${CALLBACK}?${segments.join("&")}`),
  );

  const field = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.double(),
    fc.constantFrom(1_700_000_000_000, 60_000, "success", -0, 1e308),
  );
  const outcome = fc.record(
    {
      status: fc.constantFrom("success", "error", "ok", 1),
      settledAt: field,
      benjiUserUuid: field,
    },
    { requiredKeys: [] },
  );
  const nearRecord = fc.record(
    {
      startedAt: field,
      lifetimeMs: field,
      mode: fc.oneof(field, fc.constantFrom("connect", 3, 2)),
      returnTo: fc.oneof(field, fc.constantFrom("//evil.example", "/x", "javascript:0")),
      appState: field,
      userKey: fc.oneof(field, fc.constant(null)),
      outcome: fc.oneof(field, outcome),
      confirmation: field,
    },
    { requiredKeys: [] },
  );
  const storedText = fc.oneof(
    utf16,
    fc.json(),
    nearRecord.map((record) => JSON.stringify(record)),
    nearRecord.map((record) => JSON.stringify(record).slice(0, -1)),
    fc.constantFrom("", "null", "[]", '{"startedAt":1e999,"lifetimeMs":1e999}'),
  );

  it("any address is read, and cleaned, or left alone (F28)", () => {
    const options = fc.constantFrom(
      {},
      { path: "/benji/callback" },
      { match: () => true },
      { dangerouslyAcceptReturnsWithoutState: true },
    );
    fc.assert(
      fc.property(address, options, (text, given) => {
        const tab = createTab();
        parseRedirect(text, given);
        removeRedirectParams(text);
        expect(tab.open(text, given).status).toMatch(/^(none|rejected|unverified)$/);
        expect(keysOf(tab.storage)).toEqual([]);
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    '{"startedAt":{"toString":""},"lifetimeMs":3600000}',
    '{"startedAt":1,"lifetimeMs":{"toString":""}}',
    '{"outcome":{"settledAt":{"valueOf":1,"toString":1}}}',
    '{"startedAt":1,"lifetimeMs":3600000,"outcome":[]}',
  ])(
    "a record whose times are no numbers, %s, is dropped by the next start (F36)",
    async (record) => {
      const tab = createTab();
      tab.storage.setItem("benji-connect:1:benji.damaged", record);
      expect(await tab.flow().connect()).toEqual({ status: "redirecting" });
      expect(keysOf(tab.storage)).not.toContain("benji-connect:1:benji.damaged");
    },
  );

  it("whatever lies in storage ends in a status of the list, never a throw, never NaN (F36, F31)", async () => {
    await fc.assert(
      fc.asyncProperty(storedText, storedText, address, async (record, last, url) => {
        const tab = createTab();
        const plant = () => {
          tab.storage.setItem(`benji-connect:1:${STATE}`, record);
          tab.storage.setItem("benji-connect:1:last", last);
        };
        plant();
        const results = [tab.open(url), tab.open(returnUrl({ ...SUCCESS, state: STATE }))];
        results.push(tab.reload());
        tab.historyState = { benjiConnect: STATE };
        results.push(tab.reload());
        for (const result of results) {
          expect(result.status).toMatch(/^(none|rejected|success|error)$/);
          expect(JSON.stringify(result)).toBe(JSON.stringify(JSON.parse(JSON.stringify(result))));
          if ("returnTo" in result) expect(result.returnTo).toMatch(/^\/(?!\/)/);
        }
        plant();
        expect(await tab.flow().connect()).toEqual({ status: "redirecting" });
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("ten times the address costs at most twelve times the work (T27, F27)", () => {
  const fill = (length: number, segment: (index: number) => string) => {
    let text = "";
    for (let index = 0; text.length < length; index++) text += segment(index);
    return text;
  };
  const SHAPES: [name: string, build: (length: number) => string][] = [
    ["one huge value", (length) => `?state=benji.${"x".repeat(length)}`],
    ["many small parameters", (length) => `?benji_x&${fill(length, (i) => `a${i}=1&`)}`],
    ["many repeats of one value", (length) => `?${fill(length, () => "state=benji.x&")}`],
    ["many values of one name", (length) => `?state=benji.x&${fill(length, (i) => `state=${i}&`)}`],
    ["percent signs", (length) => `?state=benji.${"%".repeat(length)}`],
    ["encoded letters", (length) => `?state=benji.${fill(length, () => "%62")}`],
    ["plus signs", (length) => `?state=benji.${"+".repeat(length)}`],
    ["unicode", (length) => `?state=benji.${"漢".repeat(length)}`],
    ["ampersands", (length) => `?state=benji.x${"&".repeat(length)}`],
    ["equals and question marks", (length) => `?state=benji.x&${"=?".repeat(length / 2)}`],
    ["slashes", (length) => `${"/".repeat(length)}?state=benji.x`],
    ["a hash", (length) => `?state=benji.x#${"?#&".repeat(length / 3)}`],
  ];

  const visit = (url: string) => createTab().open(url, { path: "" });
  const read = (url: string) => parseRedirect(url, { path: "/" });

  it.each(SHAPES)("%s", (_, build) => {
    const [small, large] = [10_000, 100_000].map((length) => CALLBACK + build(length));
    for (const action of [read, visit, removeRedirectParams]) {
      const work = [small, large].map((url = "") => workOf(() => action(url)));
      expect(work[0]).toBeGreaterThan(10_000);
      expect(work[1]).toBeLessThan(12 * (work[0] ?? 0));
    }
  });

  it.each([
    ["empty parameters", "&"],
    ["parameters without a value", "a&"],
    ["damaged parameters", "a?b&"],
  ])("2 MB of %s cost at most a look at each letter for each of our names", (_, segment) => {
    const length = 200_000;
    const query = segment.repeat(length / segment.length);
    const url = `${CALLBACK}?state=benji.x&status=success&${query}`;
    for (const action of [read, removeRedirectParams])
      expect(workOf(() => action(url))).toBeLessThan(60 * length);
  });

  it("counts a loop in a loop as what it is", () => {
    const square = (url: string) => url.split("").filter((letter) => url.includes(letter + letter));
    const [small, large] = [100, 1_000].map((length) => "ab".repeat(length));
    expect(workOf(() => square(large ?? ""))).toBeGreaterThan(
      50 * workOf(() => square(small ?? "")),
    );
  });
});

describe("cleaning", () => {
  const ourSegment = fc
    .tuple(fc.constantFrom(...OURS).chain(oddlyEncoded), fc.option(oddText(`${ODD_LETTERS}=`)))
    .map(([name, value]) => (value === null ? name : `${name}=${value}`));
  const scene = (letters: string) =>
    fc
      .tuple(foreignQuery(letters), fc.array(ourSegment, { minLength: 1, maxLength: 5 }))
      .chain(([foreign, ours]) =>
        fc.record({
          foreign: fc.constant(foreign.join("&")),
          query: interleaved(foreign, ours).map((segments) => segments.join("&")),
          base: fc.constantFrom(
            "",
            "/",
            "/a%20b/%zz",
            CALLBACK,
            "https://shop.example//x;y=status",
          ),
          hash: fc.constantFrom("", "#", "#top", "#?state=kept&status=success", "#a#b?c"),
        }),
      );

  it("changes no byte that is not Benji's, and a second time changes nothing", () => {
    fc.assert(
      fc.property(scene(ODD_LETTERS + RAW_LETTERS), ({ foreign, query, base, hash }) => {
        const cleaned = removeRedirectParams(`${base}?${query}${hash}`);
        expect(cleaned).toBe(`${base}${foreign && `?${foreign}`}${hash}`);
        expect(removeRedirectParams(cleaned)).toBe(cleaned);
      }),
      { numRuns: 3_000 },
    );
  });

  it("returns an address without Benji's words as it is", () => {
    const foreign = foreignQuery(ODD_LETTERS + RAW_LETTERS).map((all) => `/a?${all.join("&")}`);
    fc.assert(
      fc.property(foreign, (url) => {
        expect(removeRedirectParams(url)).toBe(url);
      }),
    );
  });

  it("leaves none of Benji's five words on any address, and nothing to do for a second time", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
        const cleaned = removeRedirectParams(new URL(`https://x.example/?${a}&state=s&${b}`).href);
        const { searchParams } = new URL(cleaned);
        expect(OURS.filter((name) => searchParams.has(name))).toEqual([]);
        expect(removeRedirectParams(cleaned)).toBe(cleaned);
      }),
    );
  });

  it("the address bar loses Benji's words and no other byte", () => {
    fc.assert(
      fc.property(scene(ODD_LETTERS), ({ foreign, query, hash }) => {
        const tab = createTab();
        tab.open(`${CALLBACK}?benji_user_id=1&${query}${hash}`);
        expect(tab.replaced).toEqual([`${CALLBACK}${foreign && `?${foreign}`}${hash}`]);
      }),
    );
  });
});

describe("a state that was not started is never believed", () => {
  /** A tab with unfinished flows, and what lies in its storage. */
  async function tabWithFlows(seed: number, count: number) {
    const tab = createTab();
    const randomBytes = randomBytesFrom(numbersFrom(seed));
    const states: string[] = [];
    while (states.length < count) states.push(await tab.start({ randomBytes }));
    return {
      tab,
      states,
      dump: () => itemsOf(tab.storage),
    };
  }
  const flows = fc.tuple(fc.integer(), fc.integer({ min: 1, max: 3 }));
  const status = fc.constantFrom("success", "error");
  const options = fc.constantFrom(
    {},
    { path: "/benji/callback" },
    { dangerouslyAcceptReturnsWithoutState: true },
  );

  it("nothing that is almost the state of a flow is accepted, and the real return still counts (T1, T2, T3)", async () => {
    const params = fc.gen();
    await fc.assert(
      fc.asyncProperty(flows, status, options, params, async ([seed, count], said, given, pick) => {
        const { tab, states, dump } = await tabWithFlows(seed, count);
        const before = dump();
        const state = pick(() => nearMissOf(states[0] ?? ""));
        const encode = pick(() => encoding);
        const url = `${CALLBACK}?status=${said}&benji_user_id=7&state=${encode(state)}`;
        const result = tab.open(url, given);
        const reason =
          state.length > 512 ? "params_too_long" : state === "" ? "state_missing" : "state_unknown";
        if (state === "" && "dangerouslyAcceptReturnsWithoutState" in given)
          expect(result.status).toBe("unverified");
        else expect(result).toEqual({ status: "rejected", reason });
        expect(dump()).toEqual(before);
        for (const true_ of states)
          expect(tab.open(returnUrl({ ...SUCCESS, state: true_ }))).toMatchObject({
            status: "success",
            replayed: false,
          });
      }),
      { numRuns: 2_000 },
    );
  });

  it("any address that does not say one started state plainly is not believed (T1, T24)", async () => {
    await fc.assert(
      fc.asyncProperty(flows, options, fc.gen(), async ([seed, count], given, pick) => {
        const { tab, states, dump } = await tabWithFlows(seed, count);
        const before = dump();
        const values = fc.oneof(fc.constantFrom(...states), nearMissOf(states[0] ?? ""), anyText);
        const segment = fc.oneof(
          { weight: 3, arbitrary: status.map((said) => `status=${said}`) },
          fc
            .tuple(fc.constantFrom(...OURS).chain(oddlyEncoded), values, encoding)
            .map(([name, value, encode]) => `${name}=${encode(value)}`),
          foreignSegment(ODD_LETTERS),
        );
        const query = pick(() => fc.array(segment, { maxLength: 6 })).join("&");
        const hash = pick(() => fc.constantFrom("", `#status=success&state=${states[0]}`));
        const said = [...new Set(new URLSearchParams(`&${query}`).getAll("state"))];
        const isOneOfOurs = said.length === 1 && states.includes(said[0] ?? "");
        const result = tab.open(`${CALLBACK}?${query}${hash}`, given);
        const isBelieved = result.status === "success" || result.status === "error";
        if (isBelieved) expect(isOneOfOurs).toBe(true);
        else expect(dump()).toEqual(before);
        if (result.status === "rejected")
          expect(Object.keys(result).sort()).toEqual(["reason", "status"]);
      }),
      { numRuns: 2_000 },
    );
  });
});
