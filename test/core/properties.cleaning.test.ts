import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { removeRedirectParams } from "../../src/core/index.js";
import { seedRuns } from "./randomValues.js";
import { CALLBACK, createTab } from "./createTab.js";
import {
  foreignQuery,
  interleaved,
  oddlyEncoded,
  oddText,
  ODD_LETTERS,
  OURS,
  RAW_LETTERS,
} from "./queryArbitraries.js";

seedRuns("properties.cleaning");

describe("removeRedirectParams on any query", () => {
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

  it("removeRedirectParams keeps every byte of foreign parameters, and a second call changes nothing", () => {
    fc.assert(
      fc.property(scene(ODD_LETTERS + RAW_LETTERS), ({ foreign, query, base, hash }) => {
        const cleaned = removeRedirectParams(`${base}?${query}${hash}`);
        expect(cleaned).toBe(`${base}${foreign && `?${foreign}`}${hash}`);
        expect(removeRedirectParams(cleaned)).toBe(cleaned);
      }),
      { numRuns: 3_000 },
    );
  });

  it("removeRedirectParams returns an address without Benji's parameters unchanged", () => {
    const foreign = foreignQuery(ODD_LETTERS + RAW_LETTERS).map((all) => `/a?${all.join("&")}`);
    fc.assert(
      fc.property(foreign, (url) => {
        expect(removeRedirectParams(url)).toBe(url);
      }),
    );
  });

  it("removeRedirectParams removes our five parameters from any address, and a second call changes nothing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
        const cleaned = removeRedirectParams(new URL(`https://x.example/?${a}&state=s&${b}`).href);
        const { searchParams } = new URL(cleaned);
        expect(OURS.filter((name) => searchParams.has(name))).toEqual([]);
        expect(removeRedirectParams(cleaned)).toBe(cleaned);
      }),
    );
  });

  it("the address bar loses Benji's parameters and keeps every other byte", () => {
    fc.assert(
      fc.property(scene(ODD_LETTERS), ({ foreign, query, hash }) => {
        const tab = createTab();
        tab.open(`${CALLBACK}?benji_user_id=1&${query}${hash}`);
        expect(tab.replaced).toEqual([`${CALLBACK}${foreign && `?${foreign}`}${hash}`]);
      }),
    );
  });
});
