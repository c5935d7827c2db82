import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyText, nearMissOf, numbersFrom, randomBytesFrom, seedRuns } from "./randomValues.js";
import { CALLBACK, createTab, itemsOf, returnUrl } from "./createTab.js";
import { encoding, foreignSegment, oddlyEncoded, ODD_LETTERS, OURS } from "./queryArbitraries.js";

seedRuns("properties.forgedState");

const SUCCESS = { status: "success", benji_user_uuid: "uuid-1" };

describe("a state that was not started is never accepted", () => {
  /** A tab with unfinished flows, their states, and a function that reads the whole storage. */
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

  it("a state that differs slightly from that of a flow is not accepted; the real return succeeds (T1, T2, T3)", async () => {
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

  it("a return is accepted only if its address has exactly one state, and that of a started flow (T1, T24)", async () => {
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
