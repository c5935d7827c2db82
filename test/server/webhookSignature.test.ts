import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createTestWebhook, verifyWebhook } from "../../src/server/index.js";
import {
  BODY,
  DATE,
  expectCode,
  refusalOf,
  SALT,
  sign,
  signBodyAlone,
  verify,
  webhook,
} from "./signedWebhook.js";

describe("the signature", () => {
  it.each<[string, Request]>([
    ["another salt signed the webhook", webhook({ signature: sign(BODY, "another") })],
    [
      "a salt with one more line break signed the webhook",
      webhook({ signature: sign(BODY, `${SALT}\n`) }),
    ],
    [
      "a byte of the body changed",
      webhook({ body: BODY.replace("243", "244"), signature: sign(BODY) }),
    ],
    [
      "the body was serialized again",
      webhook({ body: BODY.replace(",", ", "), signature: sign(BODY) }),
    ],
    ["the body is gone", webhook({ body: "", signature: sign(BODY) })],
    ["the signature covers the body alone", webhook({ signature: signBodyAlone(BODY) })],
  ])("a webhook is signature_wrong if %s", async (_, request) => {
    await expectCode(verify(request), "signature_wrong");
  });

  it("a webhook is signature_wrong if any one bit of the signature is changed", async () => {
    for (let bit = 0; bit < 256; bit++) {
      const bytes = createHmac("sha256", SALT).update(DATE).update(BODY).digest();
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      await expectCode(verify(webhook({ signature: bytes.toString("hex") })), "signature_wrong");
    }
  });

  const right = sign(BODY);
  const right64 = sign(BODY, SALT, "base64");
  it.each([
    ["a prefix", `sha256=${right}`],
    ["one character less", right.slice(1)],
    ["one character more", `${right}0`],
    ["a letter that is no hex", `g${right.slice(1)}`],
    ["two padding characters", `${right64}=`],
    ["characters of both base64 alphabets", `+_${right64.slice(2)}`],
    ["only half of its characters", right.slice(32)],
    ["a second signature behind a comma and a blank", `${right}, ${right}`],
    ["a second signature behind a comma", `${right},${right}`],
  ])("a webhook is signature_malformed if its signature has %s", async (_, signature) => {
    await expectCode(verify(webhook({ signature })), "signature_malformed");
  });

  it("a webhook with two signature headers is signature_malformed", async () => {
    const request = webhook();
    request.headers.append("x-benji-signature", right);
    await expectCode(verify(request), "signature_malformed");
  });

  it.each([[null], [""]])(
    "a webhook is signature_missing if its header is %j",
    async (signature) => {
      await expectCode(verify(webhook({ signature })), "signature_missing");
    },
  );
});

describe("the older form, whose signature covers the body alone", () => {
  const older = (headers: Record<string, string> = { "x-webhook-datetime": DATE }) =>
    webhook({ date: null, signature: signBodyAlone(BODY), headers });

  it("a webhook signed over the body alone is accepted only with signed: body", async () => {
    await expect(verify(older(), { signed: "body" })).resolves.toMatchObject({ entityId: "243" });
    const error = await refusalOf(verify(older()));
    expect([error.code, error.message]).toEqual([
      "date_missing",
      expect.stringContaining('signed: "body"'),
    ]);
  });

  it("with signed: body a webhook that also has the newer timestamp header is refused", async () => {
    const beside = older({ "x-webhook-datetime": DATE, "x-benji-timestamp": DATE });
    await expectCode(verify(beside), "signature_wrong");
  });

  it("with signed: body a webhook whose signature covers its date is refused", async () => {
    await expectCode(verify(webhook(), { signed: "body" }), "date_missing");
    const both = webhook({ headers: { "x-webhook-datetime": DATE } });
    await expectCode(verify(both, { signed: "body" }), "signature_wrong");
  });

  it("createTestWebhook with signed: body signs the body alone", async () => {
    const request = await createTestWebhook({ event: "e" }, { salt: SALT, signed: "body" });
    expect(request.headers.get("x-benji-signature")).toBe(signBodyAlone('{"event":"e"}'));
    expect(request.headers.has("x-benji-timestamp")).toBe(false);
    await expect(verifyWebhook(request, { salt: SALT, signed: "body" })).resolves.toBeDefined();
  });
});

describe("several salts", () => {
  it.each([0, 1, 2])(
    "verifyWebhook accepts a webhook if the right salt has the index %d in a list of three salts",
    async (at) => {
      const salt = ["a", "b", "c"];
      salt[at] = SALT;
      await expect(verify(webhook(), { salt })).resolves.toMatchObject({ entityId: "243" });
    },
  );

  it("verifyWebhook refuses a webhook that was signed with none of several salts", async () => {
    await expectCode(verify(webhook(), { salt: ["a", "b"] }), "signature_wrong");
  });
});
