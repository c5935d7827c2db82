import { afterEach, describe, expect, it, vi } from "vitest";
import { buildHostedConnectUrl } from "../../src/core/index.js";

const build = (url: string, options: object = { dangerouslyAllowHttpInDevelopment: true }) =>
  buildHostedConnectUrl(url, {}, { trustedHosts: [new URL(url).host], ...options });

const HOSTS = [
  "http://localhost:4010/x",
  "http://sandbox:4010/x",
  "http://shop.test:3000/x",
  "http://benji.local/x",
  "http://benji.docker.internal/x",
  "http://10.0.0.7/x",
  "http://172.16.0.1/x",
  "http://172.31.255.255:4010/x",
  "http://192.168.178.20:4010/x",
  "http://169.254.1.1/x",
  "http://[fd00::1]:4010/x",
  "http://[fe80::1]/x",
];

afterEach(() => vi.unstubAllEnvs());

describe("dangerouslyAllowHttpInDevelopment", () => {
  it.each(HOSTS)("dangerouslyAllowHttpInDevelopment allows %s if its host is trusted", (url) => {
    expect(build(url)).toBe(url);
    expect(
      buildHostedConnectUrl(
        "",
        {},
        { hostedConnectUrl: url, dangerouslyAllowHttpInDevelopment: true },
      ),
    ).toBe(url);
  });

  it.each([
    "http://connect.withbenji.com/x",
    "http://shop.example/x",
    "http://10.0.0.7.example/x",
    "http://10.evil.example/x",
    "http://172.32.0.1/x",
    "http://192.169.0.1/x",
    "http://11.0.0.1/x",
    "http://test/x.".replace("//test", "//test.example"),
    "http://local.example/x",
    "http://[2001:db8::1]/x",
    "http://[fc::1]/x",
    "http://[fe8::1]/x",
    "ftp://sandbox/x",
  ])("dangerouslyAllowHttpInDevelopment refuses %s (T8)", (url) => {
    expect(() => build(url)).toThrow("not an absolute https address");
  });

  it("dangerouslyAllowHttpInDevelopment does not make any host trusted (T8)", () => {
    expect(() =>
      buildHostedConnectUrl(
        "http://sandbox:4010/x",
        {},
        { dangerouslyAllowHttpInDevelopment: true },
      ),
    ).toThrow("sandbox:4010 is not in trustedHosts");
  });

  it("without dangerouslyAllowHttpInDevelopment an http address in the local network is refused (T8)", () => {
    for (const url of HOSTS.slice(1)) {
      expect(() => build(url, {})).toThrow("not an absolute https address");
      expect(() => build(url, { dangerouslyAllowHttpInDevelopment: false })).toThrow(
        "not an absolute https address",
      );
    }
  });

  it("dangerouslyAllowHttpInDevelopment has no effect if NODE_ENV is production (T8)", () => {
    vi.stubEnv("NODE_ENV", "production");
    for (const url of HOSTS.slice(1)) expect(() => build(url)).toThrow("not an absolute https");
  });

  it("dangerouslyAllowHttpInDevelopment has no effect if `process` is not defined (T8)", () => {
    vi.stubGlobal("process", undefined);
    try {
      expect(() => build("http://sandbox/x")).toThrow("not an absolute https");
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
