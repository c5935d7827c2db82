import { afterEach, describe, expect, it, vi } from "vitest";
import { buildHostedConnectUrl } from "../../src/core/index.js";
import type { ConnectFlowOptions } from "../../src/core/createConnectFlow.js";
import { CONNECT_URL, createTab, itemsOf, returnUrl, token } from "./world.js";

const messageOf = (detail: string) =>
  `invalid_request: ${detail}. See react-benji-connect/docs/errors.md#invalid_request`;

/** What JavaScript hands in where TypeScript would have said no. */
const WRONG: [keyof ConnectFlowOptions, value: unknown, came: string][] = [
  ["fetchConnectToken", {}, "object"],
  ["hostedConnectUrl", ["https://evil.example"], "array"],
  ["trustedHosts", "rewards.shop.example", "string"],
  ["trustedHosts", { 0: "evil.example" }, "object"],
  ["mode", ["transfer"], "array"],
  ["amount", "1000", "string"],
  ["amount", "1e3", "string"],
  ["amount", true, "boolean"],
  ["amount", [5], "array"],
  ["amount", NaN, "NaN"],
  ["userExternalId", { id: 7 }, "object"],
  ["userExternalId", 7, "number"],
  ["preview", "false", "string"],
  ["returnTo", ["/cart"], "array"],
  ["userKey", { id: 7 }, "object"],
  ["userKey", NaN, "NaN"],
  ["lifetimeMs", "3600000", "string"],
  ["tokenTimeoutMs", "15s", "string"],
  ["requestInit", "include", "string"],
  ["dangerouslyAllowHttpInDevelopment", "false", "string"],
];

const WRONG_ON_RETURN: [keyof ConnectFlowOptions, value: unknown, came: string][] = [
  ["path", /callback/, "object"],
  ["match", "/benji/callback", "string"],
  ["userKey", { id: 7 }, "object"],
  ["waitMs", "20000", "string"],
  ["waitMs", NaN, "NaN"],
  ["confirm", { url: "/confirm" }, "object"],
  ["requestInit", "include", "string"],
  ["replaceUrl", "/x", "string"],
  ["dangerouslyAcceptReturnsWithoutState", "false", "string"],
];

afterEach(() => {
  vi.unstubAllGlobals();
  for (const name of [...Object.keys(POLLUTION), "state"])
    delete (Object.prototype as Record<string, unknown>)[name];
});

describe("T29: a start whose option has a wrong type", () => {
  it.each(WRONG)(
    "%s as %j is refused by its name, before anything is asked",
    async (name, value, came) => {
      const tab = createTab();
      const fetchConnectToken = vi.fn(token);
      const flow = tab.flow({ fetchConnectToken, [name]: value });
      flow.prefetch();
      const outcome = await flow.connect();
      expect(outcome).toMatchObject({
        status: "failed",
        error: { code: "invalid_request", message: messageOf(`${name}: ${came}`) },
      });
      expect(fetchConnectToken).not.toHaveBeenCalled();
      expect(itemsOf(tab.storage)).toEqual([]);
      expect(tab.left).toEqual([]);
    },
  );

  it("undefined is an option that was not given; null is a type of its own", async () => {
    const names = WRONG.map(([name]) => name).filter((name) => name !== "fetchConnectToken");
    const absent = Object.fromEntries(names.map((name) => [name, undefined]));
    expect(await createTab().flow(absent).connect()).toEqual({ status: "redirecting" });
    expect(await createTab().flow({ userKey: null }).connect()).toEqual({ status: "redirecting" });
    expect(
      await createTab()
        .flow({ amount: null as never })
        .connect(),
    ).toMatchObject({
      error: { message: messageOf("amount: null") },
    });
  });

  it.each([
    ["connectToken", { connectToken: { token: "tok-secret" } }],
    ["amount", { amount: "5" }],
    ["userExternalId", { userExternalId: {} }],
    ["state", { state: ["benji.x"] }],
  ] as [string, object][])("buildHostedConnectUrl: %s", (name, params) => {
    expect(() => buildHostedConnectUrl(CONNECT_URL, params)).toThrow(
      new RegExp(`^invalid_request: ${name}: `),
    );
  });

  it.each([
    ["trustedHosts", "rewards.shop.example"],
    ["hostedConnectUrl", ["https://shop.example"]],
  ])("buildHostedConnectUrl: %s as %j trusts nobody", (name, value) => {
    const build = () => buildHostedConnectUrl("https://shop.example/x", {}, { [name]: value });
    expect(build).toThrow(new RegExp(`^invalid_request: ${name}: `));
  });
});

const POLLUTION: Record<string, unknown> = {
  trustedHosts: ["evil.example"],
  hostedConnectUrl: "https://evil.example/x",
  fetchConnectToken: "https://evil.example/token",
  confirm: "https://evil.example/confirm",
  dangerouslyAcceptReturnsWithoutState: true,
  userExternalId: "somebody",
  connectToken: "tok-evil",
};

describe("T29: an option that comes from a polluted prototype", () => {
  it.each(Object.keys(POLLUTION))("%s is not read", async (name) => {
    const asked: string[] = [];
    const postJson = (url: string) => {
      asked.push(url);
      return Promise.resolve(Response.json(true));
    };
    const tab = createTab();
    const started = await tab.start();
    Object.assign(Object.prototype, { [name]: POLLUTION[name] });
    const evil = () => ({ token: "tok-secret", connect_url: "https://evil.example/x" });
    expect(await tab.flow({ fetchConnectToken: evil, postJson }).connect()).toMatchObject({
      error: { code: "connect_url_untrusted" },
    });
    expect(await tab.flow({ fetchConnectToken: undefined, postJson }).connect()).toMatchObject({
      error: { code: "connect_url_missing" },
    });
    expect(() => buildHostedConnectUrl("https://evil.example/x", {}, {})).toThrow(/untrusted/);
    expect(buildHostedConnectUrl(CONNECT_URL, {}, {})).toBe(CONNECT_URL);
    expect(tab.open(returnUrl({ status: "success", benji_user_uuid: "u" }), { postJson })).toEqual({
      status: "rejected",
      reason: "state_missing",
    });
    expect(tab.open(returnUrl({ status: "success", state: started }), { postJson })).toEqual({
      status: "success",
      replayed: false,
    });
    expect(asked).toEqual([]);
  });
});

describe("T29: a reader whose option has a wrong type", () => {
  it.each(WRONG_ON_RETURN)(
    "%s as %j believes no return, and says why where errors are reported",
    async (name, value, came) => {
      const reported: unknown[] = [];
      vi.stubGlobal("reportError", (error: unknown) => reported.push(error));
      const tab = createTab();
      const state = await tab.start({ userKey: "7" });
      const before = itemsOf(tab.storage);
      const given = { userKey: "7", [name]: value } as ConnectFlowOptions;
      const url = returnUrl({ status: "success", benji_user_uuid: "u", state });
      expect(tab.open(url, given)).toEqual({ status: "rejected", reason: "invalid_request" });
      expect(reported).toEqual([
        expect.objectContaining({
          code: "invalid_request",
          message: messageOf(`${name}: ${came}`),
        }),
      ]);
      expect(itemsOf(tab.storage)).toEqual(before);
    },
  );

  it("is none where there is no return", () => {
    for (const [name, value] of WRONG_ON_RETURN)
      expect(
        createTab()
          .flow({ [name]: value })
          .getResult(),
      ).toEqual({ status: "none" });
  });
});
