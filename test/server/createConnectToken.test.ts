import { describe, expect, it } from "vitest";
import { inspect } from "node:util";
import {
  BENJI_STAGING_URL,
  BenjiApiError,
  type BenjiApiOptions,
  type CallOptions,
  type ConnectTokenInput,
  createBenjiClient,
  type Fetch,
} from "../../src/server/index.js";
import {
  type Answer,
  benjiAnswering,
  brokenBody,
  CONNECT_URL,
  endlessBody,
  html,
  KEY,
  leakyJson,
  neverSettles,
  okAnswer,
  TOKEN,
  URL_OF_BENJI,
} from "./benji.js";

const INPUT: ConnectTokenInput = { partnershipId: 49, mode: "connect" };

const createConnectToken = async (
  input: ConnectTokenInput,
  { signal, ...options }: BenjiApiOptions & CallOptions,
) => createBenjiClient(options).createConnectToken(input, signal && { signal });

const optionsFor = (fetch: Fetch): BenjiApiOptions => ({
  apiKey: KEY,
  baseUrl: URL_OF_BENJI,
  fetch,
});

async function failureOf(work: () => Promise<unknown>): Promise<BenjiApiError> {
  const error = await work().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(BenjiApiError);
  return error as BenjiApiError;
}

const failureWith = (answer: Answer) =>
  failureOf(() => createConnectToken(INPUT, optionsFor(benjiAnswering(answer).fetch)));

/** Every text of an error that a log could show. */
const everyTextOf = (error: Error) =>
  [String(error), error.stack, JSON.stringify(error), inspect(error, { depth: 9 })].join("\n");

describe("the request of createConnectToken", () => {
  it("createConnectToken sends one POST to /auth/connect with the key in a header only", async () => {
    const benji = benjiAnswering();
    await createConnectToken(INPUT, optionsFor(benji.fetch));
    const [{ request, body } = expect.fail("nothing was asked")] = benji.asked;
    expect(benji.asked).toHaveLength(1);
    expect(request.method).toBe("POST");
    expect(request.url).toBe("https://api.benji.test/auth/connect");
    expect(request.headers.get("x-api-key")).toBe(KEY);
    expect(request.headers.get("content-type")).toBe("application/json");
    expect(request.redirect).toBe("manual");
    expect(body).toEqual({ partnership_id: 49, mode: 1 });
  });

  it("createConnectToken keeps the path of baseUrl", async () => {
    const benji = benjiAnswering();
    await createConnectToken(INPUT, { ...optionsFor(benji.fetch), baseUrl: "https://gw.test/b/" });
    expect(benji.asked[0]?.request.url).toBe("https://gw.test/b/auth/connect");
  });

  const action = { mode: 3, amount: 1000, allows_editing: true };
  it.each<[ConnectTokenInput, object]>([
    [
      { partnershipId: 49, mode: 1, displayName: "Reward Cookies" },
      { partnership_id: 49, mode: 1, display_name: "Reward Cookies" },
    ],
    [
      { partnershipId: "49", mode: 4, userExternalId: "user-1234" },
      { partnership_id: "49", mode: 4, user_external_id: "user-1234" },
    ],
    [
      {
        partnershipId: 49,
        mode: "transfer",
        actions: [{ mode: "transfer", amount: 1000, allowsEditing: true }],
      },
      { partnership_id: 49, mode: 3, custom_attributes: { actions: [action] } },
    ],
    [
      {
        partnershipId: 49,
        mode: "redeem",
        actions: [{ mode: 4, amount: Number.MAX_SAFE_INTEGER, allowsEditing: false }],
        customAttributes: { tier: "gold" },
      },
      {
        partnership_id: 49,
        mode: 4,
        custom_attributes: {
          tier: "gold",
          actions: [{ mode: 4, amount: 9007199254740991, allows_editing: false }],
        },
      },
    ],
    [
      { partnershipId: 49, mode: 1, customAttributes: { tier: "gold" } },
      { partnership_id: 49, mode: 1, custom_attributes: { tier: "gold" } },
    ],
  ])("createConnectToken sends the fields under Benji's names: %j", async (input, body) => {
    const benji = benjiAnswering();
    await createConnectToken(input, optionsFor(benji.fetch));
    expect(benji.asked[0]?.body).toEqual(body);
  });

  it("BENJI_STAGING_URL is the documented staging address", () => {
    expect(BENJI_STAGING_URL).toBe("https://api-staging.withbenji.com");
  });
});

