import { describe, expect, it } from "vitest";
import { createTestWebhook, verifyWebhook } from "../../src/server/index.js";
import { DATE, expectCode, NOW, SALT, sign } from "./signedWebhook.js";

describe("createTestWebhook", () => {
  const EVENT = { event: "transaction_created", entityType: 3, entityId: 243 } as const;

  it("createTestWebhook makes the documented request, with the signature that node:crypto computes", async () => {
    const request = await createTestWebhook({ ...EVENT, points: 5 }, { salt: SALT });
    const body = await request.clone().text();
    expect(body).toBe('{"event":"transaction_created","entity":3,"entity_id":243,"points":5}');
    expect(request.method).toBe("POST");
    expect(request.url).toBe("https://partner.example/webhooks/benji");
    expect(request.headers.get("content-type")).toBe("application/json");
    const date = request.headers.get("x-benji-timestamp") ?? "";
    expect(request.headers.get("x-benji-signature")).toBe(sign(body, SALT, "hex", date));
  });

  it("createTestWebhook with encoding: base64 makes a signature in base64", async () => {
    const request = await createTestWebhook(EVENT, { salt: SALT, encoding: "base64" });
    const body = await request.clone().text();
    const date = request.headers.get("x-benji-timestamp") ?? "";
    expect(request.headers.get("x-benji-signature")).toBe(sign(body, SALT, "base64", date));
  });

  it("createTestWebhook uses the given url and the given date", async () => {
    const url = "https://shop.test/hooks";
    const request = await createTestWebhook(EVENT, { salt: SALT, url, date: new Date(NOW) });
    expect([request.url, request.headers.get("x-benji-timestamp")]).toEqual([url, DATE]);
  });

  it.each(["hex", "base64"] as const)(
    "verifyWebhook accepts a webhook of createTestWebhook in %s",
    async (encoding) => {
      const request = await createTestWebhook(EVENT, { salt: SALT, encoding });
      expect(await verifyWebhook(request, { salt: SALT })).toEqual({
        event: "transaction_created",
        entityType: "transaction",
        entityId: "243",
        body: { event: "transaction_created", entity: 3, entity_id: 243 },
      });
    },
  );

  it("createTestWebhook writes a documented entity type as Benji's number, and any other type unchanged", async () => {
    const entityOf = async (entityType: string) =>
      (await (
        await createTestWebhook({ event: "e", entityType }, { salt: SALT })
      ).json()) as object;
    expect(await entityOf("user")).toEqual({ event: "e", entity: 1 });
    expect(await entityOf("campaign")).toEqual({ event: "e", entity: 2 });
    expect(await entityOf("transaction")).toEqual({ event: "e", entity: 3 });
    expect(await entityOf("order")).toEqual({ event: "e", entity: "order" });
  });

  it("createTestWebhook omits fields that are not given, and can write a malformed body", async () => {
    const request = await createTestWebhook({ event: "" }, { salt: SALT });
    expect(await request.clone().text()).toBe('{"event":""}');
    await expectCode(verifyWebhook(request, { salt: SALT }), "body_malformed");
  });

  it.each([
    ["an empty salt", { salt: "" }],
    ["an invalid date", { salt: SALT, date: new Date(NaN) }],
  ])("createTestWebhook refuses %s", async (_, options) => {
    await expectCode(createTestWebhook(EVENT, options), "invalid_request");
  });
});
