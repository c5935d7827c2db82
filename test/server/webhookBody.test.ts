import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import {
  BODY,
  expectCode,
  refusalOf,
  sign,
  streamedWebhook,
  verify,
  webhook,
  type Body,
} from "./signedWebhook.js";

describe("the body", () => {
  const bytes = (...values: number[]) => Uint8Array.from(values);
  it.each<[string, Body]>([
    ["not UTF-8", bytes(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)],
    ["not UTF-8 inside a field", bytes(...Buffer.from('{"event":"'), 0xe9, ...Buffer.from('"}'))],
    ["not JSON", "event=transaction_created"],
    ["half of a JSON object", BODY.slice(0, -1)],
    ["empty", ""],
    ["a list", `[${BODY}]`],
    ["null", "null"],
    ["text", '"transaction_created"'],
    ["a number", "7"],
    ["without an event", '{"entity":3,"entity_id":243}'],
    ["with an empty event", '{"event":""}'],
    ["with an event that is not a string", '{"event":3}'],
    ["with an unsafe id", '{"event":"e","entity_id":9007199254740993}'],
    ["with an id that is not an integer", '{"event":"e","entity_id":1.5}'],
    ["with an id that overflows to Infinity", '{"event":"e","entity_id":1e999}'],
    ["with an id that is an object", '{"event":"e","entity_id":{"id":1}}'],
    ["with an id that is a boolean", '{"event":"e","entity_id":true}'],
    ["with an entity that is a list", '{"event":"e","entity":[3]}'],
    ["with an entity type that is an object", '{"event":"e","entity_type":{}}'],
  ])("a correctly signed webhook is body_malformed if the body is %s", async (_, body) => {
    await expectCode(verify(webhook({ body })), "body_malformed");
  });

  it("the signature of a webhook is computed over the raw bytes of the body", async () => {
    const body = bytes(0xef, 0xbb, 0xbf, ...Buffer.from('{ "event" : "é" }\r\n'));
    expect((await verify(webhook({ body }))).event).toBe("é");
  });

  it("a webhook with a body over 64 kB is refused without being read to its end", async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled++;
        controller.enqueue(new Uint8Array(16 * 1024));
      },
    });
    await expectCode(verify(streamedWebhook(endless, sign(BODY))), "body_too_large");
    expect(pulled).toBeLessThan(8);
  });

  it("a webhook with a content-length over the limit is refused without being read", async () => {
    const request = streamedWebhook(BODY, sign(BODY), { "content-length": "65537" });
    await expectCode(verify(request), "body_too_large");
    expect(request.bodyUsed).toBe(false);
  });

  it("a webhook whose body breaks off is body_malformed, and the error does not contain the reason", async () => {
    const broken = new ReadableStream({
      start: (controller) => controller.error(new Error("terminated: body_canary")),
    });
    const error = await refusalOf(verify(streamedWebhook(broken, sign(BODY))));
    expect(error.code).toBe("body_malformed");
    expect(inspect(error, { depth: 9 })).not.toContain("canary");
  });

  it("a webhook whose body was read before is refused as body_already_read", async () => {
    const request = webhook();
    await request.text();
    const error = await refusalOf(verify(request));
    expect([error.code, error.httpStatus]).toEqual(["body_already_read", 500]);
    expect(error.message).toContain("read before");
  });

  it("a webhook whose body was partly read before is refused as body_already_read", async () => {
    const request = webhook();
    const reader = request.body!.getReader();
    await reader.read();
    reader.releaseLock();
    await expectCode(verify(request), "body_already_read");
  });

  it("the error says whether the body of a webhook is not an object or has no event", async () => {
    const messageOf = async (body: string) => (await refusalOf(verify(webhook({ body })))).message;
    expect(await messageOf("[]")).toContain("Expected a JSON object as body");
    expect(await messageOf("{}")).toContain('Expected "event"');
  });

  it("a webhook whose body is locked by another reader is refused as body_already_read", async () => {
    const request = webhook();
    request.body?.getReader();
    await expectCode(verify(request), "body_already_read");
  });

  it("the body of a webhook is not read if a header is missing", async () => {
    const request = webhook({ signature: null });
    await expectCode(verify(request), "signature_missing");
    expect(request.bodyUsed).toBe(false);
  });
});
