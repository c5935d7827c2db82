// The messages of errors. Console messages are in explain.options.test.ts and explain.failures.test.ts.
import { afterEach, describe, expect, it, vi } from "vitest";
import type { BenjiConnectErrorCode } from "../../src/core/index.js";
import type { ConnectFlowOptions } from "../../src/core/createConnectFlow.js";
import { CONNECT_URL, createTab } from "./createTab.js";

const CAUSE = new Error("the reason beneath");
const fail = () => {
  throw CAUSE;
};
const answering = (answer: unknown) => ({ fetchConnectToken: () => answer });
const token = "tok-secret";

afterEach(() => void vi.useRealTimers());

describe("an error message has its code, its detail, a link to the docs, and no secret (T15)", () => {
  const cases: [BenjiConnectErrorCode, detail: string, ConnectFlowOptions, cause?: Error][] = [
    ["invalid_request", "mode", { mode: 2 as never }],
    ["invalid_request", "amount", { amount: 0 }],
    ["invalid_request", "returnTo", { returnTo: "//evil.example" }],
    ["invalid_request", "lifetimeMs", { lifetimeMs: 1 }],
    ["invalid_request", "appState", { appState: "x".repeat(5_000) }],
    ["invalid_request", "appState", { appState: 1n }],
    ["crypto_unavailable", "", { randomBytes: fail }, CAUSE],
    ["storage_unavailable", "", { storage: { ...createTab().storage, setItem: fail } }, CAUSE],
    ["token_fetch_failed", "", { fetchConnectToken: fail }, CAUSE],
    ["token_fetch_failed", "HTTP 403", answering(new Response(token, { status: 403 }))],
    ["unauthenticated", "", answering(new Response(token, { status: 401 }))],
    ["token_malformed", "no JSON", answering(new Response(`{"token":"${token}`))],
    ["token_malformed", `"token"`, answering({ tokens: token })],
    ["token_malformed", `"connect_url"`, answering({ token, connect_url: 7 })],
    ["token_malformed", `"code"`, answering({ code: "denied", data: { token } })],
    ["connect_url_missing", "", answering({ token })],
    [
      "connect_url_untrusted",
      "not an absolute https address",
      answering({ token, connect_url: `https://me:${token}@withbenji.com` }),
    ],
    [
      "connect_url_untrusted",
      "evil.example is not in trustedHosts",
      answering({ token, connect_url: "https://evil.example" }),
    ],
    [
      "url_too_long",
      "8124 characters",
      answering({ token, connect_url: `${CONNECT_URL}?${"x".repeat(8_000)}` }),
    ],
    ["navigation_blocked", "", { navigate: fail }, CAUSE],
  ];

  const messageOf = (code: BenjiConnectErrorCode, detail = "") =>
    `${code}${detail && `: ${detail}`}. See react-benji-connect/docs/errors.md#${code}`;

  it.each(cases)(
    "the message of the error %s has the detail %j",
    async (code, detail, options, cause) => {
      const tab = createTab();
      const outcome = await tab
        .flow({ ...answering({ token, connect_url: CONNECT_URL }), ...options })
        .connect();
      if (outcome.status !== "failed") throw new Error("expected a failed start");
      const { error } = outcome;
      expect(error.code).toBe(code);
      expect(error.message).toBe(messageOf(code, detail));
      expect(error.message).not.toMatch(/tok-secret|benji\./);
      expect(error.cause).toBe(cause);
    },
  );

  it.each([
    ["during the token request", { fetchConnectToken: () => new Promise(() => {}) }],
    ["without a token request", { fetchConnectToken: undefined, hostedConnectUrl: CONNECT_URL }],
  ])(
    "the error of a start that reset() has aborted %s has the message of the code aborted",
    async (_, options) => {
      const flow = createTab().flow(options);
      const outcome = flow.connect();
      flow.reset();
      expect(await outcome).toMatchObject({
        error: { code: "aborted", message: messageOf("aborted") },
      });
    },
  );

  it("the message of the error token_timeout has the detail 50 ms", async () => {
    vi.useFakeTimers();
    const fetchConnectToken = () => new Promise(() => {});
    const outcome = createTab().flow({ fetchConnectToken, tokenTimeoutMs: 50 }).connect();
    await vi.advanceTimersByTimeAsync(50);
    expect(await outcome).toMatchObject({
      error: { message: messageOf("token_timeout", "50 ms") },
    });
  });
});
