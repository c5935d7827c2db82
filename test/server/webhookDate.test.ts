import { describe, expect, it } from "vitest";
import { type BenjiWebhookError } from "../../src/server/index.js";
import {
  BODY,
  DATE,
  expectCode,
  NOW,
  refusalOf,
  SALT,
  sign,
  verify,
  webhook,
} from "./signedWebhook.js";

describe("the date", () => {
  it.each([[null], [""]])("a webhook is date_missing if its date header is %j", async (date) => {
    await expectCode(verify(webhook({ date })), "date_missing");
  });

  it.each([
    DATE,
    "Wed, 4 Mar 2026 05:06:07 GMT",
    "Wed, 04 Mar 2026 05:06:07 UTC",
    "Wed, 04 Mar 2026 05:06:07 +0000",
    "04 Mar 2026 05:06:07 GMT",
    "2026-03-04T05:06:07Z",
    "2026-03-04T05:06:07.000Z",
    "2026-03-04T05:06:07.000000Z",
    "2026-03-04T05:06:07+00:00",
    "2026-03-04T05:06:07.000000+00:00",
    "2026-03-04T05:06:07+0000",
    "2026-03-04T05:06:07",
    "2026-03-04 05:06:07",
    "2026-03-04 05:06:07 UTC",
    "2026-03-04 05:06:07.000000+00:00",
    String(NOW),
    String(NOW / 1000),
    `${NOW / 1000}.000`,
  ])("the date of a webhook may be written as %j", async (date) => {
    await expect(verify(webhook({ date }), { toleranceMs: 0 })).resolves.toBeDefined();
  });

  it.each([
    `${DATE}, ${DATE}`,
    "2026-03-04T05:06:07Z, 2026-03-04T05:06:07Z",
    "Wed, 04 Mar 2026 05:06:07",
    "Wed, 04 Mar 2026 05:06:07 +0200",
    "Wed, 04 Mär 2026 05:06:07 GMT",
    "Wed, 04 Abc 2026 05:06:07 GMT",
    "2026-03-04T05:06:07+02:00",
    "2026-03-04",
    "2026-13-04T05:06:07Z",
    "2026-03-04T25:06:07Z",
    "20260304050607",
    "-1772600767",
    "1e12",
    "now",
  ])(
    "a webhook with the date %j is date_malformed, and the error quotes the date",
    async (date) => {
      const error = await refusalOf(verify(webhook({ date })));
      expect(error.code).toBe("date_malformed");
      expect(error.message).toContain(
        `${JSON.stringify(date)} came, a spelling that is not understood`,
      );
    },
  );

  it("a webhook with a date of 10 kB is date_malformed at any tolerance, and the error does not quote the date", async () => {
    for (const toleranceMs of [300_000, Infinity]) {
      const error = await refusalOf(verify(webhook({ date: "9".repeat(10_000) }), { toleranceMs }));
      expect([error.code, error.message.length < 400]).toEqual(["date_malformed", true]);
      expect(error.message).toContain("a text of 10000 characters");
    }
  });

  it("with a tolerance of Infinity the date may be any text, but must be present and signed", async () => {
    const toleranceMs = Infinity;
    await expect(verify(webhook({ date: "soon" }), { toleranceMs })).resolves.toBeDefined();
    await expectCode(verify(webhook({ date: null }), { toleranceMs }), "date_missing");
    const moved = webhook({ date: "later", signature: sign(BODY, SALT, "hex", "soon") });
    await expectCode(verify(moved, { toleranceMs }), "signature_wrong");
  });

  it("a webhook with bytes moved between its date and its body is refused as malformed", async () => {
    const signature = sign(BODY);
    for (const cut of [1, DATE.length - 1]) {
      const [date, rest] = [DATE.slice(0, cut), DATE.slice(cut)];
      for (const toleranceMs of [300_000, Infinity]) {
        const request = webhook({ date, body: rest + BODY, signature });
        const { code } = await refusalOf(verify(request, { toleranceMs }));
        expect(["date_malformed", "body_malformed"]).toContain(code);
      }
    }
    const whole = webhook({ date: DATE + BODY.slice(0, 20), body: BODY.slice(20), signature });
    await expectCode(verify(whole, { toleranceMs: Infinity }), "body_malformed");
  });

  it.each([
    [300_000, "accepted"],
    [300_001, "date_out_of_window"],
    [-300_000, "accepted"],
    [-300_001, "date_out_of_window"],
    [86_400_000, "date_out_of_window"],
    [-86_400_000, "date_out_of_window"],
    [NaN, "date_out_of_window"],
  ])("a webhook whose date is %d ms old has the outcome %s", async (age, outcome) => {
    const work = verify(webhook(), { now: () => NOW + age }).then(() => "accepted");
    expect(await work.catch(({ code }: BenjiWebhookError) => code)).toBe(outcome);
  });

  it.each([
    [0, 0, "accepted"],
    [0, 1, "date_out_of_window"],
    [60_000, 60_000, "accepted"],
    [60_000, 60_001, "date_out_of_window"],
    [Infinity, 1e12, "accepted"],
  ])(
    "with a tolerance of %d ms a webhook whose date is %d ms old has the outcome %s",
    async (toleranceMs, age, outcome) => {
      const work = verify(webhook(), { toleranceMs, now: () => NOW + age }).then(() => "accepted");
      expect(await work.catch(({ code }: BenjiWebhookError) => code)).toBe(outcome);
    },
  );

  it("a webhook with another date than the signed date is signature_wrong", async () => {
    const date = "Wed, 04 Mar 2026 05:08:00 GMT";
    await expectCode(verify(webhook({ date, signature: sign(BODY) })), "signature_wrong");
  });
});
