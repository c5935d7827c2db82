import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, Server as NetServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { getRequestListener } from "@hono/node-server";
import express from "express";
import { createRequestHandler, type ServerBuild } from "react-router";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type ListeningSandbox, listenSandbox } from "../../src/sandbox/index.js";

// Runs the code blocks of docs/server.md unchanged, except for the port.

type Answer = (request: Request) => Promise<Response>;

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const MANUAL = readFileSync(join(ROOT, "docs/server.md"), "utf8");
const TOKEN_ROUTE = "/api/benji/connect-token";
const CONFIRM_ROUTE = "/api/benji/confirm";
const UUID = "3f0c7c5e-uuid-of-ada";

let sandbox: ListeningSandbox;
let folder: string;
const open: Server[] = [];

beforeAll(async () => {
  sandbox = await listenSandbox({ port: 0 });
  vi.stubEnv("BENJI_API_KEY", "sandbox-api-key");
  vi.stubEnv("BENJI_API_URL", sandbox.url);
  vi.stubEnv("PUBLIC_ORIGIN", "https://shop.example");
  vi.stubGlobal("readSession", (request: Request) =>
    /\bsession=ada\b/.test(request.headers.get("cookie") ?? "") ? { id: "ada" } : null,
  );
  vi.stubGlobal("db", {
    query: async (_: string, [user, uuid]: unknown[]) => ({
      rowCount: Number(user === "ada" && uuid === UUID),
    }),
  });
  // The folder is inside the repository, so that the blocks can import their frameworks.
  const cache = join(ROOT, "node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, "recipes-"));
  writeFileSync(join(folder, "benji.ts"), blocksUnder("The two routes")[0] ?? "");
});

afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

afterAll(async () => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  rmSync(folder, { recursive: true, force: true });
  await sandbox.close();
});

