"use client";

import { useBenjiRedirectResult } from "react-benji-connect";

export function Result() {
  const result = useBenjiRedirectResult<{ cart: number }>();
  return (
    <p data-result>
      {result.status === "success" ? `success, cart ${result.appState?.cart}` : result.status}
    </p>
  );
}
