import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  buildHostedConnectUrl,
  parseRedirect,
  removeRedirectParams,
} from "../../src/core/index.js";
import { anyText, seedRuns } from "./randomValues.js";
import { CALLBACK, CONNECT_URL, createTab, returnUrl } from "./createTab.js";
import {
  encoding,
  foreignQuery,
  interleaved,
  oddlyEncoded,
  ODD_LETTERS,
} from "./queryArbitraries.js";

seedRuns("properties.roundTrip");

describe("what was sent is what comes back", () => {
  const present = (values: Record<string, string | null>) =>
    Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== null);

  it("our parameters on connect_url are replaced and not repeated, and every other one is kept", () => {
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

  it("parseRedirect reads back what was sent, for any encoding and any order of the parameters (T18)", () => {
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
        const segments = present(echoed).map(([name, value]) => `${name}=${encode(value)}`);
        const query = interleaved(foreign, segments).map((all) => all.join("&"));
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

  it("the result of a return has the mode and the appState of its start", async () => {
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
        // Compared as JSON text, because storage holds JSON: it turns -0 into 0.
        expect(JSON.parse(JSON.stringify(result))).toEqual(
          JSON.parse(
            JSON.stringify({ status: "success", ...claimed, mode, appState, replayed: false }),
          ),
        );
      }),
    );
  });
});
