// Serves the built app with the strictest policy under which it works, the token and confirm routes,
// and a route for the browser's violation reports.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { createConfirmHandler, createConnectTokenHandler } from "react-benji-connect/server";

const { PORT = "3000", BENJI_API_URL, BENJI_API_KEY } = process.env;

const POLICY = `
  default-src 'none';
  script-src 'self';
  style-src 'self';
  connect-src 'self';
  img-src 'self';
  base-uri 'none';
  form-action 'none';
  frame-ancestors 'none';
  require-trusted-types-for 'script';
  trusted-types 'none';
  report-uri /csp-reports
`;

const HEADERS = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "permissions-policy": "clipboard-read=(), storage-access=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
};

const reports = [];

const shop = {
  apiKey: BENJI_API_KEY,
  publicOrigin: `http://localhost:${PORT}`,
  getUser: () => ({ id: "ada" }), // your session
  onError: (error) => console.error("Benji:", error),
};

const routes = {
  "/api/benji/connect-token": createConnectTokenHandler({
    ...shop,
    baseUrl: BENJI_API_URL,
    createRequest: ({ user }) => ({ partnershipId: 49, mode: "connect", userExternalId: user.id }),
  }),
  "/api/benji/confirm": createConfirmHandler({
    ...shop,
    isConfirmed: () => true, // your data from Benji's webhook
  }),
  "/csp-reports": async (request) => {
    if (request.method === "GET") return Response.json(reports);
    reports.push(await request.json());
    return new Response(null, { status: 204 });
  },
};

createServer(getRequestListener(answer)).listen(Number(PORT), "localhost", () => {
  console.log(`Open at ${shop.publicOrigin}`);
});

function answer(request) {
  const { pathname } = new URL(request.url);
  return routes[pathname]?.(request) ?? sendFile(request, pathname);
}

async function sendFile(request, pathname) {
  const name = extname(pathname) ? pathname : "/index.html";
  try {
    const body = await readFile(new URL(`dist${name}`, import.meta.url));
    const headers = { ...HEADERS, "content-type": TYPES[extname(name)] };
    return new Response(body, {
      headers: { ...headers, "content-security-policy": policyFor(request) },
    });
  } catch {
    return new Response("Not found", { status: 404, headers: HEADERS });
  }
}

/** more.mjs requests a policy without one directive, to prove that the directive is needed. */
function policyFor(request) {
  const without = request.headers.get("x-policy-without");
  const directives = POLICY.trim().split(/;\s*/);
  return directives.filter((directive) => directive.split(" ")[0] !== without).join("; ");
}
