// The shop's server: its pages, and the three routes that have to do with Benji.
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import {
  createConfirmHandler,
  createConnectTokenHandler,
  verifyWebhook,
} from "react-benji-connect/server";

const { PORT, BENJI_API_URL, BENJI_API_KEY, BENJI_WEBHOOK_SALT } = process.env;
const PATIENCE_MS = 8_000;
const PAUSE_MS = 25;

/** What webhooks have said of each member. A real shop has a table. */
const links = new Map();

const shop = {
  apiKey: BENJI_API_KEY,
  publicOrigin: `http://localhost:${PORT}`,
  getUser: readSession,
  onError: (error) => console.error("Benji:", error),
};

const routes = new Map([
  [
    "/api/benji/connect-token",
    createConnectTokenHandler({
      ...shop,
      baseUrl: BENJI_API_URL,
      createRequest: ({ user, body }) => ({
        partnershipId: 49,
        userExternalId: user.id,
        ...(body.mode === "transfer" ? TRANSFER : { mode: "connect" }),
      }),
    }),
  ],
  ["/api/benji/confirm", createConfirmHandler({ ...shop, isConfirmed })],
  ["/webhooks/benji", takeWebhook],
  ["/", sendPage],
  ["/benji/callback", sendPage],
]);

const TRANSFER = {
  mode: "transfer",
  actions: [{ mode: "transfer", amount: 500, allowsEditing: false }],
};

createServer(getRequestListener(answer)).listen(Number(PORT), "localhost", () => {
  console.log(`The shop is open at ${shop.publicOrigin}`);
});

function answer(request) {
  const { pathname } = new URL(request.url);
  const asset = /^\/assets\/[\w-]+\.(?:js|css)$/.exec(pathname);
  if (asset) return sendFile(pathname, { "content-type": "text/javascript" });
  return routes.get(pathname)?.(request) ?? new Response("Not found", { status: 404 });
}

/** Whoever comes without a session is signed in as somebody new. */
function sendPage(request) {
  const session = readSession(request) ?? { id: randomUUID() };
  return sendFile("/index.html", {
    "content-type": "text/html; charset=utf-8",
    "set-cookie": `member=${session.id}; Path=/; HttpOnly; SameSite=Lax`,
  });
}

async function sendFile(path, headers) {
  return new Response(await readFile(new URL(`dist${path}`, import.meta.url)), { headers });
}

function readSession(request) {
  const [, id] = /(?:^|; )member=([\w-]+)/.exec(request.headers.get("cookie") ?? "") ?? [];
  return id && { id };
}

/** The webhook may be slower than the member. Silence is no answer: then the member may ask again. */
async function isConfirmed({ user, claim }) {
  const deadline = Date.now() + PATIENCE_MS;
  while (!links.has(user.id)) {
    if (Date.now() > deadline) throw new Error("No webhook yet.");
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return links.get(user.id).includes(claim.benjiUserUuid ?? claim.benjiUserId);
}

async function takeWebhook(request) {
  try {
    const { event, entityId, body } = await verifyWebhook(request, { salt: BENJI_WEBHOOK_SALT });
    if (event === "user_partner_authentication_created") {
      // Only the sandbox tells whose webhook it is.
      const { user_external_id: member } = body.sandbox_not_documented;
      links.set(member, [entityId, await readNumber(entityId)]);
    }
    return new Response(null, { status: 204 });
  } catch (error) {
    return new Response(null, { status: error.httpStatus ?? 500 });
  }
}

/** The number of a user, for returns that tell no UUID. */
async function readNumber(uuid) {
  const headers = { "x-api-key": BENJI_API_KEY };
  const answer = await fetch(`${BENJI_API_URL}/users/${encodeURIComponent(uuid)}`, { headers });
  return String((await answer.json()).data.user.id);
}
