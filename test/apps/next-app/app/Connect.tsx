"use client";

import { BenjiConnectButton } from "react-benji-connect";

export function Connect({ cart }: { cart: number }) {
  return <BenjiConnectButton appState={{ cart }} fetchConnectToken="/api/benji/connect-token" />;
}
