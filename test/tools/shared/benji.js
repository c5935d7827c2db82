// The file of docs/server.md, under "The two routes".
import { createConfirmHandler, createConnectTokenHandler } from "react-benji-connect/server";

const shop = {
  apiKey: process.env["BENJI_API_KEY"] ?? "",
  publicOrigin: process.env["PUBLIC_ORIGIN"] ?? "https://shop.example",
  getUser: (request) =>
    request.headers.get("cookie")?.includes("session=ada") ? { id: "ada" } : null,
};

export const answerToken = createConnectTokenHandler({
  ...shop,
  baseUrl: process.env["BENJI_API_URL"] ?? "",
  createRequest: ({ body, user }) => ({
    partnershipId: 49,
    mode: body["mode"] === "transfer" ? "transfer" : "connect",
    userExternalId: user.id,
  }),
});

export const answerConfirm = createConfirmHandler({ ...shop, isConfirmed: () => true });

export const answerBenji = (request) =>
  new URL(request.url).pathname.endsWith("/confirm")
    ? answerConfirm(request)
    : answerToken(request);
