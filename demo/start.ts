import type { RequestListener } from "node:http";
import { listenSandbox, type Sandbox, type SandboxScenario } from "react-benji-connect/sandbox";
import { createMemoryStore } from "react-benji-connect/server";
import { type Backend, createBackend, TOKEN_ROUTE, WEBHOOK_ROUTE } from "./backend.js";
import { buildShop, type ShopFiles } from "./buildShop.js";
import { listenOnLocalhost, onFreePort, sendResponse, toRequest } from "./nodeHttp.js";

/** How the shop answers a request. */
export type Answer = (request: Request) => Promise<Response>;
/** A proxy in front of the shop: answers a request itself, or passes it to the shop (`answer`). */
export type Intercept = (request: Request, answer: Answer) => Promise<Response> | Response;

export interface DemoOptions {
  /** Default 5173; `0` picks a free one. */
  shopPort?: number;
  /** Default 4010; `0` picks a free one. */
  sandboxPort?: number;
  /** Default: `BENJI_API_KEY` of the environment, or the sandbox's own. */
  apiKey?: string;
  /** Called with each port that was in use. */
  say?: (line: string) => void;
  /** For tests: sees every request of the shop's pages first. */
  intercept?: Intercept;
}

export interface Demo {
  shopUrl: string;
  sandboxUrl: string;
  sandbox: Sandbox;
  /** The options of the shop's server, to start a second one with. */
  backend: Backend & Required<Pick<Backend, "store">>;
  close(): Promise<void>;
}

/** Starts the shop with its backend, and the sandbox on another site, as Benji's page would be. */
export async function startDemo({
  shopPort = 5173,
  sandboxPort = 4010,
  apiKey = process.env["BENJI_API_KEY"] || "sandbox-api-key",
  say = () => {},
  intercept = (request, answer) => answer(request),
}: DemoOptions = {}): Promise<Demo> {
  const files = await buildShop();
  const salt = crypto.randomUUID();
  let serve: RequestListener = (_, outgoing) => void outgoing.writeHead(503).end();

  const shop = await onFreePort(
    shopPort,
    (port) => listenOnLocalhost((incoming, outgoing) => serve(incoming, outgoing), port),
    say,
  );
  const shopUrl = `http://localhost:${shop.port}`;

  const sandbox = await onFreePort(
    sandboxPort,
    (port) =>
      listenSandbox({
        port,
        apiKeys: [apiKey],
        // The shop's own query shows that Benji adds its parameters to it.
        redirectUrl: `${shopUrl}/benji/callback?shop=corner`,
        webhookUrl: `${shopUrl}${WEBHOOK_ROUTE}`,
        webhookSalt: salt,
        // Benji documents no row that carries the shop's id of a member: see demo/backend.ts.
        scenario: "undocumented-merchant-external-id",
      }),
    say,
  );
  const partnershipUuid = await sandbox.sandbox.partnershipUuid(49);
  const store = createMemoryStore();
  const backend = { apiKey, baseUrl: sandbox.url, salt, partnershipUuid, store };
  const answer = createShop(files, createBackend(backend), sandbox.sandbox);
  serve = createShopServer(shopUrl, (request) => intercept(request, answer));

  return {
    shopUrl,
    sandboxUrl: sandbox.url,
    sandbox: sandbox.sandbox,
    backend,
    close: async () => void (await Promise.all([shop.close(), sandbox.close()])),
  };
}

const createShop =
  (files: ShopFiles, routes: ReadonlyMap<string, Answer>, sandbox: Sandbox): Answer =>
  async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const route = routes.get(pathname);
    if (route) {
      const answer = await route(request);
      const scenario = searchParams.get("scenario");
      if (pathname === TOKEN_ROUTE && scenario) await playScenario(answer, scenario, sandbox);
      return answer;
    }
    if (pathname.startsWith("/api/")) return new Response("Not found", { status: 404 });
    return answerFile(files, pathname);
  };

/** Sets the scenario for the new token, for the buttons that show what can go wrong. */
async function playScenario(answer: Response, scenario: string, sandbox: Sandbox): Promise<void> {
  if (!answer.ok) return;
  const { token } = (await answer.clone().json()) as { token: string };
  sandbox.setScenarioFor(token, scenario as SandboxScenario);
}

function createShopServer(
  origin: string,
  answer: (request: Request) => Promise<Response> | Response,
): RequestListener {
  return async (incoming, outgoing) => {
    try {
      await sendResponse(await answer(toRequest(incoming, origin)), outgoing);
    } catch {
      if (!outgoing.headersSent) outgoing.writeHead(400);
      outgoing.end();
    }
  };
}

const TYPES: Record<string, string> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  html: "text/html; charset=utf-8",
};

/** Answers index.html for an address that is no file: the shop's JavaScript chooses the page. */
function answerFile(files: ShopFiles, pathname: string): Response {
  const file = files.get(pathname);
  if (file === undefined && pathname.startsWith("/assets/")) {
    return new Response("Not found", { status: 404 });
  }
  const extension = file === undefined ? "html" : pathname.slice(pathname.lastIndexOf(".") + 1);
  return new Response((file ?? files.get("/index.html")) as BodyInit, {
    headers: {
      "content-type": TYPES[extension] ?? "application/octet-stream",
      "cache-control": "no-cache",
      // Strict on purpose: the library must work under this policy.
      "content-security-policy":
        "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    },
  });
}
