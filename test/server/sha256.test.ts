import { createHash } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { sha256 } from "../../src/server/sha256.js";

const TEXTS = [
  ["the empty text", ""],
  ["a state", "benji.AbC-_1"],
  ["text beyond ASCII", "ü€ 😀"],
  ["a long text", "a".repeat(10_000)],
] as const;
const expected = (text: string) => createHash("sha256").update(text, "utf8").digest("base64url");

describe("sha256", () => {
  afterEach(() => vi.unstubAllGlobals());

  it.each(TEXTS)(
    "the function sha256 gives the digest that Node computes for %s",
    async (_, text) => {
      expect(await sha256(text)).toBe(expected(text));
    },
  );

  it.each(TEXTS)(
    "the function sha256 uses WebCrypto without node:crypto and gives the same digest for %s",
    async (_, text) => {
      const digest = vi.spyOn(crypto.subtle, "digest");
      vi.stubGlobal("process", {});
      expect(await sha256(text)).toBe(expected(text));
      expect(digest).toHaveBeenCalledOnce();
      digest.mockRestore();
    },
  );
});
