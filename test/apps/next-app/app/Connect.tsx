"use client";

import { BenjiConnectButton } from "react-benji-connect";

export function Connect({ cart }: { cart: number }) {
  return (
    <BenjiConnectButton
      appState={{ cart }}
      fetchConnectToken={(request, { signal }) =>
        fetch("/api/benji/connect-token", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(request),
          signal,
        })
      }
    />
  );
}
