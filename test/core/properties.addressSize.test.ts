import { describe, expect, it } from "vitest";
import { parseRedirect, removeRedirectParams } from "../../src/core/index.js";
import { CALLBACK, createTab } from "./createTab.js";
import { workOf } from "./countLetters.js";

describe("the work for a long address (T27, F27)", () => {
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
    ["a hash behind the query", (length) => `?state=benji.x#${"?#&".repeat(length / 3)}`],
  ];

  const visit = (url: string) => createTab().open(url, { path: "" });
  const read = (url: string) => parseRedirect(url, { path: "/" });

  it.each(SHAPES)(
    "of an address that is ten times as long because of %s the library reads at most twelve times as many characters",
    (_, build) => {
      const [small, large] = [10_000, 100_000].map((length) => CALLBACK + build(length));
      for (const action of [read, visit, removeRedirectParams]) {
        const work = [small, large].map((url = "") => workOf(() => action(url)));
        expect(work[0]).toBeGreaterThan(10_000);
        expect(work[1]).toBeLessThan(12 * (work[0] ?? 0));
      }
    },
  );

  it.each([
    ["empty parameters", "&"],
    ["parameters without a value", "a&"],
    ["damaged parameters", "a?b&"],
  ])("an address with 200 kB of %s costs at most 60 steps a character", (_, segment) => {
    const length = 200_000;
    const query = segment.repeat(length / segment.length);
    const url = `${CALLBACK}?state=benji.x&status=success&${query}`;
    for (const action of [read, removeRedirectParams])
      expect(workOf(() => action(url))).toBeLessThan(60 * length);
  });

  it("workOf, which counts the steps in these tests, recognizes the quadratic work of a loop in a loop", () => {
    const square = (url: string) => url.split("").filter((letter) => url.includes(letter + letter));
    const [small, large] = [100, 1_000].map((length) => "ab".repeat(length));
    expect(workOf(() => square(large ?? ""))).toBeGreaterThan(
      50 * workOf(() => square(small ?? "")),
    );
  });
});
