import { describe, expect, it, vi } from "vitest";
import {
  type BenjiClientOptions,
  createBenjiClient,
  type SdkTokenInput,
} from "../../src/server/index.js";
import {
  type Answer,
  benjiAnswering,
  CONNECT_URL,
  KEY,
  okAnswer,
  TOKEN,
  URL_OF_BENJI,
} from "./benji.js";

const ACCESS_TOKEN = "at_canary_77c2";

function clientOf(answer?: Answer, options: Partial<BenjiClientOptions> = {}) {
  const benji = benjiAnswering(answer);
  const { fetch } = benji;
  const client = createBenjiClient({ apiKey: KEY, baseUrl: URL_OF_BENJI, fetch, ...options });
  return { client, asked: benji.asked };
}

/** The code of an error, and every text of it that a log could show. */
const failureOf = async (work: Promise<unknown>) => {
  const error = (await work.catch((reason: unknown) => reason)) as Error & { code: string };
  return {
    code: error.code,
    message: error.message,
    everyText: `${error.stack}${JSON.stringify(error)}`,
  };
};

describe("createSdkToken", () => {
  const options = { accessToken: ACCESS_TOKEN };

  it("createSdkToken sends one POST with the partner access token as Bearer, and without the key", async () => {
    const { client, asked } = clientOf(() => okAnswer({ token: TOKEN }), options);
    const input: SdkTokenInput = { mode: "redeem", displayName: "Corner", userExternalId: "ada" };
    expect(await client.createSdkToken(input)).toEqual({ token: TOKEN });
    const [{ request, body } = expect.fail()] = asked;
    expect(request.url).toBe("https://api.benji.test/verify/token/create");
    expect(request.headers.get("authorization")).toBe(`Bearer ${ACCESS_TOKEN}`);
    expect(request.headers.has("x-api-key")).toBe(false);
    expect(body).toEqual({ mode: 4, display_name: "Corner", user_external_id: "ada" });
  });

  it("createSdkToken sends partnershipId if it is given, and refuses the partnershipId 0", async () => {
    const { client, asked } = clientOf(() => okAnswer({ token: TOKEN }), options);
    await client.createSdkToken({ mode: 1, partnershipId: "49" });
    expect(asked[0]?.body).toEqual({ partnership_id: "49", mode: 1 });
    const error = await failureOf(client.createSdkToken({ mode: 1, partnershipId: 0 }));
    expect(error.code).toBe("invalid_request");
  });

  it.each([undefined, ""])(
    "createSdkToken sends no request with the access token %j",
    async (accessToken) => {
      const { client, asked } = clientOf(undefined, { accessToken: accessToken as string });
      const error = await failureOf(client.createSdkToken({ mode: 1 }));
      expect(error).toMatchObject({ code: "invalid_request" });
      expect(error.message).toContain("accessToken");
      expect(asked).toEqual([]);
    },
  );

  it("if Benji's error quotes the access token, the thrown error does not contain it", async () => {
    const refuses = () => Response.json({ code: ACCESS_TOKEN }, { status: 401 });
    const { client } = clientOf(refuses, options);
    const { code, everyText } = await failureOf(client.createSdkToken({ mode: 1 }));
    expect(code).toBe("api_rejected");
    expect(everyText).not.toContain(ACCESS_TOKEN);
  });
});

describe("exchangeToken", () => {
  const EXPIRES = "Fri, 19 Feb 2027 10:00:00 GMT";
  const tokens = { access_token: "at", refresh_token: "rt", access_token_expires_at: EXPIRES };
  const data = { user_id: 7, merchant_id: "m-1", token_data: tokens };
  const options = { authBaseUrl: "https://auth.benji.test/v1/" };

  it("exchangeToken returns the access tokens, ids as strings and the expiry as a date", async () => {
    const { client, asked } = clientOf(() => okAnswer(data), options);
    expect(await client.exchangeToken("et-1")).toEqual({
      userId: "7",
      merchantId: "m-1",
      accessToken: "at",
      refreshToken: "rt",
      accessTokenExpiresAt: new Date("2027-02-19T10:00:00Z"),
    });
    const [{ request, body } = expect.fail()] = asked;
    expect(request.url).toBe("https://auth.benji.test/v1/access/token/exchange");
    expect(request.headers.get("x-api-key")).toBe(KEY);
    expect(body).toEqual({ exchange_token: "et-1" });
  });

  it.each([
    ["user_id", { ...data, user_id: null }],
    ["user_id", { ...data, user_id: 2 ** 60 }],
    ["merchant_id", { ...data, merchant_id: "" }],
    ["token_data.access_token", { ...data, token_data: { ...tokens, access_token: 7 } }],
    ["token_data.refresh_token", { ...data, token_data: { ...tokens, refresh_token: "" } }],
    [
      "access_token_expires_at",
      { ...data, token_data: { ...tokens, access_token_expires_at: "x" } },
    ],
    ["token_data", { ...data, token_data: [] }],
  ])(
    "the error of exchangeToken for a malformed answer names the field %s",
    async (field, malformed) => {
      const { client } = clientOf(() => okAnswer(malformed), options);
      const error = await failureOf(client.exchangeToken("et-1"));
      expect(error.code).toBe("api_malformed");
      expect(error.message).toContain(field);
      expect(error.everyText).not.toContain('"at"');
    },
  );

  it("if Benji's error quotes the exchange token, the thrown error does not contain it", async () => {
    const refuses = () => Response.json({ code: "et_123" }, { status: 400 });
    const { client } = clientOf(refuses, options);
    const { code, everyText } = await failureOf(client.exchangeToken("et_123"));
    expect(code).toBe("api_rejected");
    expect(everyText).not.toContain("et_123");
  });

  it.each([
    ["no exchange token", "", options],
    ["a token that is not a string", 7 as never, options],
    ["no authBaseUrl", "et-1", {}],
    ["an empty authBaseUrl", "et-1", { authBaseUrl: "" }],
  ])("exchangeToken refuses %s before it sends a request", async (_, token, given) => {
    const { client, asked } = clientOf(() => okAnswer(data), given);
    expect((await failureOf(client.exchangeToken(token))).code).toBe("invalid_request");
    expect(asked).toEqual([]);
  });
});