function blocksUnder(heading: string): string[] {
  const section = MANUAL.split(/^#{2,3} /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
  return [...section.matchAll(/^```(?:js|tsx?)\n([^]*?)^```/gm)].map(([, code = ""]) => code);
}

/** Runs one block and returns its exports. */
async function run<Exports>(heading: string, index = 0): Promise<Exports> {
  const block = blocksUnder(heading)[index];
  if (block === undefined) throw new Error(`No block ${index} under "${heading}".`);
  const file = join(folder, `${heading.replace(/\W+/g, "-")}-${open.length}-${index}.ts`);
  writeFileSync(file, block);
  return (await import(/* @vite-ignore */ file)) as Exports;
}

async function listen(listener: RequestListener): Promise<string> {
  return urlOf(createServer(listener).listen(0, "127.0.0.1"));
}

async function urlOf(server: Server): Promise<string> {
  open.push(server);
  if (!server.listening) await new Promise((resolve) => server.once("listening", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Runs a block that opens a port by itself, but on any free port of loopback. */
async function serveBlock(heading: string): Promise<string> {
  const { listen } = NetServer.prototype;
  const listening = vi.spyOn(NetServer.prototype, "listen");
  listening.mockImplementation(function (this: NetServer) {
    return Reflect.apply(listen, this, [0, "127.0.0.1"]) as NetServer;
  });
  try {
    // Without a reset the second import would return the cached module and open no port.
    vi.resetModules();
    await run(heading);
    return await urlOf(listening.mock.contexts[0] as Server);
  } finally {
    listening.mockRestore();
  }
}

const byPath = (answers: Record<string, Answer | undefined>): Answer => {
  const nothing: Answer = async () => new Response("Not found", { status: 404 });
  return (request) => (answers[new URL(request.url).pathname] ?? nothing)(request);
};

/** Serves `route.js` files as Next.js does: calls the export that has the name of the HTTP method. */
async function serveNext(): Promise<string> {
  type Route = Record<string, Answer | undefined>;
  const [token, confirm] = [await run<Route>("Next.js", 0), await run<Route>("Next.js", 1)];
  const callExport = (route: Route) => async (request: Request) =>
    (await route[request.method]?.(request)) ?? new Response(null, { status: 405 });
  const routes = { [TOKEN_ROUTE]: callExport(token), [CONFIRM_ROUTE]: callExport(confirm) };
  return listen(getRequestListener(byPath(routes)));
}

type Resource = Partial<Record<"action" | "loader", (args: { request: Request }) => unknown>>;

/** React Router's own request handler, with these routes only. */
function reactRouterWith(resources: Record<string, Resource>): Answer {
  const routes = Object.entries(resources).map(([path, module]) => [
    path,
    { id: path, path, module },
  ]);
  return createRequestHandler(
    {
      routes: Object.fromEntries(routes),
      entry: { module: { default: () => new Response("a page") } },
      assets: { entry: {}, routes: {}, url: "", version: "1" },
      publicPath: "/",
      assetsBuildDirectory: "",
      future: {},
      ssr: true,
      isSpaMode: false,
      prerender: [],
      routeDiscovery: { mode: "initial" },
    } as unknown as ServerBuild,
    "production",
  );
}

async function serveReactRouter(): Promise<string> {
  const heading = "React Router 7, Remix";
  const resources = {
    [TOKEN_ROUTE]: await run<Resource>(heading, 0),
    [CONFIRM_ROUTE]: await run<Resource>(heading, 1),
  };
  return listen(getRequestListener(reactRouterWith(resources)));
}

async function serveWorker(): Promise<string> {
  const { default: worker } = await run<{ default: { fetch: Answer } }>("Cloudflare Workers");
  return listen(getRequestListener(worker.fetch));
}

/** A signed-in browser on a page of the shop. */
function browse(url: string) {
  const cookies = new Map([["session", "ada"]]);
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const cookie = [...cookies].map((pair) => pair.join("=")).join("; ");
    const response = await fetch(url + path, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "sec-fetch-site": "same-origin",
        cookie,
        ...headers,
      },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (line.includes("Max-Age=0")) cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  };
  return { cookies, post };
}

const newState = () => `benji.${randomBytes(32).toString("base64url")}`;
const statusAndBody = async (response: Response) =>
  [response.status, await response.json()] as const;

describe.each<[string, () => Promise<string>]>([
  ["Node http", () => serveBlock("Node http")],
  ["Express 5", () => serveBlock("Express 5")],
  ["Hono", () => serveBlock("Hono")],
  ["Next.js", serveNext],
  ["React Router 7", serveReactRouter],
  ["Cloudflare Workers, served by Node", serveWorker],
])("the recipe for %s", (_, serve) => {
  it("the recipe's code creates a token and confirms the return with the state cookie", async () => {
    const { post, cookies } = browse(await serve());
    const state = newState();

    const token = await post(TOKEN_ROUTE, { mode: "connect", state });
    expect(await statusAndBody(token)).toEqual([
      200,
      { token: expect.any(String), connect_url: `${sandbox.url}/49` },
    ]);
    expect(token.headers.get("cache-control")).toBe("no-store");
    expect([...cookies.keys()]).toEqual(["session", expect.stringMatching(/^__Host-benji-/)]);

    const claim = { status: "success", state, benjiUserUuid: UUID };
    expect(await statusAndBody(await post(CONFIRM_ROUTE, claim))).toEqual([200, true]);
    const forged = { ...claim, benjiUserUuid: "another-member" };
    expect(await statusAndBody(await post(CONFIRM_ROUTE, forged))).toEqual([
      409,
      { error: "claim_conflict" },
    ]);
  });

  it("the recipe's code answers 403 to another browser, and 202 to an edited uuid", async () => {
    const url = await serve();
    const { post } = browse(url);
    const state = newState();
    await post(TOKEN_ROUTE, { state });
    const claim = { status: "success", state, benjiUserUuid: "edited" };
    expect(await statusAndBody(await browse(url).post(CONFIRM_ROUTE, claim))).toEqual([
      403,
      { error: "state_not_bound" },
    ]);
    expect((await post(CONFIRM_ROUTE, claim)).status).toBe(202);
  });

  it.each([
    [403, "cross_site", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }],
    [403, "cross_site", { "sec-fetch-site": "same-site", origin: "https://blog.shop.example" }],
    [415, "unsupported_media_type", {}],
  ])(
    "the recipe's code answers a form of another site with HTTP %i %s, and does not call Benji (T17)",
    async (status, error, headers) => {
      const { post } = browse(await serve());
      const asked = sandbox.sandbox.requests.length;
      for (const type of ["application/x-www-form-urlencoded", "text/plain"]) {
        const form = { "content-type": type, ...headers };
        const answer = await post(TOKEN_ROUTE, `{"state":"${newState()}","x":"="}`, form);
        expect(await statusAndBody(answer)).toEqual([status, { error }]);
        expect(answer.headers.getSetCookie()).toEqual([]);
      }
      expect(sandbox.sandbox.requests).toHaveLength(asked);
    },
  );

  it("the recipe's code sends both Set-Cookie headers of a sixth start, and a Response of createRequest", async () => {
    const { post } = browse(await serve());
    for (let starts = 0; starts < 5; starts++) await post(TOKEN_ROUTE, { state: newState() });
    const lines = (await post(TOKEN_ROUTE, { state: newState() })).headers.getSetCookie();
    expect(lines.map((line) => /Max-Age=\d+/.exec(line)?.[0])).toEqual([
      "Max-Age=0",
      "Max-Age=3600",
    ]);
    expect(await statusAndBody(await post(TOKEN_ROUTE, { mode: "redeem" }))).toEqual([
      422,
      { error: "no_such_offer" },
    ]);
  });
});

it("in Express, getUser reads the session from Express's own request", async () => {
  const { answerTokenInExpress } = await run<{ answerTokenInExpress: Answer }>(
    "Sessions on the framework's own request",
  );
  const app = express();
  app.use((request, _response, next) => {
    const user = /\bsession=ada\b/.test(request.headers.cookie ?? "") && { id: "ada" };
    next(void Object.assign(request, { session: { user } }));
  });
  app.all(TOKEN_ROUTE, getRequestListener(answerTokenInExpress));
  const url = await listen(app as RequestListener);
  const { post, cookies } = browse(url);
  expect((await post(TOKEN_ROUTE, { state: newState() })).status).toBe(200);
  cookies.set("session", "unknown");
  expect((await post(TOKEN_ROUTE, { state: newState() })).status).toBe(401);
});

it("in Express a body parser in front of the route causes body_already_read", async () => {
  const { answerToken } = await run<{ answerToken: Answer }>("The two routes");
  const app = express().use(express.json()).all(TOKEN_ROUTE, getRequestListener(answerToken));
  const url = await listen(app as RequestListener);
  const answer = await browse(url).post(TOKEN_ROUTE, { state: newState() });
  expect(await statusAndBody(answer)).toEqual([500, { error: "body_already_read" }]);
});

it("in React Router a preflight that the loader answers is allowed", async () => {
  const { createConnectTokenHandler } = await import("../../src/server/index.js");
  const answer = createConnectTokenHandler({
    apiKey: "sandbox-api-key",
    baseUrl: sandbox.url,
    allowedOrigins: ["https://www.shop.example"],
    getUser: () => ({ id: "ada" }),
    createRequest: () => ({ partnershipId: 49, mode: "connect" }),
  });
  const loader = ({ request }: { request: Request }) => answer(request);
  const url = await listen(getRequestListener(reactRouterWith({ [TOKEN_ROUTE]: { loader } })));
  const headers = { origin: "https://www.shop.example", "access-control-request-method": "POST" };
  const preflight = await fetch(url + TOKEN_ROUTE, { method: "OPTIONS", headers });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get("access-control-allow-origin")).toBe("https://www.shop.example");
});

it("the recipe for e-mail links sends a signed-in member to Benji, and anybody else to the sign-in page", async () => {
  const { GET } = await run<{ GET: Answer }>("Links and redirects");
  const follow = async (cookie: string) =>
    (await GET(new Request("https://shop.example/rewards", { headers: { cookie } }))).headers.get(
      "location",
    );
  expect(await follow("session=ada")).toMatch(`${sandbox.url}/49?connect_token=`);
  expect(await follow("")).toBe("/sign-in");
});

it("docs/server.md lists the same refusals with the same status as the source", () => {
  const source = readFileSync(join(ROOT, "src/server/routes/refusal.ts"), "utf8");
  const [, refusals = ""] = /const REFUSALS = \{([^]*?)\}/.exec(source) ?? [];
  const inSource = [...refusals.matchAll(/(\w+): (\d+)/g)].map(([, code, status]) => [
    status,
    code,
  ]);
  const inManual = [...MANUAL.matchAll(/^\| (\d{3}) +\| `(\w+)`/gm)].map(([, status, code]) => [
    status,
    code,
  ]);
  expect(inSource.length).toBeGreaterThan(10);
  expect(inManual).toEqual(inSource);
});
