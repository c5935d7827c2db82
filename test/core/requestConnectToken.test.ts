import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CONNECT_URL, createTab, keysOf, token } from "./createTab.js";

const start = (fetchConnectToken: () => unknown, options = {}) => {
  const tab = createTab();
  const outcome = tab.flow({ fetchConnectToken, ...options }).connect();
  return { tab, outcome };
};

const failureOf = async (fetchConnectToken: () => unknown, options = {}) => {
  const { tab, outcome } = start(fetchConnectToken, options);
  const result = await outcome;
  expect(keysOf(tab.storage), "nothing is left in storage").toEqual([]);
  expect(tab.left, "no navigation").toEqual([]);
  if (result.status !== "failed") throw new Error("expected a failed start");
  return result.error;
};

const json = (body: unknown, init?: ResponseInit) => () => Response.json(body, init);

describe("the four answers of a token fetcher", () => {
  const answer = { token: "tok-secret", connect_url: CONNECT_URL };
  it.each([
    ["a Response", json(answer)],
    ["a Response with Benji's envelope", json({ code: "ok", data: answer })],
    ["{ token, connect_url }", () => answer],
    ["{ token, connectUrl }", () => ({ token: "tok-secret", connectUrl: CONNECT_URL })],
    ["Benji's envelope", () => ({ code: "ok", data: answer })],
    ["a promise of { token, connect_url }", () => Promise.resolve(answer)],
  ])("a start succeeds if fetchConnectToken returns %s", async (_, fetchConnectToken) => {
    const { tab, outcome } = start(fetchConnectToken);
    expect(await outcome).toEqual({ status: "redirecting" });
    expect(tab.left[0]).toMatch(`${CONNECT_URL}?connect_token=tok-secret&state=benji.`);
  });

  it.each([
    ["token", {}],
    ["token", { token: "" }],
    ["token", { token: { text: "tok-secret" } }],
    ["token", { token: ["tok-secret"] }],
    ["token", []],
    ["token", null],
    ["token", undefined],
    ["token", "tok-secret"],
    ["token", 7],
    ["token", Object.create({ token: "tok-secret", connect_url: CONNECT_URL }) as unknown],
    ["token", JSON.parse(`{"__proto__":{"token":"tok-secret"}}`) as unknown],
    ["token", { code: "ok", data: {} }],
    ["token", { code: "ok", data: "tok-secret" }],
    ["code", { code: "denied", data: answer }],
    ["code", { data: answer }],
    ["connect_url", { token: "tok-secret", connect_url: [CONNECT_URL] }],
    ["connect_url", { token: "tok-secret", connect_url: 7 }],
    ["connect_url", { token: "tok-secret", connect_url: false }],
  ])(
    "the error of a malformed token answer names the field %j, and quotes no token of the answer %j (T10, F9)",
    async (field, body) => {
      const error = await failureOf(() => body);
      expect(error).toMatchObject({ code: "token_malformed", name: "BenjiConnectError" });
      expect(error.message).toContain(`"${field}"`);
      expect(`${error.message} ${JSON.stringify(error)}`).not.toContain("tok-secret");
    },
  );

  it.each([
    ["HTML", () => new Response("<html>tok-secret</html>")],
    ["an empty 204", () => new Response(null, { status: 204 })],
    ["broken JSON", () => new Response(`{"token":"tok-secret"`)],
  ])(
    "a token answer that is %s fails as token_malformed, and the error does not quote that answer (T10)",
    async (_, fetchConnectToken) => {
      const error = await failureOf(fetchConnectToken);
      expect(error.code).toBe("token_malformed");
      expect(`${error.message} ${String(error.cause)}`).not.toContain("tok-secret");
    },
  );

  it.each([400, 404, 500, 503])(
    "the error of a token answer with HTTP %d has that status",
    async (status) => {
      const error = await failureOf(json({ token: "tok-secret" }, { status }));
      expect(error).toMatchObject({ code: "token_fetch_failed", httpStatus: status });
      expect(error.message).toContain(`${status}`);
    },
  );

  it.each([
    ["an Error", new Error("offline")],
    ["text", "offline"],
    ["undefined", undefined],
    ["a Response", new Response("no")],
  ])(
    "the error of a failed fetchConnectToken has the thrown or rejected value as its cause: %s (F6, F8, F12)",
    async (_, cause) => {
      const rejects = await failureOf(() => Promise.reject(cause as Error));
      const throws = await failureOf(() => {
        throw cause;
      });
      for (const error of [rejects, throws]) {
        expect(error.code).toBe("token_fetch_failed");
        expect(error.cause).toBe(cause);
      }
    },
  );

  it("a token answer with an empty connect_url fails as connect_url_missing (F10)", async () => {
    const error = await failureOf(() => ({ token: "tok-secret", connect_url: "" }));
    expect(error.code).toBe("connect_url_missing");
  });

  it("hostedConnectUrl is used if connect_url in the token answer is empty, absent or null", async () => {
    const hostedConnectUrl = "https://rewards.shop.example/p?x=1";
    for (const connect_url of ["", undefined, null]) {
      const fetchConnectToken = () => ({ token: "t", connect_url });
      const { tab, outcome } = start(fetchConnectToken, { hostedConnectUrl });
      await outcome;
      expect(tab.left[0]).toMatch(`${hostedConnectUrl}&connect_token=t&state=benji.`);
    }
  });

  it("the connect_url of the token answer is used before hostedConnectUrl", async () => {
    const { tab, outcome } = start(() => answer, { hostedConnectUrl: "https://x.example/" });
    await outcome;
    expect(tab.left[0]).toMatch(CONNECT_URL);
  });
});

describe("a fetcher that takes its time", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("a token request times out after 15 s, aborts the fetcher and ignores a late answer (F7)", async () => {
    let signal: AbortSignal | undefined;
    let answerLate = (_: unknown) => {};
    const tab = createTab();
    const outcome = tab
      .flow({
        fetchConnectToken: (_, context) => {
          signal = context.signal;
          return new Promise((resolve) => (answerLate = resolve));
        },
      })
      .connect();
    await vi.advanceTimersByTimeAsync(14_999);
    expect(signal?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome).toMatchObject({ status: "failed", error: { code: "token_timeout" } });
    expect(signal?.aborted).toBe(true);
    answerLate({ token: "t", connect_url: CONNECT_URL });
    await vi.runAllTimersAsync();
    expect(tab.left).toEqual([]);
    expect(keysOf(tab.storage)).toEqual([]);
  });

  it("the option tokenTimeoutMs also limits the time for the body of the token answer", async () => {
    const body = new Response(new ReadableStream());
    const { outcome } = start(() => body, { tokenTimeoutMs: 50 });
    await vi.advanceTimersByTimeAsync(50);
    expect(await outcome).toMatchObject({ error: { code: "token_timeout" } });
  });

  it.each([2 ** 31, Infinity])(
    "a token request still waits after one minute if tokenTimeoutMs is %d",
    async (tokenTimeoutMs) => {
      let answer = (_: unknown) => {};
      const later = () => new Promise((resolve) => (answer = resolve));
      const { outcome } = start(later, { tokenTimeoutMs });
      await vi.advanceTimersByTimeAsync(60_000);
      answer(token({ state: "" }));
      expect(await outcome).toEqual({ status: "redirecting" });
    },
  );

  it("a token request that has ended leaves no timer", async () => {
    const { outcome } = start(() => token({ state: "" }));
    await outcome;
    expect(vi.getTimerCount()).toBe(0);
  });
});