describe("invalid arguments", () => {
  const withAction = (action: object) => ({ ...INPUT, actions: [action] });
  const transfer = { mode: "transfer", amount: 1, allowsEditing: true };
  const circular: Record<string, unknown> = {};
  circular["self"] = circular;

  it.each([
    ["the type undefined", undefined],
    ["the type array", []],
    ["no partnership", { mode: 1 }],
    ["an empty partnership", { ...INPUT, partnershipId: " " }],
    ["a fractional partnership", { ...INPUT, partnershipId: 4.9 }],
    ["a negative partnership", { ...INPUT, partnershipId: -49 }],
    ["a NaN partnership", { ...INPUT, partnershipId: NaN }],
    ["no mode", { partnershipId: 49 }],
    ["mode 2", { ...INPUT, mode: 2 }],
    ["a mode as a digit in text", { ...INPUT, mode: "3" }],
    ["an inherited property name as mode", { ...INPUT, mode: "constructor" }],
    ["an empty user id", { ...INPUT, userExternalId: "" }],
    ["a numeric user id", { ...INPUT, userExternalId: 7 }],
    ["an empty display name", { ...INPUT, displayName: "" }],
    ["actions that are not a list", { ...INPUT, actions: transfer }],
    ["an action that is not an object", { ...INPUT, actions: [null] }],
    ["an action to connect", withAction({ ...transfer, mode: 1 })],
    ["an action of mode 2", withAction({ ...transfer, mode: 2 })],
    ["amount 0", withAction({ ...transfer, amount: 0 })],
    ["amount -1", withAction({ ...transfer, amount: -1 })],
    ["amount NaN", withAction({ ...transfer, amount: NaN })],
    ["amount Infinity", withAction({ ...transfer, amount: Infinity })],
    ["amount 2^53", withAction({ ...transfer, amount: 2 ** 53 })],
    ["amount as text", withAction({ ...transfer, amount: "1000" })],
    ["no allowsEditing", withAction({ mode: "transfer", amount: 1 })],
    ["custom attributes as a list", { ...INPUT, customAttributes: [] }],
    ["actions through custom attributes", { ...INPUT, customAttributes: { actions: [] } }],
    ["circular custom attributes", { ...INPUT, customAttributes: circular }],
  ])("createConnectToken refuses an input with %s before any request is sent", async (_, input) => {
    const benji = benjiAnswering();
    const error = await failureOf(() =>
      createConnectToken(input as ConnectTokenInput, optionsFor(benji.fetch)),
    );
    expect(error).toMatchObject({ code: "invalid_request", retryable: false });
    expect(benji.asked).toEqual([]);
  });

  it.each([
    ["no key", { apiKey: undefined }],
    ["an empty key", { apiKey: "" }],
    ["a key with a line break", { apiKey: `${KEY}\n` }],
    ["a key with a space", { apiKey: `Bearer ${KEY}` }],
    ["a key beyond ASCII", { apiKey: `${KEY}é` }],
    ["no base URL", { baseUrl: undefined }],
    ["a relative base URL", { baseUrl: "/api" }],
    ["http on a public host", { baseUrl: "http://api.benji.test" }],
    ["http on a host that only looks local", { baseUrl: "http://127.0.0.1.evil.test" }],
    ["a base URL with the scheme ftp", { baseUrl: "ftp://localhost" }],
    ["a base URL with credentials", { baseUrl: "https://u:p@api.benji.test" }],
    ["a base URL with a user", { baseUrl: "https://u@api.benji.test" }],
    ["a base URL with a query", { baseUrl: "https://api.benji.test?a=1" }],
    ["a base URL with a hash", { baseUrl: "https://api.benji.test#a" }],
    ["a timeout of 0", { timeoutMs: 0 }],
    ["a timeout of less than one millisecond", { timeoutMs: 0.5 }],
    ["a NaN timeout", { timeoutMs: NaN }],
    ["a timeout over the limit of timers", { timeoutMs: 2 ** 31 }],
  ])("createConnectToken refuses options with %s before any request is sent", async (_, wrong) => {
    const benji = benjiAnswering();
    const options = { ...optionsFor(benji.fetch), ...wrong } as BenjiApiOptions;
    const error = await failureOf(() => createConnectToken(INPUT, options));
    expect(error.code).toBe("invalid_request");
    expect(everyTextOf(error)).not.toContain(KEY);
    expect(benji.asked).toEqual([]);
  });

  it.each(["http://localhost:4010", "http://127.0.0.1:4010", "http://[::1]:4010"])(
    "createConnectToken accepts a baseUrl over http on loopback: %s",
    async (baseUrl) => {
      const benji = benjiAnswering();
      await createConnectToken(INPUT, { ...optionsFor(benji.fetch), baseUrl });
      expect(benji.asked[0]?.request.url).toBe(`${baseUrl}/auth/connect`);
    },
  );
});

