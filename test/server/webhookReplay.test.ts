import { describe, expect, it, vi } from "vitest";
import { BODY, expectCode, refusalOf, SALT, sign, verify, webhook } from "./signedWebhook.js";

describe("seen", () => {
  it("seen is called once with the signature in lower-case hex, whatever the encoding of the webhook is", async () => {
    for (const signature of [
      sign(BODY),
      sign(BODY).toUpperCase(),
      sign(BODY, SALT, "base64"),
      sign(BODY, SALT, "base64url"),
    ]) {
      const seen = vi.fn(() => false);
      await verify(webhook({ signature }), { seen });
      expect(seen.mock.calls).toEqual([[sign(BODY)]]);
    }
  });

  it("seen gets the same text if the unused bits in the last base64 character of the signature differ", async () => {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const right = sign(BODY, SALT, "base64").replace("=", "");
    const twin = right.slice(0, 42) + alphabet[alphabet.indexOf(right[42]!) + 1];
    const seen = vi.fn(() => false);
    await verify(webhook({ signature: twin }), { seen });
    expect(seen).toHaveBeenCalledExactlyOnceWith(sign(BODY));
  });

  it.each([
    ["synchronously", () => true],
    ["by a promise", () => Promise.resolve(true)],
  ])("a webhook is refused as replayed if seen returns true %s", async (_, seen) => {
    const error = await refusalOf(verify(webhook(), { seen }));
    expect([error.code, error.httpStatus]).toEqual(["replayed", 409]);
  });

  it("with a seen function that remembers signatures the same webhook is accepted once", async () => {
    const marks = new Set<string>();
    const seen = (signature: string) => marks.has(signature) || !marks.add(signature);
    await expect(verify(webhook(), { seen })).resolves.toBeDefined();
    await expectCode(verify(webhook(), { seen }), "replayed");
    const later = webhook({ date: "Wed, 04 Mar 2026 05:07:00 GMT" });
    await expect(verify(later, { seen })).resolves.toBeDefined();
  });

  it.each<[string, Request, string]>([
    ["the signature is wrong", webhook({ signature: sign("{}") }), "signature_wrong"],
    ["the signature is malformed", webhook({ signature: "x" }), "signature_malformed"],
    ["a header is missing", webhook({ date: null }), "date_missing"],
    [
      "the date is out of the window",
      webhook({ date: "Wed, 04 Mar 2020 05:06:07 GMT" }),
      "date_out_of_window",
    ],
    ["the date is malformed", webhook({ date: "soon" }), "date_malformed"],
    ["the body is too large", webhook({ body: "x".repeat(65_537) }), "body_too_large"],
  ])("seen is not called if %s", async (_, request, code) => {
    const seen = vi.fn(() => true);
    await expectCode(verify(request, { seen }), code);
    expect(seen).not.toHaveBeenCalled();
  });

  it("seen is called before the body of the webhook is parsed as JSON", async () => {
    await expectCode(verify(webhook({ body: "no JSON" }), { seen: () => true }), "replayed");
  });

  it.each([undefined, null, "OK", 1, 0])(
    "a seen function that returns %j makes verifyWebhook fail as invalid_request",
    async (answer) => {
      await expectCode(verify(webhook(), { seen: () => answer as never }), "invalid_request");
    },
  );

  it("an error that seen throws reaches the caller of verifyWebhook unchanged", async () => {
    const down = new Error("the table is locked");
    await expect(verify(webhook(), { seen: () => Promise.reject(down) })).rejects.toBe(down);
  });
});
