import { createHmac } from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import {
  BenjiWebhookError,
  createTestWebhook,
  verifyWebhook,
  type BenjiWebhookEvent,
  type VerifyWebhookOptions,
} from "../../src/server/index.js";

/** Looked for in everything that comes out. */
const SALT = "salt_canary_ü_7c1d";
const NOW = Date.parse("2026-03-04T05:06:07Z");
const DATE = "Wed, 04 Mar 2026 05:06:07 GMT";
/** The documents' example body, spelled out here on purpose. */
const BODY = '{"event":"reward_transaction_updated","entity":3,"entity_id":243}';

type Body = string | Uint8Array<ArrayBuffer>;
type Encoding = "hex" | "base64" | "base64url";

/** The independent implementation: Node's own HMAC over the header's text and then the body. */
const sign = (body: Body, salt = SALT, encoding: Encoding = "hex", date = DATE) =>
  createHmac("sha256", salt).update(date).update(body).digest(encoding);

/** The form until 2026-01-16. */
const signBodyAlone = (body: Body, salt = SALT) =>
  createHmac("sha256", salt).update(body).digest("hex");

/** A webhook as Benji would send it; what differs is said. A header that is null stays away. */
function webhook({
  body = BODY as Body,
  date = DATE as string | null,
  signature = sign(body, SALT, "hex", date ?? "") as string | null,
  headers = {} as Record<string, string>,
} = {}) {
  return new Request("https://shop.test/webhooks/benji", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(signature !== null && { "x-benji-signature": signature }),
      ...(date !== null && { "x-benji-timestamp": date }),
      ...headers,
    },
    body,
  });
}

const verify = (request: Request, options: Partial<VerifyWebhookOptions> = {}) =>
  verifyWebhook(request, { salt: SALT, now: () => NOW, ...options });

const saying = (fields: object) => webhook({ body: JSON.stringify(fields) });

async function refusalOf(work: Promise<unknown>): Promise<BenjiWebhookError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(BenjiWebhookError);
  return error as BenjiWebhookError;
}

const expectCode = async (work: Promise<unknown>, code: string) =>
  expect((await refusalOf(work)).code).toBe(code);

/** A stream of the body that shows whether anybody began to read. */
function streamed(body: BodyInit, signature: string, headers: Record<string, string> = {}) {
  return new Request("https://shop.test/webhooks/benji", {
    method: "POST",
    headers: { "x-benji-signature": signature, "x-benji-timestamp": DATE, ...headers },
    body,
    duplex: "half",
  } as RequestInit);
}

