import { afterEach, describe, expect, it, vi } from "vitest";
import type { BenjiConnectErrorCode } from "../../src/core/index.js";
import type { ConnectFlowOptions } from "../../src/core/createConnectFlow.js";
import { CONNECT_URL, createTab } from "./world.js";

const CAUSE = new Error("the reason beneath");
const fail = () => {
  throw CAUSE;
};
const answering = (answer: unknown) => ({ fetchConnectToken: () => answer });
const token = "tok-secret";

afterEach(() => void vi.useRealTimers());

describe("T15: what an error tells: what was expected, what came, what to do, and no secret", () => {
  const cases: [BenjiConnectErrorCode, told: string, ConnectFlowOptions, cause?: Error][] = [
    ["invalid_request", `mode "connect", "transfer", "redeem", 1, 3 or 4`, { mode: 2 as never }],
    ["invalid_request", "amount to be a positive number of points", { amount: 0 }],
    ["invalid_request", "returnTo to be an address of this origin", { returnTo: "//evil.example" }],
    ["invalid_request", "lifetimeMs to be 60,000 to 86,400,000", { lifetimeMs: 1 }],
    ["invalid_request", "appState to be JSON that fits", { appState: "x".repeat(5_000) }],
    ["invalid_request", "4096 characters", { appState: 1n }],
    ["crypto_unavailable", "Expected crypto.getRandomValues", { randomBytes: fail }, CAUSE],
    [
      "storage_unavailable",
      "Allow site data",
      { storage: { ...createTab().storage, setItem: fail } },
      CAUSE,
    ],
    ["token_fetch_failed", "fetchConnectToken failed", { fetchConnectToken: fail }, CAUSE],
    ["token_fetch_failed", "2xx, got 401", answering(new Response(token, { status: 401 }))],
    ["token_malformed", "to answer JSON", answering(new Response(`{"token":"${token}`))],
    ["token_malformed", `"token" is not a non-empty text`, answering({ tokens: token })],
    ["token_malformed", `"connect_url" is not a text`, answering({ token, connect_url: 7 })],
    ["token_malformed", `"code" is not "ok"`, answering({ code: "denied", data: { token } })],
    ["connect_url_missing", "set hostedConnectUrl", answering({ token })],
    [
      "connect_url_untrusted",
      "absolute https address without credentials",
      answering({ token, connect_url: `https://me:${token}@withbenji.com` }),
    ],
    [
      "connect_url_untrusted",
      `"evil.example", which is not trusted. If it is yours, add it to trustedHosts`,
      answering({ token, connect_url: "https://evil.example" }),
    ],
    [
      "url_too_long",
      "at most 8000 characters, got 8",
      answering({ token, connect_url: `${CONNECT_URL}?${"x".repeat(8_000)}` }),
    ],
    ["navigation_blocked", "Expected to leave for Benji; see the cause", { navigate: fail }, CAUSE],
  ];

  it.each(cases)("%s: … %s …", async (code, told, options, cause) => {
    const tab = createTab();
    const outcome = await tab
      .flow({ ...answering({ token, connect_url: CONNECT_URL }), ...options })
      .connect();
    if (outcome.status !== "failed") throw new Error("expected a failed start");
    const { error } = outcome;
    expect(error.code).toBe(code);
    expect(error.message).toContain(told);
    expect(error.message).toMatch(/^(Expected|fetchConnectToken|connect_url) .*\.$/);
    expect(error.message).not.toMatch(/tok-secret|benji\./);
    expect(error.cause).toBe(cause);
  });

  it.each([
    ["with a token on its way", { fetchConnectToken: () => new Promise(() => {}) }],
    ["without a token", { fetchConnectToken: undefined, hostedConnectUrl: CONNECT_URL }],
  ])("aborted, %s: the start was called off", async (_, options) => {
    const flow = createTab().flow(options);
    const outcome = flow.connect();
    flow.reset();
    expect(await outcome).toMatchObject({
      error: { code: "aborted", message: "The start was called off." },
    });
  });

  it("token_timeout: … within 50 ms …", async () => {
    vi.useFakeTimers();
    const fetchConnectToken = () => new Promise(() => {});
    const outcome = createTab().flow({ fetchConnectToken, tokenTimeoutMs: 50 }).connect();
    await vi.advanceTimersByTimeAsync(50);
    expect(await outcome).toMatchObject({
      error: { message: "Expected a token within 50 ms; none came." },
    });
  });
});
