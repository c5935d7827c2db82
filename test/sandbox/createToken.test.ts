import { describe, expect, it } from "vitest";

import { createToken, open, openSandbox, ORIGIN, postToken, UUID } from "./visit.js";

const TRANSFER = [{ mode: 3, amount: 1000, allows_editing: true }];

describe("POST /auth/connect", () => {
  it.each([
    { partnership_id: 49, mode: 1, display_name: "Reward Cookies" },
    { partnership_id: 49, mode: 1, display_name: "Reward Cookies", user_external_id: "user-1234" },
    {
      partnership_id: 49,
      mode: 3,
      display_name: "Reward Cookies",
      custom_attributes: { actions: TRANSFER },
    },
    { partnership_id: 49, mode: 4, display_name: "Reward Cookies" },
  ])(
    "POST /auth/connect answers the documented request %j with a token and a connect_url",
    async (body) => {
      const response = await postToken(openSandbox(), body);
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({
        code: "ok",
        data: { token: expect.stringMatching(UUID), connect_url: `${ORIGIN}/49` },
      });
    },
  );

  it("POST /auth/connect escapes a partnership id that is text in connect_url", async () => {
    const response = await postToken(openSandbox(), { partnership_id: "a/b", mode: 1 });
    expect(await response.json()).toMatchObject({ data: { connect_url: `${ORIGIN}/a%2Fb` } });
  });

  it.each([
    ["mode 2, which does not exist", { partnership_id: 49, mode: 2 }],
    ["a mode in quotes", { partnership_id: 49, mode: "1" }],
    ["no mode", { partnership_id: 49 }],
    ["no partnership", { mode: 1 }],
    ["an empty partnership", { partnership_id: "", mode: 1 }],
    ["a display name that is a number", { partnership_id: 49, mode: 1, display_name: 1 }],
    ["a user id that is a number", { partnership_id: 49, mode: 1, user_external_id: 1 }],
    ["attributes that are a list", { partnership_id: 49, mode: 1, custom_attributes: [] }],
    ["actions that are not a list", withActions({})],
    ["an action in mode 1", withActions([{ ...TRANSFER[0], mode: 1 }])],
    ["an amount in quotes", withActions([{ ...TRANSFER[0], amount: "1000" }])],
    ["an editing flag in quotes", withActions([{ ...TRANSFER[0], allows_editing: "true" }])],
    ["a body that is not JSON", "{"],
    ["a body that is a list", []],
  ])("POST /auth/connect refuses %s", async (_, body) => {
    const response = await postToken(openSandbox(), body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: "invalid_request",
      message: expect.any(String),
    });
  });

  it.each(["", "wrong-key"])("POST /auth/connect refuses the API key %j", async (key) => {
    const response = await postToken(
      openSandbox(),
      { partnership_id: 49, mode: 1 },
      { "x-api-key": key },
    );
    expect(response.status).toBe(401);
    const body = await response.text();
    expect(JSON.parse(body)).toMatchObject({ error: "unauthorized_partner" });
    expect(body).not.toContain("wrong-key");
  });

  it("the option apiKeys of the sandbox replaces the default API key", async () => {
    const sandbox = openSandbox({ apiKeys: ["mine"] });
    const body = { partnership_id: 49, mode: 1 };
    expect((await postToken(sandbox, body, { "x-api-key": "mine" })).status).toBe(200);
    expect((await postToken(sandbox, body)).status).toBe(401);
  });

  it("POST /auth/connect refuses a body that is not sent as JSON", async () => {
    const headers = { "Content-Type": "text/plain" };
    const response = await postToken(openSandbox(), { partnership_id: 49, mode: 1 }, headers);
    expect(response.status).toBe(415);
  });

  it("GET /auth/connect is refused, and the Allow header names POST", async () => {
    const response = await open(openSandbox(), "/auth/connect");
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("POST");
  });

  it("sandbox.fetch takes the arguments of fetch, and ignores a second argument after a Request", async () => {
    const { fetch } = openSandbox();
    const address = `${ORIGIN}/auth/connect`;
    const ask = {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": "sandbox-api-key" },
      body: JSON.stringify({ partnership_id: 49, mode: 1 }),
    };
    expect((await fetch(address, ask)).status).toBe(200);
    expect((await fetch(new URL(address), ask)).status).toBe(200);
    expect((await fetch(new Request(address, ask), { method: "PUT" })).status).toBe(200);
  });

  it("POST /auth/connect sends no CORS headers", async () => {
    const headers = { Origin: "https://shop.example" };
    const response = await postToken(openSandbox(), { partnership_id: 49, mode: 1 }, headers);
    expect(response.headers.has("access-control-allow-origin")).toBe(false);
  });

  it("connect_url is empty if hostedConnectEnabled is false", async () => {
    const sandbox = openSandbox({ hostedConnectEnabled: false });
    const response = await postToken(sandbox, { partnership_id: 49, mode: 1 });
    expect(await response.json()).toMatchObject({ data: { connect_url: "" } });
  });

  it("connect_url begins with the option baseUrl", async () => {
    const sandbox = openSandbox({ baseUrl: "https://connect.test/" });
    const response = await postToken(sandbox, { partnership_id: 49, mode: 1 });
    expect(await response.json()).toMatchObject({
      data: { connect_url: "https://connect.test/49" },
    });
  });
});

describe("the log", () => {
  it("the request log of the sandbox contains no secrets", async () => {
    const sandbox = openSandbox();
    const token = await createToken(sandbox);
    await open(sandbox, `/49?connect_token=${token}&state=s3cret`);
    expect(sandbox.requests).toEqual([
      { method: "POST", path: "/auth/connect", status: 200 },
      { method: "GET", path: "/49", status: 200 },
    ]);
  });

  it("the request log of the sandbox keeps the last 200 requests", async () => {
    const sandbox = openSandbox();
    for (let count = 0; count < 205; count++) await open(sandbox, `/a/${count}`);
    expect(sandbox.requests).toHaveLength(200);
    expect(sandbox.requests[0]?.path).toBe("/a/5");
  });
});

function withActions(actions: unknown) {
  return { partnership_id: 49, mode: 3, custom_attributes: { actions } };
}
