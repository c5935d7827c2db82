import { describe, expect, it } from "vitest";
import {
  buildHostedConnectUrl,
  type HostedConnectParams,
} from "../../src/core/out/buildHostedConnectUrl.js";
import { CONNECT_URL } from "./createTab.js";

const build = (
  connectUrl: string,
  params: HostedConnectParams = { connectToken: "t" },
  options = {},
) => buildHostedConnectUrl(connectUrl, params, options);

const refusal = (connectUrl: string, options = {}) => {
  try {
    return build(connectUrl, { connectToken: "tok-secret" }, options);
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe("buildHostedConnectUrl", () => {
  it("the hosted URL has token, state, mode and preview appended", () => {
    const params = {
      connectToken: "t k",
      state: "benji.s",
      mode: "transfer",
      preview: true,
    } as const;
    expect(build(CONNECT_URL, params)).toBe(
      `${CONNECT_URL}?connect_token=t+k&state=benji.s&mode=3&preview=1`,
    );
  });

  it.each([
    ["connect", 1],
    ["transfer", 3],
    ["redeem", 4],
    [1, 1],
    [3, 3],
    [4, 4],
  ] as const)("the mode %j is sent as %d", (mode, wire) => {
    expect(build(CONNECT_URL, { mode })).toBe(`${CONNECT_URL}?mode=${wire}`);
  });

  it.each([2, 0, 5, "1", "", "Connect", Number.NaN, "__proto__", null])(
    "the mode %j is refused",
    (mode) => {
      expect(() => build(CONNECT_URL, { mode: mode as never })).toThrow(
        expect.objectContaining({ code: "invalid_request" }),
      );
    },
  );

  it("with a connect token the amount and the user id are left out of the address", () => {
    const params = { connectToken: "t", amount: 5, userExternalId: "u" };
    expect(build(`${CONNECT_URL}?amount=9&user_external_id=x&a=1`, params)).toBe(
      `${CONNECT_URL}?a=1&connect_token=t`,
    );
  });

  it("without a connect token the address has the amount and the user id", () => {
    expect(build(CONNECT_URL, { mode: 4, amount: 5, userExternalId: "u" })).toBe(
      `${CONNECT_URL}?mode=4&amount=5&user_external_id=u`,
    );
  });

  it.each([0, -1, Number.NaN, Infinity, 2 ** 53])("an amount of %d points is refused", (amount) => {
    expect(() => build(CONNECT_URL, { amount })).toThrow(/amount/);
  });

  it.each([0.5, 1, Number.MAX_SAFE_INTEGER])("an amount of %d points is sent", (amount) => {
    expect(build(CONNECT_URL, { amount })).toBe(`${CONNECT_URL}?amount=${amount}`);
  });

  it("parameters of ours on connect_url are replaced, and every other byte of query and hash is kept", () => {
    expect(
      build(`${CONNECT_URL}?a=%20x&state=old&a=2&&%73tate=older&b#frag`, { state: "new" }),
    ).toBe(`${CONNECT_URL}?a=%20x&a=2&&b&state=new#frag`);
  });

  it("a parameter whose name begins with a question mark is kept", () => {
    expect(build(`${CONNECT_URL}??state=kept`, { state: "s" })).toBe(
      `${CONNECT_URL}??state=kept&state=s`,
    );
  });

  it("an option with empty text counts as absent", () => {
    expect(build(CONNECT_URL, { connectToken: "", state: "" })).toBe(CONNECT_URL);
  });

  it("an empty connect_url is refused as connect_url_missing (F10)", () => {
    expect(refusal("")).toBe("connect_url_missing");
  });

  it.each([
    "javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "/relative",
    "//connect.withbenji.com/x",
    "connect.withbenji.com/x",
    "http://connect.withbenji.com/x",
    "ftp://connect.withbenji.com/x",
    "https://user@connect.withbenji.com/x",
    "https://:pass@connect.withbenji.com/x",
    "https://connect.withbenji.com@evil.example/x",
    "https://connect.withbenji.com.evil.example/x",
    "https://evilwithbenji.com/x",
    "https://connect.withbenji.com:8443/x",
    "https://connect.withbenji.com./x",
    "https://evil.example\\@connect.withbenji.com/",
    "https://connect.withbenjı.com/x",
    "http://127.0.0.1:4010/x",
    "https://localhost/x",
    "blob:https://connect.withbenji.com/x",
  ])("the connect_url %j is refused (T8)", (hostile) => {
    expect(refusal(hostile)).toBe("connect_url_untrusted");
  });

  it("the host withbenji.com and a subdomain of its subdomain are trusted", () => {
    expect(build("https://withbenji.com/x")).toContain("https://withbenji.com/x?");
    expect(build("https://a.b.withbenji.com/x")).toContain("https://a.b.withbenji.com/x?");
  });

  it("a host in trustedHosts is trusted with exactly its port", () => {
    const options = { trustedHosts: ["rewards.shop.example:8443"] };
    expect(refusal("https://rewards.shop.example:8443/x", options)).toContain("connect_token=");
    expect(refusal("https://rewards.shop.example/x", options)).toBe("connect_url_untrusted");
    expect(refusal("https://a.rewards.shop.example:8443/x", options)).toBe("connect_url_untrusted");
  });

  it.each([
    "http://localhost:5173/",
    "http://127.0.0.1/",
    "http://127.10.20.30/",
    "http://[::1]:1/",
    "http://shop.localhost/",
  ])("a connect_url on loopback over http is trusted if the page is at %s", (pageUrl) => {
    expect(refusal("http://127.0.0.1:4010/p", { pageUrl })).toContain("http://127.0.0.1:4010/p?");
  });

  it.each([
    "https://shop.example/",
    "http://localhost.evil.example/",
    "http://xlocalhost/",
    "nonsense",
  ])("a connect_url on loopback is not trusted if the page is at %s", (pageUrl) => {
    expect(refusal("http://127.0.0.1:4010/p", { pageUrl })).toBe("connect_url_untrusted");
  });

  it.each(["https://evil.example/p", "http://withbenji.com/p", "ftp://127.0.0.1/p"])(
    "a page on loopback does not make the connect_url %s trusted (T8)",
    (hostile) => {
      const options = { pageUrl: "http://localhost:5173/" };
      expect(refusal(hostile, options)).toBe("connect_url_untrusted");
    },
  );

  it("the error of an untrusted host names the host and the option trustedHosts, and no token (T8, T15)", () => {
    const refused = () => build("https://evil.example/x", { connectToken: "tok-secret" });
    expect(refused).toThrow(/evil\.example is not in trustedHosts/);
    expect(refused).not.toThrow(/tok-secret/);
  });

  it("a hosted URL over 8,000 characters is refused, one of 8,000 is accepted (F27)", () => {
    const length = `${CONNECT_URL}?state=`.length;
    expect(build(CONNECT_URL, { state: "x".repeat(8_000 - length) })).toHaveLength(8_000);
    expect(() => build(CONNECT_URL, { state: "x".repeat(8_001 - length) })).toThrow(
      expect.objectContaining({ code: "url_too_long" }),
    );
  });
});
