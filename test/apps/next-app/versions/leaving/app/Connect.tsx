"use client";

import { BenjiConnectButton } from "react-benji-connect";

export function Connect({ cart }: { cart: number }) {
  return (
    <BenjiConnectButton
      appState={{ cart }}
      returnTo="/other?keep=1#part"
      fetchConnectToken="/api/benji/connect-token"
    />
  );
}
