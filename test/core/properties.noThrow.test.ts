import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRedirect, removeRedirectParams } from "../../src/core/index.js";
import { seedRuns } from "./randomValues.js";
import { CALLBACK, createTab, keysOf, returnUrl } from "./createTab.js";
import {
  foreignSegment,
  oddlyEncoded,
  oddText,
  ODD_LETTERS,
  OURS,
  RAW_LETTERS,
} from "./queryArbitraries.js";

seedRuns("properties.noThrow");

const SUCCESS = { status: "success", benji_user_uuid: "uuid-1" };

describe("any address and any stored text", () => {
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

  it("reading and cleaning any address does not throw (F28)", () => {
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

  it("any text in the storage gives a known status and no NaN, and nothing throws (F36, F31)", async () => {
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
          // NaN, undefined and functions would not survive JSON.
          expect(result).toEqual(JSON.parse(JSON.stringify(result)));
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