describe("the answer of createConnectToken", () => {
  it("createConnectToken returns the token and the connect URL", async () => {
    const { fetch } = benjiAnswering();
    expect(await createConnectToken(INPUT, optionsFor(fetch))).toEqual({
      token: TOKEN,
      connectUrl: CONNECT_URL,
    });
  });

  it.each([
    ["empty", { token: TOKEN, connect_url: "" }],
    ["absent", { token: TOKEN }],
  ])(
    "the connectUrl that createConnectToken returns is empty if Benji's connect_url is %s",
    async (_, data) => {
      const { fetch } = benjiAnswering(() => okAnswer(data));
      expect(await createConnectToken(INPUT, optionsFor(fetch))).toEqual({
        token: TOKEN,
        connectUrl: "",
      });
    },
  );

  const raw = (body: BodyInit) => () => new Response(body);
  it.each<[string, Answer, object]>([
    ["401", () => leakyJson(401), { code: "api_rejected", httpStatus: 401, retryable: false }],
    [
      "403 with a code",
      () => leakyJson(403, "partnership_unknown"),
      { code: "api_rejected", httpStatus: 403, benjiCode: "partnership_unknown" },
    ],
    ["429", () => leakyJson(429), { code: "api_rejected", httpStatus: 429, retryable: true }],
    ["500", () => leakyJson(500), { code: "api_failed", httpStatus: 500, retryable: true }],
    ["500 as HTML", () => html(500), { code: "api_failed", httpStatus: 500, retryable: true }],
    ["401 broken off", () => brokenBody(401), { code: "api_rejected", httpStatus: 401 }],
    ["200 as HTML", () => html(200), { code: "api_malformed", httpStatus: 200, retryable: false }],
    ["204", () => new Response(null, { status: 204 }), { code: "api_malformed", httpStatus: 204 }],
    [
      "a redirect",
      () => new Response(null, { status: 307, headers: { location: "https://evil.test" } }),
      { code: "api_malformed", httpStatus: 307 },
    ],
    [
      "a body of 5 MB",
      () => okAnswer({ token: TOKEN, x: "x".repeat(5e6) }),
      { code: "api_malformed" },
    ],
    ["200 broken off", () => brokenBody(), { code: "api_unreachable", retryable: true }],
    ["an array", raw("[]"), { code: "api_malformed" }],
    ["null", raw("null"), { code: "api_malformed" }],
    [
      "bytes that are not UTF-8",
      raw(Buffer.from(`{"code":"ok","data":{"token":"\xff"}}`, "latin1")),
      { code: "api_malformed" },
    ],
    ["no code", raw(`{"data":{"token":"${TOKEN}"}}`), { code: "api_malformed" }],
    [
      "a code other than ok",
      () => leakyJson(200, "not_ok"),
      { code: "api_rejected", httpStatus: 200, benjiCode: "not_ok" },
    ],
    ["no data", raw('{"code":"ok"}'), { code: "api_malformed" }],
    ["no token", () => okAnswer({ connect_url: CONNECT_URL }), { code: "api_malformed" }],
    ["an empty token", () => okAnswer({ token: "" }), { code: "api_malformed" }],
    ["a token as object", () => okAnswer({ token: { a: TOKEN } }), { code: "api_malformed" }],
    ["a token as list", () => okAnswer({ token: [TOKEN] }), { code: "api_malformed" }],
    [
      "a connect URL as list",
      () => okAnswer({ token: TOKEN, connect_url: [CONNECT_URL] }),
      { code: "api_malformed" },
    ],
    ["data as list", () => okAnswer([TOKEN]), { code: "api_malformed" }],
    [
      "a token under __proto__",
      raw(`{"code":"ok","data":{"__proto__":{"token":"${TOKEN}"}}}`),
      { code: "api_malformed" },
    ],
    [
      "an envelope under __proto__",
      raw(`{"__proto__":{"code":"ok","data":{"token":"${TOKEN}"}}}`),
      { code: "api_malformed" },
    ],
  ])(
    "an answer of Benji with %s causes a typed error without the key, the token or Benji's text",
    async (_, answer, expected) => {
      const error = await failureWith(answer);
      expect(error).toMatchObject(expected);
      expect(everyTextOf(error)).not.toMatch(new RegExp(`${KEY}|${TOKEN}|is unknown|Oops`));
    },
  );

  it("createConnectToken does not read a token that Benji's answer inherits from Object.prototype", async () => {
    Object.defineProperty(Object.prototype, "token", { value: TOKEN, configurable: true });
    try {
      expect((await failureWith(() => okAnswer({}))).code).toBe("api_malformed");
    } finally {
      delete (Object.prototype as { token?: string }).token;
    }
  });

  it.each([
    ["echoes the key", KEY],
    ["echoes the beginning of the key (T46)", `unknown_key_${KEY.slice(0, 9)}`],
    ["echoes the end of the key (T46)", `${KEY.slice(-9)}_is_no_key`],
    ["echoes the middle of the key (T46)", `key_${KEY.slice(3, 12)}_`],
    ["echoes the key in capitals (T46)", KEY.toUpperCase()],
    ["echoes the key without its separators (T46)", KEY.replaceAll("_", "")],
    ["is a sentence", "not a code"],
    ["is endless", "a".repeat(65)],
  ])("the error has no benjiCode if Benji's error code %s", async (_, code) => {
    expect(await failureWith(() => leakyJson(400, code))).not.toHaveProperty("benjiCode");
  });
});

