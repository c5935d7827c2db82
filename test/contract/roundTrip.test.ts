import fc from "fast-check";
import { expect, it } from "vitest";
import {
  buildHostedConnectUrl,
  parseRedirect,
  removeRedirectParams,
} from "../../src/core/index.js";
import { mergeIntoQuery } from "../../src/sandbox/hosted/redirectBack.js";

/** Any well-formed text that a parameter may hold: line breaks, NUL, emoji, `&=#%+`, right to left. */
const text = fc
  .oneof(
    fc.string({ unit: "binary", minLength: 1, maxLength: 200 }),
    fc.string({
      unit: fc.constantFrom(..."&=#?%+/\\;:@ \"'<>\r\n\0é漢😀"),
      minLength: 1,
      maxLength: 200,
    }),
    fc.uuid(),
  )
  .filter((value) => value.length <= 512);

const absent = fc.constant(undefined);

const back = fc.record({
  status: fc.constantFrom("success" as const, "error" as const),
  state: text,
  benjiUserUuid: fc.oneof(text, absent),
  benjiUserId: fc.oneof(text, absent),
  triggerEventId: fc.oneof(text, absent),
});

const BENJI_PARAMS = ["status", "state", "benji_user_uuid", "benji_user_id", "trigger_event_id"];
// These parameters mark the return of another provider, which is ignored.
const OTHER_PROVIDERS = ["code", "id_token"];

/** A partner's own query: repeated names, brackets, empty values, several encodings of a value. */
const ownQuery = fc
  .array(
    fc.tuple(
      fc
        .stringMatching(/^[a-z][a-z0-9_[\].-]{0,9}$/)
        .filter((name) => ![...BENJI_PARAMS, ...OTHER_PROVIDERS].includes(name)),
      fc.oneof(
        absent,
        fc.stringMatching(/^[A-Za-z0-9~*!'().%/+-]{0,9}$/),
        text.map((value) => encodeURIComponent(value)),
      ),
    ),
    { maxLength: 6 },
  )
  .map((pairs) =>
    pairs.map(([name, value]) => (value === undefined ? name : `${name}=${value}`)).join("&"),
  );

const hash = fc.constantFrom("", "#top", "#/route?status=error");

it("for any values parseRedirect reads what was sent, and the cleaned address is the Redirect URL again", () => {
  fc.assert(
    fc.property(back, ownQuery, hash, ({ state, ...answer }, query, fragment) => {
      const redirectUrl = `https://shop.example/back${query && `?${query}`}${fragment}`;

      const hosted = buildHostedConnectUrl(
        "https://connect.withbenji.com/khkgfoud76td?theme=dark",
        {
          connectToken: "token",
          state,
        },
      );
      const echoed = new URL(hosted).searchParams.get("state") ?? "";
      const returned = mergeIntoQuery(
        redirectUrl,
        [
          ["status", answer.status] as const,
          ["state", echoed] as const,
          ["benji_user_uuid", answer.benjiUserUuid ?? ""] as const,
          ["benji_user_id", answer.benjiUserId ?? ""] as const,
          ["trigger_event_id", answer.triggerEventId ?? ""] as const,
        ].filter(([, value]) => value !== ""),
      );

      const present = Object.entries({ ...answer, state }).filter(
        ([, value]) => value !== undefined,
      );
      expect(parseRedirect(returned, { path: "/back" })).toEqual(Object.fromEntries(present));
      expect(removeRedirectParams(returned)).toBe(redirectUrl);
    }),
    { numRuns: 2_000 },
  );
});

it("for any values a Hosted Connect URL has the given parameters and keeps its own query", () => {
  const params = fc.record({
    state: text,
    mode: fc.constantFrom("connect" as const, "transfer" as const, "redeem" as const, undefined),
    amount: fc.oneof(fc.integer({ min: 1 }), absent),
    userExternalId: fc.oneof(text, absent),
  });
  const numbers = { connect: "1", transfer: "3", redeem: "4" };
  const outgoing = ["state", "mode", "amount", "user_external_id", "connect_token", "preview"];
  const query = ownQuery.filter(
    (own) => !outgoing.some((name) => new URLSearchParams(own).has(name)),
  );
  fc.assert(
    fc.property(params, query, (given, own) => {
      const url = new URL(
        buildHostedConnectUrl(`https://connect.withbenji.com/a${own && `?${own}`}`, given),
      );
      expect(
        url.search.slice(1).startsWith(new URL(`https://x.example/?${own}`).search.slice(1)),
      ).toBe(true);
      expect(url.searchParams.get("state")).toBe(given.state);
      expect(url.searchParams.get("mode")).toBe(given.mode ? numbers[given.mode] : null);
      expect(url.searchParams.get("amount")).toBe(
        given.amount === undefined ? null : `${given.amount}`,
      );
      expect(url.searchParams.get("user_external_id")).toBe(given.userExternalId ?? null);
    }),
    { numRuns: 1_000 },
  );
});