describe("createConnectUrl", () => {
  const input = { partnershipId: 49, mode: "transfer" } as const;

  it("createConnectUrl returns the address of Benji's page with the token, for a link or a redirect", async () => {
    const { client } = clientOf();
    expect(await client.createConnectUrl(input)).toBe(`${CONNECT_URL}?connect_token=${TOKEN}`);
    const url = await client.createConnectUrl(input, { state: "mine" });
    expect(url).toBe(`${CONNECT_URL}?connect_token=${TOKEN}&state=mine`);
  });

  it("createConnectUrl uses hostedConnectUrl if connect_url is empty, and fails if both are missing", async () => {
    const { client } = clientOf(() => okAnswer({ token: TOKEN, connect_url: "" }));
    const hostedConnectUrl = "https://connect.withbenji.com/49";
    expect(await client.createConnectUrl(input, { hostedConnectUrl })).toContain(hostedConnectUrl);
    expect((await failureOf(client.createConnectUrl(input))).code).toBe("connect_url_missing");
  });

  it("createConnectUrl trusts the host of hostedConnectUrl", async () => {
    const { client } = clientOf(() => okAnswer({ token: TOKEN, connect_url: "" }));
    const hostedConnectUrl = "https://rewards.shop.test/";
    const url = await client.createConnectUrl(input, { hostedConnectUrl });
    expect(url).toBe(`${hostedConnectUrl}?connect_token=${TOKEN}`);
  });

  it("createConnectUrl refuses a host that is not trusted (T8)", async () => {
    const { client } = clientOf(() =>
      okAnswer({ token: TOKEN, connect_url: "https://evil.test/x" }),
    );
    const error = await failureOf(client.createConnectUrl(input));
    expect(error.code).toBe("connect_url_untrusted");
    expect(error.everyText).not.toContain(TOKEN);
    const url = await client.createConnectUrl(input, { trustedHosts: ["evil.test"] });
    expect(url).toContain("https://evil.test/x?");
  });

  it("createConnectUrl trusts loopback only if the base URL is on loopback, as with the sandbox", async () => {
    const answer = () => okAnswer({ token: TOKEN, connect_url: "http://127.0.0.1:4010/49" });
    const sandboxed = clientOf(answer, { baseUrl: "http://127.0.0.1:4010" });
    expect(await sandboxed.client.createConnectUrl(input)).toContain("http://127.0.0.1:4010/49?");
    const error = await failureOf(clientOf(answer).client.createConnectUrl(input));
    expect(error.code).toBe("connect_url_untrusted");
  });

  it("createConnectUrl fails as aborted if the signal of the caller is aborted", async () => {
    const { client } = clientOf(() => new Promise<Response>(() => {}));
    const signal = AbortSignal.abort();
    expect((await failureOf(client.createConnectUrl(input, { signal }))).code).toBe("aborted");
  });
});

describe("in a browser (T16)", () => {
  it("createBenjiClient throws if there is a document, unless dangerouslyAllowBrowser is set", () => {
    vi.stubGlobal("document", {});
    const options = { apiKey: KEY, baseUrl: URL_OF_BENJI };
    expect(() => createBenjiClient(options)).toThrow(/Expected a server/);
    expect(() => createBenjiClient({ ...options, dangerouslyAllowBrowser: true })).not.toThrow();
    vi.unstubAllGlobals();
  });
});

it("a client calls a global fetch that was replaced after createBenjiClient", async () => {
  const client = createBenjiClient({ apiKey: KEY, baseUrl: URL_OF_BENJI });
  const late = vi.fn(() => Promise.resolve(okAnswer()));
  vi.stubGlobal("fetch", late);
  await client.createConnectToken({ partnershipId: 49, mode: 1 }).catch(() => {});
  vi.unstubAllGlobals();
  expect(late).toHaveBeenCalledOnce();
});
