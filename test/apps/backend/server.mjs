// The server behind a single-page app. The app's Vite server forwards /api to it.
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { createConfirmHandler, createConnectTokenHandler } from "react-benji-connect/server";

const { PORT, APP_ORIGIN, BENJI_API_URL, BENJI_API_KEY } = process.env;

const app = {
  apiKey: BENJI_API_KEY,
  publicOrigin: APP_ORIGIN,
  getUser: () => ({ id: "ada" }), // your session
  onError: (error) => console.error("Benji:", error),
};

const routes = {
  "/api/benji/connect-token": createConnectTokenHandler({
    ...app,
    baseUrl: BENJI_API_URL,
    createRequest: ({ user }) => ({ partnershipId: 49, mode: "connect", userExternalId: user.id }),
  }),
  "/api/benji/confirm": createConfirmHandler({
    ...app,
    isConfirmed: () => true, // your data from Benji's webhook
  }),
};

const answer = (request) =>
  routes[new URL(request.url).pathname]?.(request) ?? new Response("Not found", { status: 404 });

createServer(getRequestListener(answer)).listen(Number(PORT), "127.0.0.1", () => {
  console.log(`The backend listens at http://127.0.0.1:${PORT}`);
});
