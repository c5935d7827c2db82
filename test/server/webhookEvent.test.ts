import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type BenjiWebhookEvent, verifyWebhook } from "../../src/server/index.js";
import {
  BODY,
  DATE,
  expectCode,
  SALT,
  webhookOf,
  sign,
  streamedWebhook,
  verify,
  webhook,
} from "./signedWebhook.js";

describe("a webhook that Benji signed", () => {
  it("verifyWebhook returns the event, the entity and the whole body of a signed webhook", async () => {
    expect(await verify(webhook())).toEqual({
      event: "reward_transaction_updated",
      entityType: "transaction",
      entityId: "243",
      body: JSON.parse(BODY) as unknown,
    });
  });

  const bytes32 = createHmac("sha256", SALT).update(DATE).update(BODY).digest();
  it.each([
    ["lower-case hex", bytes32.toString("hex")],
    ["upper-case hex", bytes32.toString("hex").toUpperCase()],
    ["base64", bytes32.toString("base64")],
    ["base64 without padding", bytes32.toString("base64").replace("=", "")],
    ["base64url", bytes32.toString("base64url")],
    ["base64url with padding", `${bytes32.toString("base64url")}=`],
  ])("verifyWebhook accepts a signature in %s", async (_, signature) => {
    await expect(verify(webhook({ signature }))).resolves.toMatchObject({ entityId: "243" });
  });

  it("verifyWebhook accepts signatures with every character of both base64 alphabets", async () => {
    const texts = Array.from({ length: 40 }, (_, n) => `{"event":"e","entity_id":${n}}`);
    const signatures = texts.map((body) => sign(body, SALT, "base64"));
    expect(signatures.join("")).toMatch(/\+[^]*\/|\/[^]*\+/);
    for (const body of texts)
      for (const encoding of ["base64", "base64url"] as const) {
        const signature = sign(body, SALT, encoding);
        await expect(verify(webhook({ body, signature }))).resolves.toMatchObject({ event: "e" });
      }
  });

  it.each([
    "user_partner_authentication_created",
    "user_partner_connected",
    "transaction_authenticated",
    "transaction_created",
    "transaction_status_updated",
    "reward_transaction_updated",
    "campaign_updated",
    "campaign_activated",
    "campaign_ended",
    "an_event_of_next_year",
  ])("verifyWebhook accepts the event %s", async (event) => {
    expect((await verify(webhookOf({ event }))).event).toBe(event);
  });

  it("in TypeScript the type of an event is narrowed by its field event", async () => {
    const webhookEvent: BenjiWebhookEvent = await verify(
      webhookOf({ event: "transaction_created" }),
    );
    switch (webhookEvent.event) {
      case "transaction_created":
        return expect(webhookEvent.body).toEqual({ event: "transaction_created" });
      default:
        return expect.fail(webhookEvent.event);
    }
  });

  it.each<[object, object]>([
    [{}, {}],
    [{ entity: 3 }, { entityType: "transaction" }],
    [{ entity: 2 }, { entityType: "campaign" }],
    [{ entity: 9 }, { entityType: "9" }],
    [{ entity: "TRANSACTION" }, { entityType: "TRANSACTION" }],
    [{ entity_type: 1 }, { entityType: "user" }],
    [{ entity: 3, entity_type: 1 }, { entityType: "transaction" }],
    [{ entity: null, entity_type: "USER" }, { entityType: "USER" }],
    [{ entity: "", entity_id: "" }, {}],
    [{ entity_id: 0 }, { entityId: "0" }],
    [{ entity_id: "0042" }, { entityId: "0042" }],
    [{ entity_id: Number.MAX_SAFE_INTEGER }, { entityId: "9007199254740991" }],
    [{ entity_id: "90071992547409931" }, { entityId: "90071992547409931" }],
    [{ entity_id: null }, {}],
  ])("verifyWebhook reads the body fields %j as %j", async (fields, read) => {
    const body = { event: "e", ...fields };
    expect(await verify(webhookOf(body))).toStrictEqual({ event: "e", ...read, body });
  });

  it("verifyWebhook accepts a webhook of exactly 64 kB that comes as a stream", async () => {
    const body = `{"event":"e","pad":"${"x".repeat(64 * 1024 - 22)}"}`;
    expect(body).toHaveLength(64 * 1024);
    const pieces = new Blob([body]).stream();
    await expect(verify(streamedWebhook(pieces, sign(body)))).resolves.toMatchObject({
      event: "e",
    });
  });

  it("verifyWebhook needs only a salt, and then refuses dates that are more than five minutes off", async () => {
    const at = (ms: number) => webhook({ date: new Date(Date.now() + ms).toUTCString() });
    await expect(verifyWebhook(at(0), { salt: SALT })).resolves.toBeDefined();
    await expect(verifyWebhook(at(-290_000), { salt: SALT })).resolves.toBeDefined();
    await expectCode(verifyWebhook(at(-302_000), { salt: SALT }), "date_out_of_window");
    await expectCode(verifyWebhook(at(302_000), { salt: SALT }), "date_out_of_window");
  });

  it("a webhook whose body has the field __proto__ changes no prototype", async () => {
    const body = '{"event":"e","__proto__":{"entity_id":7,"polluted":1},"entity":2}';
    const webhookEvent = await verify(webhook({ body }));
    expect(webhookEvent).toMatchObject({ event: "e", entityType: "campaign" });
    expect(webhookEvent.entityId).toBeUndefined();
    expect(Object.getPrototypeOf(webhookEvent.body)).toBe(Object.prototype);
    expect(Object.hasOwn(webhookEvent.body, "__proto__")).toBe(true);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    await expectCode(verify(webhook({ body: '{"__proto__":{"event":"e"}}' })), "body_malformed");
  });
});

it("if Object.prototype is polluted, verifyWebhook reads only the body's own fields", async () => {
  const everyObject = Object.prototype as { event?: string; entity_id?: string };
  try {
    everyObject.event = "transaction_created";
    everyObject.entity_id = "7";
    await expectCode(verify(webhookOf({ entity: 3 })), "body_malformed");
    expect(Object.hasOwn(await verify(webhook({ body: '{"event":"e"}' })), "entityId")).toBe(false);
  } finally {
    delete everyObject.event;
    delete everyObject.entity_id;
  }
});