describe("a webhook that Benji signed", () => {
  it("becomes the event, and its whole body stays at hand", async () => {
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
  ])("may carry its signature as %s", async (_, signature) => {
    await expect(verify(webhook({ signature }))).resolves.toMatchObject({ entityId: "243" });
  });

  it("may be written in base64 with every character of either alphabet", async () => {
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
  ])("may be about %s", async (event) => {
    expect((await verify(saying({ event }))).event).toBe(event);
  });

  it("can be told apart by its event", async () => {
    const said: BenjiWebhookEvent = await verify(saying({ event: "transaction_created" }));
    switch (said.event) {
      case "transaction_created":
        return expect(said.body).toEqual({ event: "transaction_created" });
      default:
        return expect.fail(said.event);
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
  ])("that says %j is read as %j", async (fields, read) => {
    const body = { event: "e", ...fields };
    expect(await verify(saying(body))).toStrictEqual({ event: "e", ...read, body });
  });

  it("may come in pieces, and may be 64 kB long to the byte", async () => {
    const body = `{"event":"e","pad":"${"x".repeat(64 * 1024 - 22)}"}`;
    expect(body).toHaveLength(64 * 1024);
    const pieces = new Blob([body]).stream();
    await expect(verify(streamed(pieces, sign(body)))).resolves.toMatchObject({ event: "e" });
  });

  it("needs a route's salt, not a route's clock: the defaults are five minutes and Date.now", async () => {
    const at = (ms: number) => webhook({ date: new Date(Date.now() + ms).toUTCString() });
    await expect(verifyWebhook(at(0), { salt: SALT })).resolves.toBeDefined();
    await expect(verifyWebhook(at(-290_000), { salt: SALT })).resolves.toBeDefined();
    await expectCode(verifyWebhook(at(-302_000), { salt: SALT }), "date_out_of_window");
    await expectCode(verifyWebhook(at(302_000), { salt: SALT }), "date_out_of_window");
  });

  it("cannot reach into an object by naming __proto__", async () => {
    const body = '{"event":"e","__proto__":{"entity_id":7,"polluted":1},"entity":2}';
    const said = await verify(webhook({ body }));
    expect(said).toMatchObject({ event: "e", entityType: "campaign" });
    expect(said.entityId).toBeUndefined();
    expect(Object.getPrototypeOf(said.body)).toBe(Object.prototype);
    expect(Object.hasOwn(said.body, "__proto__")).toBe(true);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    await expectCode(verify(webhook({ body: '{"__proto__":{"event":"e"}}' })), "body_malformed");
  });
});

it("says only what its own body says, whatever else has written into every object", async () => {
  const everyObject = Object.prototype as { event?: string; entity_id?: string };
  try {
    everyObject.event = "transaction_created";
    everyObject.entity_id = "7";
    await expectCode(verify(saying({ entity: 3 })), "body_malformed");
    expect(Object.hasOwn(await verify(webhook({ body: '{"event":"e"}' })), "entityId")).toBe(false);
  } finally {
    delete everyObject.event;
    delete everyObject.entity_id;
  }
});

describe("the signature", () => {
  it.each<[string, Request]>([
    ["another salt signed it", webhook({ signature: sign(BODY, "another") })],
    ["the salt lost its line break", webhook({ signature: sign(BODY, `${SALT}\n`) })],
    [
      "a byte of the body changed",
      webhook({ body: BODY.replace("243", "244"), signature: sign(BODY) }),
    ],
    [
      "the body was written anew",
      webhook({ body: BODY.replace(",", ", "), signature: sign(BODY) }),
    ],
    ["the body is gone", webhook({ body: "", signature: sign(BODY) })],
    ["it covers the body alone", webhook({ signature: signBodyAlone(BODY) })],
  ])("is wrong where %s", async (_, request) => {
    await expectCode(verify(request), "signature_wrong");
  });

  it("is wrong with any one of its bits flipped", async () => {
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
    ["two paddings", `${right64}=`],
    ["both alphabets at once", `+_${right64.slice(2)}`],
    ["half a hash", right.slice(32)],
    ["a second one", `${right}, ${right}`],
    ["a second one without a blank", `${right},${right}`],
  ])("is malformed with %s", async (_, signature) => {
    await expectCode(verify(webhook({ signature })), "signature_malformed");
  });

  it("may not come in two headers", async () => {
    const request = webhook();
    request.headers.append("x-benji-signature", right);
    await expectCode(verify(request), "signature_malformed");
  });

  it.each([[null], [""]])("is missing where the header is %j", async (signature) => {
    await expectCode(verify(webhook({ signature })), "signature_missing");
  });
});

describe("the date", () => {
  it.each([[null], [""]])("is missing where the header is %j", async (date) => {
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
  ])("may be written %j", async (date) => {
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
  ])("is malformed as %j, and the refusal says what came", async (date) => {
    const error = await refusalOf(verify(webhook({ date })));
    expect(error.code).toBe("date_malformed");
    expect(error.message).toContain(
      `${JSON.stringify(date)} came, a spelling that is not understood`,
    );
  });

  it("is malformed where it is 10 kB long, and is not quoted, whatever the tolerance", async () => {
    for (const toleranceMs of [300_000, Infinity]) {
      const error = await refusalOf(verify(webhook({ date: "9".repeat(10_000) }), { toleranceMs }));
      expect([error.code, error.message.length < 400]).toEqual(["date_malformed", true]);
      expect(error.message).toContain("a text of 10000 characters");
    }
  });

  it("may be any text with a tolerance of Infinity, but it must be there and is signed", async () => {
    const toleranceMs = Infinity;
    await expect(verify(webhook({ date: "soon" }), { toleranceMs })).resolves.toBeDefined();
    await expectCode(verify(webhook({ date: null }), { toleranceMs }), "date_missing");
    const moved = webhook({ date: "later", signature: sign(BODY, SALT, "hex", "soon") });
    await expectCode(verify(moved, { toleranceMs }), "signature_wrong");
  });

  it("cannot lend its bytes to the body, nor the body to it", async () => {
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
    [300_000, "taken"],
    [300_001, "date_out_of_window"],
    [-300_000, "taken"],
    [-300_001, "date_out_of_window"],
    [86_400_000, "date_out_of_window"],
    [-86_400_000, "date_out_of_window"],
    [NaN, "date_out_of_window"],
  ])("is %d ms old: %s", async (age, outcome) => {
    const work = verify(webhook(), { now: () => NOW + age }).then(() => "taken");
    expect(await work.catch(({ code }: BenjiWebhookError) => code)).toBe(outcome);
  });

  it.each([
    [0, 0, "taken"],
    [0, 1, "date_out_of_window"],
    [60_000, 60_000, "taken"],
    [60_000, 60_001, "date_out_of_window"],
    [Infinity, 1e12, "taken"],
  ])("with a tolerance of %d ms and an age of %d ms is %s", async (toleranceMs, age, outcome) => {
    const work = verify(webhook(), { toleranceMs, now: () => NOW + age }).then(() => "taken");
    expect(await work.catch(({ code }: BenjiWebhookError) => code)).toBe(outcome);
  });

  it("is signed: a webhook that was caught cannot be sent under another one", async () => {
    const date = "Wed, 04 Mar 2026 05:08:00 GMT";
    await expectCode(verify(webhook({ date, signature: sign(BODY) })), "signature_wrong");
  });
});

describe("the older form, whose signature covers the body alone", () => {
  const older = (headers: Record<string, string> = { "x-webhook-datetime": DATE }) =>
    webhook({ date: null, signature: signBodyAlone(BODY), headers });

  it("is taken only by an option that names it", async () => {
    await expect(verify(older(), { signed: "body" })).resolves.toMatchObject({ entityId: "243" });
    const error = await refusalOf(verify(older()));
    expect([error.code, error.message]).toEqual([
      "date_missing",
      expect.stringContaining('signed: "body"'),
    ]);
  });

  it("is refused beside a timestamp", async () => {
    const beside = older({ "x-webhook-datetime": DATE, "x-benji-timestamp": DATE });
    await expectCode(verify(beside), "signature_wrong");
  });

  it("is not taken with the newer one at once", async () => {
    await expectCode(verify(webhook(), { signed: "body" }), "date_missing");
    const both = webhook({ headers: { "x-webhook-datetime": DATE } });
    await expectCode(verify(both, { signed: "body" }), "signature_wrong");
  });

  it("is made by createTestWebhook on demand", async () => {
    const request = await createTestWebhook({ event: "e" }, { salt: SALT, signed: "body" });
    expect(request.headers.get("x-benji-signature")).toBe(signBodyAlone('{"event":"e"}'));
    expect(request.headers.has("x-benji-timestamp")).toBe(false);
    await expect(verifyWebhook(request, { salt: SALT, signed: "body" })).resolves.toBeDefined();
  });
});

describe("several salts", () => {
  it.each([0, 1, 2])(
    "are each tried on one reading of the body: the right one is number %d",
    async (at) => {
      const salt = ["a", "b", "c"];
      salt[at] = SALT;
      await expect(verify(webhook(), { salt })).resolves.toMatchObject({ entityId: "243" });
    },
  );

  it("refuse what none of them signed", async () => {
    await expectCode(verify(webhook(), { salt: ["a", "b"] }), "signature_wrong");
  });
});

describe("seen", () => {
  it("is asked once, with the signature in lower-case hex however it was written", async () => {
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

  it("has one name for a signature whose last base64 character has spare bits", async () => {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const right = sign(BODY, SALT, "base64").replace("=", "");
    const twin = right.slice(0, 42) + alphabet[alphabet.indexOf(right[42]!) + 1];
    const seen = vi.fn(() => false);
    await verify(webhook({ signature: twin }), { seen });
    expect(seen).toHaveBeenCalledExactlyOnceWith(sign(BODY));
  });

  it.each([
    ["at once", () => true],
    ["later", () => Promise.resolve(true)],
  ])("refuses a replay, answering %s", async (_, seen) => {
    const error = await refusalOf(verify(webhook(), { seen }));
    expect([error.code, error.httpStatus]).toEqual(["replayed", 409]);
  });

  it("takes a webhook once", async () => {
    const marks = new Set<string>();
    const seen = (signature: string) => marks.has(signature) || !marks.add(signature);
    await expect(verify(webhook(), { seen })).resolves.toBeDefined();
    await expectCode(verify(webhook(), { seen }), "replayed");
    const later = webhook({ date: "Wed, 04 Mar 2026 05:07:00 GMT" });
    await expect(verify(later, { seen })).resolves.toBeDefined();
  });

  it.each<[string, Request, string]>([
    ["the signature is wrong", webhook({ signature: sign("{}") }), "signature_wrong"],
    ["the signature is no signature", webhook({ signature: "x" }), "signature_malformed"],
    ["a header is missing", webhook({ date: null }), "date_missing"],
    ["the date is far", webhook({ date: "Wed, 04 Mar 2020 05:06:07 GMT" }), "date_out_of_window"],
    ["the date is no date", webhook({ date: "soon" }), "date_malformed"],
    ["the body is too large", webhook({ body: "x".repeat(65_537) }), "body_too_large"],
  ])("is not asked where %s", async (_, request, code) => {
    const seen = vi.fn(() => true);
    await expectCode(verify(request, { seen }), code);
    expect(seen).not.toHaveBeenCalled();
  });

  it("is asked before the body is read as JSON", async () => {
    await expectCode(verify(webhook({ body: "no JSON" }), { seen: () => true }), "replayed");
  });

  it.each([undefined, null, "OK", 1, 0])("may not answer %j", async (answer) => {
    await expectCode(verify(webhook(), { seen: () => answer as never }), "invalid_request");
  });

  it("is the partner's: what it throws comes through", async () => {
    const down = new Error("the table is locked");
    await expect(verify(webhook(), { seen: () => Promise.reject(down) })).rejects.toBe(down);
  });
});

describe("the body", () => {
  const bytes = (...values: number[]) => Uint8Array.from(values);
  it.each<[string, Body]>([
    ["not UTF-8", bytes(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)],
    ["not UTF-8 inside a field", bytes(...Buffer.from('{"event":"'), 0xe9, ...Buffer.from('"}'))],
    ["no JSON", "event=transaction_created"],
    ["half of a JSON object", BODY.slice(0, -1)],
    ["empty", ""],
    ["a list", `[${BODY}]`],
    ["null", "null"],
    ["text", '"transaction_created"'],
    ["a number", "7"],
    ["without an event", '{"entity":3,"entity_id":243}'],
    ["with an empty event", '{"event":""}'],
    ["with an event that is no text", '{"event":3}'],
    ["with an unsafe id", '{"event":"e","entity_id":9007199254740993}'],
    ["with an id that is no integer", '{"event":"e","entity_id":1.5}'],
    ["with an id beyond every number", '{"event":"e","entity_id":1e999}'],
    ["with an id that is an object", '{"event":"e","entity_id":{"id":1}}'],
    ["with an id that is a truth", '{"event":"e","entity_id":true}'],
    ["with an entity that is a list", '{"event":"e","entity":[3]}'],
    ["with an entity type that is an object", '{"event":"e","entity_type":{}}'],
  ])("is malformed, though rightly signed, where it is %s", async (_, body) => {
    await expectCode(verify(webhook({ body })), "body_malformed");
  });

  it("is measured byte for byte: the raw bytes are what is signed", async () => {
    const body = bytes(0xef, 0xbb, 0xbf, ...Buffer.from('{ "event" : "é" }\r\n'));
    expect((await verify(webhook({ body }))).event).toBe("é");
  });

  it("may not be longer than 64 kB, and is not read to its end to find out", async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled++;
        controller.enqueue(new Uint8Array(16 * 1024));
      },
    });
    await expectCode(verify(streamed(endless, sign(BODY))), "body_too_large");
    expect(pulled).toBeLessThan(8);
  });

  it("is refused unread where its length says enough", async () => {
    const request = streamed(BODY, sign(BODY), { "content-length": "65537" });
    await expectCode(verify(request), "body_too_large");
    expect(request.bodyUsed).toBe(false);
  });

  it("that breaks off is malformed, and the reason is not quoted", async () => {
    const broken = new ReadableStream({
      start: (controller) => controller.error(new Error("terminated: body_canary")),
    });
    const error = await refusalOf(verify(streamed(broken, sign(BODY))));
    expect(error.code).toBe("body_malformed");
    expect(inspect(error, { depth: 9 })).not.toContain("canary");
  });

  it("may not have been read before", async () => {
    const request = webhook();
    await request.text();
    const error = await refusalOf(verify(request));
    expect([error.code, error.httpStatus]).toEqual(["body_already_read", 500]);
    expect(error.message).toContain("read before");
  });

  it("may not have been read half", async () => {
    const request = webhook();
    const reader = request.body!.getReader();
    await reader.read();
    reader.releaseLock();
    await expectCode(verify(request), "body_already_read");
  });

  it("that is JSON but no object is told from one without an event", async () => {
    const messageOf = async (body: string) => (await refusalOf(verify(webhook({ body })))).message;
    expect(await messageOf("[]")).toContain("Expected a JSON object as body");
    expect(await messageOf("{}")).toContain('Expected "event"');
  });

  it("may not be in somebody else's hands", async () => {
    const request = webhook();
    request.body?.getReader();
    await expectCode(verify(request), "body_already_read");
  });

  it("is left alone where a header is missing", async () => {
    const request = webhook({ signature: null });
    await expectCode(verify(request), "signature_missing");
    expect(request.bodyUsed).toBe(false);
  });
});

