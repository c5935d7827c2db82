import { describe, expect, it } from "vitest";
import { parseRedirect } from "../../src/core/back/parseRedirect.js";
import { removeRedirectParams } from "../../src/core/back/removeRedirectParams.js";
import { CALLBACK } from "./createTab.js";

const parse = (query: string, options = {}) => parseRedirect(`${CALLBACK}${query}`, options);

describe("parseRedirect", () => {
  it("parseRedirect reads all five parameters", () => {
    expect(
      parse("?status=success&state=benji.s&benji_user_uuid=u&benji_user_id=42&trigger_event_id=e"),
    ).toEqual({
      status: "success",
      state: "benji.s",
      benjiUserUuid: "u",
      benjiUserId: "42",
      triggerEventId: "e",
    });
  });

  it("parseRedirect accepts a URL, an address or a path", () => {
    const claim = { status: "error", state: "benji.s" };
    expect(parseRedirect(new URL(`${CALLBACK}?status=error&state=benji.s`))).toEqual(claim);
    expect(parseRedirect("/callback?status=error&state=benji.s")).toEqual(claim);
  });

  it("parseRedirect keeps every digit of a long numeric id", () => {
    expect(parse("?status=success&benji_user_id=900719925474099312345")).toMatchObject({
      benjiUserId: "900719925474099312345",
    });
  });

  it("a parameter without a value counts as absent", () => {
    expect(parse("?status=success&state=&benji_user_uuid=")).toEqual({ status: "success" });
  });

  it.each([
    "",
    "?",
    "?status=paid",
    "?status=success",
    "?status=error&state=theirs",
    "?code=c&state=theirs",
    "?code=c&state=theirs&status=success",
    "?trigger_event_id=e",
    "?benji_new=1",
    "?benji_new=1&state=theirs",
    "?xbenji_user_uuid=u",
    "#status=success&state=benji.s&benji_user_uuid=u",
    "?gclid=1&utm_source=benji",
  ])("parseRedirect finds no return of Benji in %j (T25)", (query) => {
    expect(parse(query)).toBeUndefined();
  });

  it.each([
    "?status=error&benji_new=1",
    "?benji_user_uuid=",
    "?benji_user_id=7",
    "?state=benji.x",
    "?state=a&state=benji.x",
  ])("parseRedirect reads %j as a return from Benji (T25)", (query) => {
    expect(parse(query)).toBeDefined();
  });

  it.each([{ path: "/benji/callback" }, { path: "/benji/callback/" }, { match: () => true }])(
    "with the option %o a query with only the status success is a return of Benji (T25)",
    (options) => {
      expect(parse("?status=success", options)).toEqual({ status: "success" });
      expect(parse("?status=success&code=c", options)).toBeUndefined();
      expect(parse("?status=success&id_token=c", options)).toBeUndefined();
      expect(parse("?status=paid", options)).toBeUndefined();
    },
  );

  it.each([{ path: "/other" }, { path: "/" }, { match: () => false }])(
    "parseRedirect reads no return if the option %o does not match its path (T25)",
    (options) => {
      expect(parse("?status=success&state=benji.s&benji_user_uuid=u", options)).toBeUndefined();
    },
  );

  it.each([
    "?status=success&status=error&state=benji.s",
    "?status=error&status=success&state=benji.s",
    "?status=success&state=benji.s&state=benji.t",
    "?status=success&state=benji.s&state=",
    "?status=success&state=benji.s&benji_user_uuid=a&benji_user_uuid=b",
    "?status=success&state=benji.s&benji_user_id=1&benji_user_id=2",
    "?status=success&state=benji.s&trigger_event_id=a&trigger_event_id=b",
  ])("the query %j is unreadable as params_ambiguous (T24)", (query) => {
    expect(parse(query)).toEqual({ status: "unreadable", reason: "params_ambiguous" });
  });

  it("a parameter that repeats the same value is read once (T24)", () => {
    expect(parse("?status=success&status=success&state=benji.s&state=benji.s")).toEqual({
      status: "success",
      state: "benji.s",
    });
  });

  it.each(["status", "state", "benji_user_uuid", "benji_user_id", "trigger_event_id"])(
    "a return with a %s of over 512 characters is unreadable as params_too_long (T27)",
    (name) => {
      const query = (length: number) => {
        const params = new URLSearchParams({ status: "success", benji_x: "", state: "benji.s" });
        params.set(name, "x".repeat(length));
        return `?${params}`;
      };
      expect(parse(query(513))).toEqual({ status: "unreadable", reason: "params_too_long" });
      expect(parse(query(512))).not.toMatchObject({ reason: "params_too_long" });
    },
  );

  it.each(["?state=benji.s", "?state=benji.s&status=Success", "?state=benji.s&status=toString"])(
    "the query %j is unreadable as status_unknown",
    (query) => {
      expect(parse(query)).toEqual({ status: "unreadable", reason: "status_unknown" });
    },
  );

  it.each(["%", "%zz", "%E0%A4%A", "__proto__", "constructor"])(
    "parseRedirect reads a return that contains the text %s, and changes no prototype (F28, T18)",
    (text) => {
      expect(parse(`?status=success&state=${text}&benji_user_uuid=${text}`)).toMatchObject({
        status: "success",
      });
      expect(Object.keys(Object.prototype)).toEqual([]);
    },
  );

  it.each(["http://", "https://[", "http://a b/?benji_x=1"])(
    "parseRedirect returns undefined for the invalid address %j",
    (text) => {
      expect(parseRedirect(text)).toBeUndefined();
    },
  );
});

describe("removeRedirectParams", () => {
  it.each([
    ["/a?status=success", "/a"],
    ["/a?status=success#h?state=kept", "/a#h?state=kept"],
    ["/a?x=%20&status=success&x=+&state=s&y", "/a?x=%20&x=+&y"],
    ["/a?benji_user_uuid=1&benji_user_id=2&trigger_event_id=3&benji_other=4", "/a?benji_other=4"],
    ["/a?%73tatus=success&b", "/a?b"],
    ["/a?&&b&status=x&", "/a?&&b&"],
    ["/a??status=x", "/a??status=x"],
    ["/a?", "/a?"],
    ["/a", "/a"],
    ["", ""],
    ["https://shop.example/#status=success", "https://shop.example/#status=success"],
    ["/a?status_code=1&mystate=2", "/a?status_code=1&mystate=2"],
    ["/a?b=%zz&status=%", "/a?b=%zz"],
    ["/a?b=1\n&state=x#\nh", "/a?b=1\n#\nh"],
  ])("removeRedirectParams changes %j to %j (T13)", (before, after) => {
    expect(removeRedirectParams(before)).toBe(after);
    expect(removeRedirectParams(after)).toBe(after);
  });
});