it.each(["key_canary", "partnership_unknown", "invalid_token"])(
  "the error has Benji's error code %s as benjiCode",
  async (code) => {
    expect(await failureWith(() => leakyJson(400, code))).toMatchObject({ benjiCode: code });
  },
);

describe("a call without an answer", () => {
  it("a refused connection fails as api_unreachable, with the system's code and without the API key", async () => {
    const refused = Object.assign(new Error(`to ${KEY}`), { code: "ECONNREFUSED" });
    const error = await failureWith((request) => {
      const failure = new TypeError("fetch failed", { cause: refused });
      throw Object.assign(failure, { request, headers: [...request.headers] });
    });
    expect(error).toMatchObject({ code: "api_unreachable", retryable: true });
    expect(error).not.toHaveProperty("httpStatus");
    expect(error.cause).toEqual({ code: "ECONNREFUSED" });
    expect(everyTextOf(error)).not.toContain(KEY);
  });

  it.each([
    ["has another kind of code", new Error(KEY, { cause: { code: KEY } })],
    ["is not an error", KEY],
    [
      "hides the key in its code",
      new Error("", { cause: Object.assign(new Error(), { code: KEY }) }),
    ],
  ])(
    "the error of an unreachable Benji has no cause if what fetch throws %s",
    async (_, failure) => {
      const error = await failureWith(() => Promise.reject(failure));
      expect(error.code).toBe("api_unreachable");
      expect(error.cause).toBeUndefined();
    },
  );

  it.each<[string, Answer]>([
    ["no answer comes", neverSettles],
    ["the body never ends", endlessBody],
  ])("a call to Benji times out if %s, and its connection is aborted", async (_, answer) => {
    const benji = benjiAnswering(answer);
    const error = await failureOf(() =>
      createConnectToken(INPUT, { ...optionsFor(benji.fetch), timeoutMs: 20 }),
    );
    expect(error).toMatchObject({ code: "api_timeout", retryable: true });
    expect(benji.asked[0]?.request.signal.aborted).toBe(true);
  });

  it("a failed call to Benji is not repeated", async () => {
    const benji = benjiAnswering(() => leakyJson(503));
    await failureOf(() => createConnectToken(INPUT, optionsFor(benji.fetch)));
    expect(benji.asked).toHaveLength(1);
  });

  it("a call to Benji ends if the caller aborts, even if fetch ignores the signal", async () => {
    const caller = new AbortController();
    const benji = benjiAnswering(() => {
      caller.abort(new Error("gone"));
      return neverSettles();
    });
    const error = await failureOf(() =>
      createConnectToken(INPUT, { ...optionsFor(benji.fetch), signal: caller.signal }),
    );
    expect(error).toMatchObject({ code: "aborted", retryable: false });
    expect(benji.asked[0]?.request.signal.aborted).toBe(true);
  });

  it("a call to Benji is not sent if the caller has already aborted", async () => {
    const benji = benjiAnswering();
    const signal = AbortSignal.abort();
    const error = await failureOf(() =>
      createConnectToken(INPUT, { ...optionsFor(benji.fetch), signal }),
    );
    expect(error.code).toBe("aborted");
    expect(benji.asked).toEqual([]);
  });
});