describe("the order of the checks", () => {
  // Each of these is wrong in everything that comes after, too.
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
  ])("%s comes before what follows it", async (code, wrong) => {
    await expectCode(verify(webhook(wrong), { seen: () => true }), code);
  });
});

describe("options", () => {
  it.each<[string, unknown]>([
    ["no options", undefined],
    ["no salt", {}],
    ["an empty salt", { salt: "" }],
    ["a blank salt", { salt: " \n" }],
    ["a salt that is no text", { salt: 7 }],
    ["no salt in the list", { salt: [] }],
    ["an empty salt in the list", { salt: [""] }],
    ["a blank salt beside a good one", { salt: [SALT, " "] }],
    ["a form that is none", { salt: SALT, signed: "both" }],
    ["a deadline that is none", { salt: SALT, bodyTimeoutMs: "10" }],
    ["a negative tolerance", { salt: SALT, toleranceMs: -1 }],
    ["a tolerance that is NaN", { salt: SALT, toleranceMs: NaN }],
    ["a tolerance that is text", { salt: SALT, toleranceMs: "300000" }],
    ["a seen that is no function", { salt: SALT, seen: new Set() }],
    ["a now that is no function", { salt: SALT, now: NOW }],
  ])("are refused with %s, before the request is touched", async (_, options) => {
    const request = webhook();
    const error = await refusalOf(verifyWebhook(request, options as VerifyWebhookOptions));
    expect([error.code, error.httpStatus]).toEqual(["invalid_request", 500]);
    expect(request.bodyUsed).toBe(false);
  });

  it("a request of Express is no Request, and the message says so", async () => {
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

  it.each(CASES)("%s is answered with %d", async (code, httpStatus, wrong, options) => {
    const error = await refusalOf(verify(webhook(wrong), options));
    expect([error.name, error.code, error.httpStatus]).toEqual([
      "BenjiWebhookError",
      code,
      httpStatus,
    ]);
    expect(error.message).toMatch(/^Expected /);
  });

  it.each(CASES)(
    "%s (%d) says nothing of salt, signature or body",
    async (_, __, wrong, options) => {
      const request = webhook(wrong);
      const signature = request.headers.get("x-benji-signature") ?? SALT;
      const error = await refusalOf(verify(request, options));
      const voice = [
        String(error),
        error.stack,
        JSON.stringify(error),
        inspect(error, { depth: 9 }),
      ];
      for (const secret of ["canary", signature, sign(BODY)])
        expect(voice.join("\n")).not.toContain(secret);
    },
  );

  it("tells what to check where the signature is wrong", async () => {
    const { message } = await refusalOf(verify(webhook({ signature: sign("other") })));
    expect(message).toContain(`the ${DATE.length + BODY.length} bytes that came`);
    expect(message).toContain("the salt is the one of this subscription");
    expect(message).toContain("nothing parsed or re-encoded the body before");
  });

  it("tells how far the date is", async () => {
    const { message } = await refusalOf(verify(webhook(), { now: () => NOW + 400_000 }));
    expect(message).toContain("within 300000 ms of now; it is 400000 ms old");
  });
});

describe("createTestWebhook", () => {
  const EVENT = { event: "transaction_created", entityType: 3, entityId: 243 } as const;

  it("makes what the documents show, signed as the second witness signs", async () => {
    const request = await createTestWebhook({ ...EVENT, points: 5 }, { salt: SALT });
    const body = await request.clone().text();
    expect(body).toBe('{"event":"transaction_created","entity":3,"entity_id":243,"points":5}');
    expect(request.method).toBe("POST");
    expect(request.url).toBe("https://partner.example/webhooks/benji");
    expect(request.headers.get("content-type")).toBe("application/json");
    const date = request.headers.get("x-benji-timestamp") ?? "";
    expect(request.headers.get("x-benji-signature")).toBe(sign(body, SALT, "hex", date));
  });

  it("writes base64 where it is told to", async () => {
    const request = await createTestWebhook(EVENT, { salt: SALT, encoding: "base64" });
    const body = await request.clone().text();
    const date = request.headers.get("x-benji-timestamp") ?? "";
    expect(request.headers.get("x-benji-signature")).toBe(sign(body, SALT, "base64", date));
  });

  it("goes where it is told to, at the time it is told", async () => {
    const url = "https://shop.test/hooks";
    const request = await createTestWebhook(EVENT, { salt: SALT, url, date: new Date(NOW) });
    expect([request.url, request.headers.get("x-benji-timestamp")]).toEqual([url, DATE]);
  });

  it.each(["hex", "base64"] as const)(
    "makes a webhook that is taken now, in %s",
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

  it("writes the documented words for an entity as Benji's numbers, and others as they are", async () => {
    const entityOf = async (entityType: string) =>
      (await (
        await createTestWebhook({ event: "e", entityType }, { salt: SALT })
      ).json()) as object;
    expect(await entityOf("user")).toEqual({ event: "e", entity: 1 });
    expect(await entityOf("campaign")).toEqual({ event: "e", entity: 2 });
    expect(await entityOf("transaction")).toEqual({ event: "e", entity: 3 });
    expect(await entityOf("order")).toEqual({ event: "e", entity: "order" });
  });

  it("leaves out what it is not given, and lets a body be malformed", async () => {
    const request = await createTestWebhook({ event: "" }, { salt: SALT });
    expect(await request.clone().text()).toBe('{"event":""}');
    await expectCode(verifyWebhook(request, { salt: SALT }), "body_malformed");
  });

  it.each([
    ["an empty salt", { salt: "" }],
    ["a date that is none", { salt: SALT, date: new Date(NaN) }],
  ])("refuses %s", async (_, options) => {
    await expectCode(createTestWebhook(EVENT, options), "invalid_request");
  });
});
