"use server";

import type { ConnectTokenRequest } from "react-benji-connect";
import { BENJI_STAGING_URL, createBenjiClient } from "react-benji-connect/server";

/** Anybody can call a server action: check your session first, and do not trust `_request`. */
export async function askForToken(_request: ConnectTokenRequest) {
  const benji = createBenjiClient({
    apiKey: process.env.BENJI_API_KEY ?? "",
    baseUrl: process.env.BENJI_API_URL ?? BENJI_STAGING_URL,
  });
  return benji.createConnectToken({ partnershipId: 49, mode: "connect", userExternalId: "ada" });
}
