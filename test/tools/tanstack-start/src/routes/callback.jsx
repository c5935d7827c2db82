import { createFileRoute } from "@tanstack/react-router";
import { useBenjiRedirectResult } from "react-benji-connect";

export const Route = createFileRoute("/callback")({ component: Callback });

function Callback() {
  const result = useBenjiRedirectResult({ path: "/callback", confirm: "/api/benji/confirm" });
  return <p id="result">{result.status}</p>;
}
