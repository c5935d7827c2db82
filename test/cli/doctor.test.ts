import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

import { parseCommand } from "../../src/cli/parseCommand.js";
import { type DoctorOptions, examine, findingsText } from "../../src/cli/doctor/doctor.js";
import { listenSandbox } from "../../src/sandbox/index.js";
import { createConnectTokenHandler } from "../../src/server/index.js";

type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

const closing: (() => unknown)[] = [];
afterAll(() => Promise.all(closing.map((close) => close())));

/** Starts a shop over real HTTP: `page` answers for its pages, `route` for its token route. */
async function openShop(page: Answer, route: Answer = goodRoute): Promise<string> {
  const server = createServer((request, response) => {
    const isRoute = request.url?.startsWith("/api/");
    void (isRoute ? route : page)(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const html = (headers: Record<string, string> = {}, body = "<!doctype html><p>Thanks"): Answer =>
  function answer(_, response) {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", ...headers }).end(body);
  };

const goodRoute: Answer = (request, response) => {
  if (request.method !== "POST") return void response.writeHead(405).end();
  if (request.headers["sec-fetch-site"] === "cross-site") return void response.writeHead(403).end();
  response.writeHead(401).end();
};

const emptyFolder = () => mkdtemp(join(tmpdir(), "benji-doctor-"));

async function filesIn(files: Record<string, string>): Promise<string> {
  const folder = await emptyFolder();
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

const look = async (url: string, options: Partial<DoctorOptions> = {}) =>
  examine({
    url: new URL(url),
    callback: "/benji/callback",
    tokenRoute: "/api/benji/connect-token",
    folder: options.folder ?? (await emptyFolder()),
    createsToken: false,
    ...options,
  });

const verdictOf = async (check: string, url: string, options?: Partial<DoctorOptions>) => {
  const findings = await look(url, options);
  return findings.find((finding) => finding.check === check)?.verdict;
};

describe("the doctor", () => {
  it("the doctor finds nothing wrong with a plain app that serves its HTML for every path", async () => {
    const findings = await look(await openShop(html()));
    expect(findings.filter(({ verdict }) => verdict === "wrong")).toEqual([]);
    expect(findings.at(-1)).toMatchObject({ check: "Redirect URL", verdict: "unknown" });
  });

  it("the doctor reports the callback and the token route as wrong if the shop does not answer", async () => {
    const findings = await look("http://127.0.0.1:9");
    expect(findings).toContainEqual(
      expect.objectContaining({ check: "callback", verdict: "wrong" }),
    );
    expect(findings).toContainEqual(
      expect.objectContaining({ check: "token route", verdict: "wrong" }),
    );
  });

  it.each<[string, Answer, string]>([
    ["a 404 for the callback", (_, to) => void to.writeHead(404).end("no"), "callback"],
    ["JSON for the callback", html({ "content-type": "application/json" }), "callback"],
    [
      "a redirect that drops the query",
      (from, to) =>
        from.url === "/benji/callback/"
          ? void html()(from, to)
          : void to.writeHead(308, { location: "/benji/callback/" }).end(),
      "redirects",
    ],
    [
      "a referrer policy that sends the ids on",
      html({ "referrer-policy": "unsafe-url" }),
      "referrer-policy",
    ],
    [
      "a meta tag with a referrer policy that sends the ids on",
      html({}, '<meta name="referrer" content="no-referrer-when-downgrade">'),
      "referrer-policy",
    ],
    [
      "the referrer policy unsafe-url in front of an unknown policy",
      html({ "referrer-policy": "unsafe-url, policy-of-tomorrow" }),
      "referrer-policy",
    ],
    [
      "a CSP that allows no requests",
      html({ "content-security-policy": "default-src 'none'" }),
      "csp",
    ],
    [
      "a CSP that sandboxes the page",
      html({ "content-security-policy": "sandbox allow-scripts; default-src 'self'" }),
      "csp",
    ],
    [
      "a public cache of a page that contains the ids",
      (from, to) => html({ "cache-control": "public, max-age=60" }, `<p>${from.url}`)(from, to),
      "caching",
    ],
  ])("the doctor reports %s as wrong", async (_, page, check) => {
    expect(await verdictOf(check, await openShop(page))).toBe("wrong");
  });

  it("the doctor reports a callback that redirects to another origin as wrong", async () => {
    const www = await openShop(html());
    const apex = await openShop(
      (from, to) => void to.writeHead(301, { location: `${www}${from.url}` }).end(),
    );
    expect(await verdictOf("redirects", apex)).toBe("wrong");
  });

  it.each<[string, Answer, string]>([
    [
      "a redirect to a trailing slash that keeps the query",
      (from, to) =>
        from.url?.startsWith("/benji/callback/")
          ? void html()(from, to)
          : void to
              .writeHead(308, { location: from.url?.replace("callback?", "callback/?") })
              .end(),
      "redirects",
    ],
    [
      "the referrer policy no-referrer",
      html({ "referrer-policy": "no-referrer" }),
      "referrer-policy",
    ],
    [
      "the referrer policy unsafe-url in front of a strict policy",
      html({ "referrer-policy": "unsafe-url, strict-origin-when-cross-origin" }),
      "referrer-policy",
    ],
    [
      "a CSP that allows the page's own origin",
      html({ "content-security-policy": "default-src 'self'" }),
      "csp",
    ],
    [
      "a CSP that allows requests by scheme",
      html({ "content-security-policy": "default-src 'none'; connect-src http:" }),
      "csp",
    ],
    [
      "a public cache of HTML that is the same for everybody",
      html({ "cache-control": "public, max-age=60" }),
      "caching",
    ],
  ])("the doctor reports %s as ok", async (_, page, check) => {
    expect(await verdictOf(check, await openShop(page))).toBe("ok");
  });

  it("the doctor reports a callback that redirects to another page, such as /login, as unknown", async () => {
    const url = await openShop((from, to) =>
      from.url?.startsWith("/login")
        ? html()(from, to)
        : void to
            .writeHead(302, { location: `/login${from.url?.slice("/benji/callback".length)}` })
            .end(),
    );
    expect(await verdictOf("redirects", url)).toBe("unknown");
  });

  it.each<[string, Answer]>([
    ["GET", (_, to) => void to.writeHead(200).end("{}")],
    ["another site", (from, to) => void to.writeHead(from.method === "POST" ? 200 : 405).end("{}")],
  ])(
    'the doctor\'s check "token route: %s" has the verdict wrong if the route answers such a request with 200',
    async (name, route) => {
      const url = await openShop(html(), route);
      expect(await verdictOf(`token route: ${name}`, url)).toBe("wrong");
    },
  );

  it("the doctor's check of the origin is unknown if the token route answers 401 to a POST without a session", async () => {
    const url = await openShop(
      html(),
      (from, to) => void to.writeHead(from.method === "POST" ? 401 : 405).end(),
    );
    expect(await verdictOf("token route: another site", url)).toBe("unknown");
  });
});

describe("the doctor, when it may create a token", () => {
  /** Starts a shop whose token route is createConnectTokenHandler with a sandbox. */
  async function openWithHandler(change: (headers: Headers) => void = () => {}) {
    const sandbox = await listenSandbox({ port: 0 });
    closing.push(() => sandbox.close());
    const handler = createConnectTokenHandler({
      apiKey: "sandbox-api-key",
      baseUrl: sandbox.url,
      getUser: (request) =>
        request.headers.get("cookie")?.includes("session=7") ? { id: "member-7" } : null,
      createRequest: () => ({ partnershipId: 49, mode: "connect" }),
      onError: () => {},
    });
    const url = await openShop(html(), async (incoming, outgoing) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const answer = await handler(
        new Request(`http://${incoming.headers.host}${incoming.url}`, {
          method: incoming.method ?? "GET",
          headers: incoming.headers as Record<string, string>,
          ...(incoming.method === "POST" && { body: Buffer.concat(chunks) }),
        }),
      );
      change(answer.headers);
      outgoing
        .writeHead(answer.status, Object.fromEntries(answer.headers))
        .end(await answer.text());
    });
    return { url, api: sandbox.url };
  }

  it("with a session cookie the doctor reports the route of createConnectTokenHandler as ok and prints no secret", async () => {
    const { url } = await openWithHandler();
    const findings = await look(url, { createsToken: true, cookie: "session=7" });
    const aboutRoute = findings.filter(({ check }) => check.startsWith("token route"));
    expect(aboutRoute.map(({ verdict }) => verdict)).toEqual(Array(6).fill("ok"));
    expect(findingsText(findings)).not.toMatch(/session=7|sandbox-api-key|benji\.doctor/);
  });

  it("without a session cookie the doctor reports the creation of a token as unknown", async () => {
    const { url } = await openWithHandler();
    expect(await verdictOf("token route: a token", url, { createsToken: true })).toBe("unknown");
  });

  it.each([
    ["caching", (headers: Headers) => headers.delete("cache-control")],
    [
      "cookie",
      (headers: Headers) =>
        headers.set("set-cookie", (headers.get("set-cookie") ?? "").replace("; HttpOnly", "")),
    ],
  ])(
    'the doctor\'s check "token route: %s" has the verdict wrong if a proxy weakens that header',
    async (check, change) => {
      const { url } = await openWithHandler(change);
      const options = { createsToken: true, cookie: "session=7" };
      expect(await verdictOf(`token route: ${check}`, url, options)).toBe("wrong");
    },
  );

  it.each([
    ["sandbox-api-key", "ok"],
    ["another-key", "wrong"],
  ])(
    "the doctor sends the API key %s to Benji and reports that key as %s",
    async (apiKey, verdict) => {
      const { url, api } = await openWithHandler();
      const benji = { api, partnershipId: "49" };
      expect(await verdictOf("API key", url, { benji, apiKey })).toBe(verdict);
    },
  );
});

describe("the doctor in a folder", () => {
  const manifest = (version: string) => JSON.stringify({ version });
  const OURS = "node_modules/react-benji-connect/package.json";

  it.each<[string, string, string, Record<string, string>]>([
    ["one copy of the package", "copies", "ok", { [OURS]: manifest("0.1.0") }],
    [
      "two copies of the package",
      "copies",
      "wrong",
      { [OURS]: manifest("0.1.0"), [`node_modules/@shop/ui/${OURS}`]: manifest("0.0.9") },
    ],
    ["no copy of the package", "copies", "unknown", {}],
    ["React 19", "react", "ok", { "node_modules/react/package.json": manifest("19.2.0") }],
    ["React 17", "react", "wrong", { "node_modules/react/package.json": manifest("17.0.2") }],
  ])(
    "with %s in the folder the doctor's check %s has the verdict %s",
    async (_, check, verdict, files) => {
      const folder = await filesIn(files);
      expect(await verdictOf(check, await openShop(html()), { folder })).toBe(verdict);
    },
  );

  it.each<[string, string, Record<string, string>]>([
    ["the API key", "wrong", { "assets/app.js": 'fetch(a,{headers:{"x":"secret-key-1"}})' }],
    ["the name BENJI_API_KEY", "wrong", { "assets/app.js.map": '"process.env.BENJI_API_KEY"' }],
    ["neither the API key nor its name", "ok", { "assets/app.js": "console.log(1)" }],
    ["no JavaScript", "unknown", { "picture.png": "BENJI_API_KEY" }],
  ])(
    "with %s in the built files the doctor's check for the API key has the verdict %s",
    async (_, verdict, files) => {
      const built = await filesIn(files);
      const findings = await look(await openShop(html()), { built, apiKey: "secret-key-1" });
      expect(findings.find(({ check }) => check === "built files")?.verdict).toBe(verdict);
      expect(findingsText(findings)).not.toContain("secret-key-1");
    },
  );
});

describe("the doctor's command line", () => {
  it("the command doctor uses the documented paths for the callback and the token route by default", () => {
    expect(parseCommand(["doctor", "--url", "https://shop.example/some/page"], {})).toEqual({
      kind: "doctor",
      isJson: false,
      options: {
        url: new URL("https://shop.example"),
        callback: "/benji/callback",
        tokenRoute: "/api/benji/connect-token",
        createsToken: false,
      },
    });
  });

  it.each([
    [["doctor"], "--url is missing"],
    [["doctor", "--url", "shop.example"], "--url takes an address"],
    [
      ["doctor", "--url", "https://a.example", "--callback", "https://a.example/x"],
      "--callback takes a path",
    ],
    [["doctor", "--url", "https://a.example", "--key-from-env"], "needs BENJI_API_KEY"],
    [["doctor", "--url", "https://a.example", "--port", "1"], '--port is not for "doctor"'],
    [["sandbox", "--url", "https://a.example"], '--url is not for "sandbox"'],
  ])('the command line %j is refused with the message "%s"', (words, problem) => {
    const command = parseCommand(words, {});
    expect(command).toMatchObject({
      kind: "misused",
      problem: expect.stringContaining(problem) as string,
    });
  });
});
