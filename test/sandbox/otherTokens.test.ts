import { describe, expect, it } from "vitest";

import type { Sandbox, SandboxOptions } from "../../src/sandbox/index.js";
import { open, openSandbox, ORIGIN, queryOf, submit, UUID } from "./visit.js";

const BEARER = { Authorization: "Bearer sandbox-access-token" };
const API_KEY = { "x-api-key": "sandbox-api-key" };

function post(
  sandbox: Sandbox,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return sandbox.fetch(
    new Request(`${ORIGIN}${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    }),
  );
}

const postSdkToken = (sandbox: Sandbox, body: unknown, headers: Record<string, string> = BEARER) =>
  post(sandbox, "/verify/token/create", body, headers);
const exchange = (sandbox: Sandbox, token: unknown, headers: Record<string, string> = API_KEY) =>
  post(sandbox, "/access/token/exchange", { exchange_token: token }, headers);

describe("POST /verify/token/create", () => {
  const example = { mode: 1, display_name: "Reward Cookies", partner_id: 3, merchant_id: 48 };

  it.each([
    { ...example, partnership_id: 49 },
    { ...example, partnership_id: 49, user_external_id: "1234" },
    {
      ...example,
      mode: 3,
      partnership_id: 49,
      custom_attributes: { actions: [{ mode: 3, amount: 1000, allows_editing: true }] },
    },
    { mode: 4 },
  ])(
    "POST /verify/token/create answers %j with a token and without a connect_url",
    async (body) => {
      const response = await postSdkToken(openSandbox(), body);
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({
        code: "ok",
        data: { token: expect.stringMatching(UUID) },
      });
    },
  );

  it("an SDK token opens the hosted page for the partnership of the address", async () => {
    const sandbox = openSandbox();
    const { data } = (await (await postSdkToken(sandbox, { mode: 3 })).json()) as {
      data: { token: string };
    };
    const page = await (await open(sandbox, `/50?connect_token=${data.token}`)).text();
    expect(page).toContain("Transfer your points");
    expect(page).toContain("Partner 50");
    expect(await (await open(sandbox, `/?connect_token=${data.token}`)).text()).toContain(
      "our partner",
    );
  });

  it.each([
    ["no credential", {}],
    ["an API key", API_KEY],
    ["another access token", { Authorization: "Bearer wrong-token" }],
    ["an access token without Bearer", { Authorization: "sandbox-access-token" }],
    ["an empty Bearer", { Authorization: "Bearer " }],
  ])("POST /verify/token/create refuses a request with %s", async (_, headers) => {
    const response = await postSdkToken(openSandbox(), example, headers);
    expect(response.status).toBe(401);
    const body = await response.text();
    expect(JSON.parse(body)).toEqual({
      error: "unauthorized_partner",
      message: expect.any(String),
    });
    expect(body).not.toContain("wrong-token");
  });

  it("the option accessTokens of the sandbox replaces the default access token", async () => {
    const sandbox = openSandbox({ accessTokens: ["mine"] });
    const mine = { Authorization: "bearer mine" };
    expect((await postSdkToken(sandbox, example, mine)).status).toBe(200);
    expect((await postSdkToken(sandbox, example)).status).toBe(401);
  });

  it.each([
    ["no mode", {}],
    ["mode 2", { mode: 2 }],
    ["an empty partnership", { mode: 1, partnership_id: "" }],
    ["a display name that is a number", { mode: 1, display_name: 1 }],
    ["a syntax error", "{"],
  ])("POST /verify/token/create refuses a body with %s", async (_, body) => {
    const response = await postSdkToken(openSandbox(), body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: "invalid_request",
      message: expect.any(String),
    });
  });

  it("POST /verify/token/create refuses GET and a body that is not sent as JSON", async () => {
    const sandbox = openSandbox();
    expect((await open(sandbox, "/verify/token/create")).status).toBe(405);
    const headers = { ...BEARER, "Content-Type": "text/plain" };
    expect((await postSdkToken(sandbox, example, headers)).status).toBe(415);
  });

  it("POST /auth/connect refuses an access token in place of the API key", async () => {
    const body = { partnership_id: 49, mode: 1 };
    expect((await post(openSandbox(), "/auth/connect", body, BEARER)).status).toBe(401);
  });
});

describe("POST /access/token/exchange", () => {
  const NOON = Date.UTC(2026, 0, 1, 12);
  const openAtNoon = (options: SandboxOptions = {}) => openSandbox({ now: () => NOON, ...options });

  it.each([
    ["an API key", API_KEY],
    ["a Bearer access token, as older pages show", BEARER],
  ])("POST /access/token/exchange answers in the documented shape to %s", async (_, headers) => {
    const sandbox = openAtNoon();
    const response = await exchange(sandbox, sandbox.createExchangeToken(), headers);
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toEqual({
      code: "ok",
      data: {
        user_id: expect.any(Number),
        merchant_id: expect.any(Number),
        token_data: {
          access_token: expect.stringMatching(UUID),
          refresh_token: expect.stringMatching(UUID),
          access_token_expires_at: "Wed, 01 Apr 2026 12:00:00 GMT",
        },
      },
    });
  });

  it("an exchange token is accepted once", async () => {
    const sandbox = openSandbox();
    const token = sandbox.createExchangeToken();
    const both = await Promise.all([exchange(sandbox, token), exchange(sandbox, token)]);
    expect(both.map(({ status }) => status)).toEqual([200, 401]);
  });

  it("an exchange token is accepted for 15 minutes", async () => {
    let time = 0;
    const sandbox = openSandbox({ now: () => time, tokenLifetimeMs: 1 });
    const [first, second] = [sandbox.createExchangeToken(), sandbox.createExchangeToken()];
    time = 15 * 60_000 - 1;
    expect((await exchange(sandbox, first)).status).toBe(200);
    time += 1;
    const expired = await exchange(sandbox, second);
    expect([expired.status, await expired.json()]).toEqual([
      401,
      { error: "expired_exchange_token", message: expect.any(String) },
    ]);
  });

  it("an exchange token stays valid after a request without a valid API key", async () => {
    const sandbox = openSandbox();
    const token = sandbox.createExchangeToken();
    expect((await exchange(sandbox, token, {})).status).toBe(401);
    expect((await exchange(sandbox, token, { "x-api-key": "wrong" })).status).toBe(401);
    expect((await exchange(sandbox, token)).status).toBe(200);
  });

  it.each([
    ["never-made", 401, "invalid_exchange_token"],
    ["", 400, "invalid_request"],
    [1, 400, "invalid_request"],
    [undefined, 400, "invalid_request"],
    [null, 400, "invalid_request"],
  ])("the exchange token %j is refused with %i %s", async (token, status, error) => {
    const response = await exchange(openSandbox(), token);
    expect(response.status).toBe(status);
    const body = await response.text();
    expect(JSON.parse(body)).toEqual({ error, message: expect.any(String) });
    expect(body).not.toContain("never-made");
  });

  it("a connect token cannot be exchanged, and an exchange token does not open the hosted page", async () => {
    const sandbox = openSandbox();
    const { data } = (await (await postSdkToken(sandbox, { mode: 1 })).json()) as {
      data: { token: string };
    };
    expect((await exchange(sandbox, data.token)).status).toBe(401);
    const address = `/49?connect_token=${sandbox.createExchangeToken()}`;
    expect((await open(sandbox, address)).status).toBe(404);
  });

  it("the user_id of an exchange is the numeric id in a return of the same user in the scenario no-uuid", async () => {
    const sandbox = openSandbox();
    const back = await submit(sandbox, "/49?user_external_id=u1", {
      outcome: "success",
      scenario: "no-uuid",
    });
    const token = sandbox.createExchangeToken({ userExternalId: "u1", partnershipId: 49 });
    const { data } = (await (await exchange(sandbox, token)).json()) as {
      data: { user_id: number };
    };
    expect(String(data.user_id)).toBe(queryOf(back).get("benji_user_id"));
  });

  it("without a partnership the same userExternalId has the same user_id in every exchange", async () => {
    const sandbox = openSandbox();
    const idOf = async (userExternalId: string) => {
      const answer = await exchange(sandbox, sandbox.createExchangeToken({ userExternalId }));
      return ((await answer.json()) as { data: { user_id: number } }).data.user_id;
    };
    expect(await idOf("u1")).toBe(await idOf("u1"));
    expect(await idOf("u1")).not.toBe(await idOf("u2"));
  });
});
