import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { verifyWebhook, type VerifyWebhookOptions } from "../../src/server/index.js";
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

describe("the order of the checks", () => {
  // Each request also fails every check that comes later.
  const large = "x".repeat(65_537);
  const OLD = "Wed, 04 Mar 2020 05:06:07 GMT";
  it.each<[string, Parameters<typeof webhook>[0]]>([
    ["signature_missing", { signature: null, date: null, body: large }],
    ["date_missing", { signature: "x", date: null, body: large }],
    ["date_malformed", { signature: "x", date: "x", body: large }],
    ["body_too_large", { signature: "x", date: OLD, body: large }],
    ["signature_malformed", { signature: "x", date: OLD, body: "x" }],
    ["signature_wrong", { signature: sign("y"), date: OLD, body: "x" }],
    ["date_out_of_window", { date: "Wed, 04 Mar 2020 05:06:07 GMT", body: "x" }],
    ["replayed", { body: "x" }],
  ])(
    "a webhook with several errors is refused with the error that is checked first: %s",
    async (code, wrong) => {
      await expectCode(verify(webhook(wrong), { seen: () => true }), code);
    },
  );
});

describe("options", () => {
  it.each<[string, unknown]>([
    ["no options", undefined],
    ["no salt", {}],
    ["an empty salt", { salt: "" }],
    ["a blank salt", { salt: " \n" }],
    ["a salt that is not a string", { salt: 7 }],
    ["no salt in the list", { salt: [] }],
    ["an empty salt in the list", { salt: [""] }],
    ["a blank salt beside a good one", { salt: [SALT, " "] }],
    ["an unknown value of signed", { salt: SALT, signed: "both" }],
    ["a body timeout that is a string", { salt: SALT, bodyTimeoutMs: "10" }],
    ["a negative tolerance", { salt: SALT, toleranceMs: -1 }],
    ["a tolerance that is NaN", { salt: SALT, toleranceMs: NaN }],
    ["a tolerance that is a string", { salt: SALT, toleranceMs: "300000" }],
    ["a seen that is not a function", { salt: SALT, seen: new Set() }],
    ["a now that is not a function", { salt: SALT, now: NOW }],
  ])(
    "verifyWebhook refuses options with %s before the body of the request is read",
    async (_, options) => {
      const request = webhook();
      const error = await refusalOf(verifyWebhook(request, options as VerifyWebhookOptions));
      expect([error.code, error.httpStatus]).toEqual(["invalid_request", 500]);
      expect(request.bodyUsed).toBe(false);
    },
  );

  it("verifyWebhook refuses a request of Express, and the message names the Fetch API", async () => {
    const request = { headers: { "x-benji-signature": sign(BODY) }, body: {} };
    const error = await refusalOf(verify(request as unknown as Request));
    expect([error.code, error.message]).toEqual([
      "invalid_request",
      "Expected a Request of the Fetch API. See docs/webhooks.md for Express.",
    ]);
  });
});

describe("a refusal", () => {
  const CASES: [string, number, Parameters<typeof webhook>[0], Partial<VerifyWebhookOptions>?][] = [
    ["invalid_request", 500, {}, { toleranceMs: -1 }],
    ["signature_missing", 401, { signature: null }],
    ["signature_malformed", 400, { signature: `sha256=${sign(BODY)}` }],
    ["signature_wrong", 401, { signature: sign("other") }],
    ["date_missing", 400, { date: null }],
    ["date_malformed", 400, { date: "soon" }],
    ["date_out_of_window", 400, { date: "Wed, 04 Mar 2020 05:06:07 GMT" }],
    ["replayed", 409, {}, { seen: () => true }],
    ["body_too_large", 413, { body: `"body_canary${"x".repeat(65_537)}"` }],
    ["body_malformed", 400, { body: "body_canary" }],
  ];

  it.each(CASES)(
    "a webhook that is refused as %s has the HTTP status %d",
    async (code, httpStatus, wrong, options) => {
      const error = await refusalOf(verify(webhook(wrong), options));
      expect([error.name, error.code, error.httpStatus]).toEqual([
        "BenjiWebhookError",
        code,
        httpStatus,
      ]);
      expect(error.message).toMatch(/^Expected /);
    },
  );

  it.each(CASES)(
    "the error of a webhook that is refused as %s (%d) contains no salt, signature or body",
    async (_, __, wrong, options) => {
      const request = webhook(wrong);
      const signature = request.headers.get("x-benji-signature") ?? SALT;
      const error = await refusalOf(verify(request, options));
      const everyText = [
        String(error),
        error.stack,
        JSON.stringify(error),
        inspect(error, { depth: 9 }),
      ];
      for (const secret of ["canary", signature, sign(BODY)])
        expect(everyText.join("\n")).not.toContain(secret);
    },
  );

  it("the error for a wrong webhook signature names the salt and a re-encoded body as possible causes", async () => {
    const { message } = await refusalOf(verify(webhook({ signature: sign("other") })));
    expect(message).toContain(`the ${DATE.length + BODY.length} bytes that came`);
    expect(message).toContain("the salt is the one of this subscription");
    expect(message).toContain("nothing parsed or re-encoded the body before");
  });

  it("the error for a date out of the window says how old the date is", async () => {
    const { message } = await refusalOf(verify(webhook(), { now: () => NOW + 400_000 }));
    expect(message).toContain("within 300000 ms of now; it is 400000 ms old");
  });
});
