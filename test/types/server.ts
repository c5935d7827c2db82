// A partner's server without the DOM library: `Request` and `Response` come from Node's types.
import { createSandbox, listenSandbox } from "react-benji-connect/sandbox";
import { createConfirmHandler, createConnectTokenHandler } from "react-benji-connect/server";

export const sandbox = createSandbox();
export const listening = listenSandbox({ port: 0 });

const shop = {
  apiKey: "key",
  publicOrigin: "https://shop.example",
  getUser: (request: Request) => (request.headers.has("cookie") ? { id: "ada" } : null),
};

export const POST = createConnectTokenHandler({
  ...shop,
  baseUrl: "https://api.example",
  createRequest: ({ user }) => ({ partnershipId: 49, mode: "connect", userExternalId: user.id }),
});

export const confirm = createConfirmHandler({
  ...shop,
  isConfirmed: ({ user, claim }) => claim.benjiUserUuid === user.id,
});
