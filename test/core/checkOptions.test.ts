import { afterEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import type { ConnectOptions } from "../../src/core/options.js";
import { READER_TYPES, START_TYPES } from "../../src/core/checkOptions.js";
import type { HostedConnectParams } from "../../src/core/out/buildHostedConnectUrl.js";
import type { ReaderOptions } from "../../src/core/returnReader.js";
import { createTab, returnUrl, token } from "./createTab.js";

const VALUES = {
  null: null,
  NaN: NaN,
  boolean: true,
  number: 7,
  string: "text",
  array: [],
  object: {},
  function: () => {},
};

/** Each option with each value of a type that the option does not accept. */
const wrongValues = (types: Readonly<Record<string, string>>) =>
  Object.entries(types).flatMap(([name, expected]) =>
    Object.entries(VALUES)
      .filter(([kind]) => !expected.includes(kind))
      .map(([kind, value]) => [name, kind, value] as const),
  );

afterEach(() => void vi.unstubAllGlobals());

it("every option of a start and of a hook for the result is in the table of types checked at run time (T29)", () => {
  expectTypeOf<keyof typeof START_TYPES>().toEqualTypeOf<
    Exclude<keyof (ConnectOptions & HostedConnectParams), "appState" | "connectToken" | "state">
  >();
  expectTypeOf<keyof typeof READER_TYPES>().toEqualTypeOf<
    Exclude<keyof ReaderOptions, "onEvent">
  >();
});

describe("an option of the wrong type, which only JavaScript can give", () => {
  it.each(wrongValues(START_TYPES))(
    "a start whose option %s is of the type %s fails, names both in its error and requests no token (T29)",
    async (name, kind, value) => {
      const tab = createTab();
      const fetchConnectToken = vi.fn(token);
      const outcome = await tab.flow({ fetchConnectToken, [name]: value }).connect();
      expect(outcome).toMatchObject({
        status: "failed",
        error: {
          code: "invalid_request",
          message: expect.stringContaining(`invalid_request: ${name}: ${kind}`) as string,
        },
      });
      expect([tab.left, fetchConnectToken.mock.calls]).toEqual([[], []]);
    },
  );

  it.each(
    wrongValues({ ...READER_TYPES, url: "null NaN boolean number string array object function" }),
  )(
    "a return is rejected if the option %s is of the type %s, and the reported error names both (T29)",
    async (name, kind, value) => {
      const reportError = vi.fn();
      vi.stubGlobal("reportError", reportError);
      const tab = createTab();
      const state = await tab.start();
      const url = returnUrl({ status: "success", state, benji_user_uuid: "u-1" });
      const result = tab.open(url, { [name]: value });
      expect(result).toEqual({ status: "rejected", reason: "invalid_request" });
      expect(reportError.mock.calls.join()).toContain(`invalid_request: ${name}: ${kind}`);
    },
  );
});

it("the result has the status none if the option `url` is a number", () => {
  const tab = createTab();
  tab.url = returnUrl({ status: "success", state: "s", benji_user_uuid: "u-1" });
  expect(tab.flow({ url: 7 as never }).getResult()).toEqual({ status: "none" });
});

describe("a polluted prototype", () => {
  const pollute = (properties: object) => {
    Object.assign(Object.prototype, properties);
    return () => {
      for (const name of Object.keys(properties))
        delete (Object.prototype as Record<string, unknown>)[name];
    };
  };

  it("a start ignores options that come from a polluted prototype (T29)", async () => {
    const tab = createTab();
    const fetchConnectToken = () => ({ token: "t", connect_url: "https://evil.example/p" });
    const flow = tab.flow({ fetchConnectToken });
    const clean = pollute({
      trustedHosts: ["evil.example"],
      hostedConnectUrl: "https://evil.example/p",
    });
    const outcome = await flow.connect().finally(clean);
    expect(outcome).toMatchObject({ status: "failed", error: { code: "connect_url_untrusted" } });
    expect(tab.left).toEqual([]);
  });

  it("reading a return ignores options that come from a polluted prototype (T29)", () => {
    const tab = createTab();
    const clean = pollute({ dangerouslyAcceptReturnsWithoutState: true });
    try {
      const result = tab.open(returnUrl({ status: "success", benji_user_uuid: "u-1" }));
      expect(result).toEqual({ status: "rejected", reason: "state_missing" });
    } finally {
      clean();
    }
  });
});
