import {
  BENJI_STAGING_URL,
  createConfirmHandler,
  createConnectTokenHandler,
} from "react-benji-connect/server";

const shop = {
  apiKey: process.env.BENJI_API_KEY ?? "placeholder", // `next build` loads the routes without it
  publicOrigin: `http://localhost:${process.env.PORT ?? 3000}`,
  getUser: () => ({ id: "ada" }), // your session
  onError: (error: unknown) => console.error("Benji:", error),
};

export const answerToken = createConnectTokenHandler({
  ...shop,
  baseUrl: process.env.BENJI_API_URL ?? BENJI_STAGING_URL,
  createRequest: ({ user }) => ({ partnershipId: 49, mode: "connect", userExternalId: user.id }),
});

export const answerConfirm = createConfirmHandler({
  ...shop,
  isConfirmed: () => true, // your data from Benji's webhook
});
