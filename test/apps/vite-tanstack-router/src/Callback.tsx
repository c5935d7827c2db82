import { useNavigate } from "@tanstack/react-router";
import { useBenjiRedirectResult } from "react-benji-connect";
import { CallbackPage } from "./pages.js";

export function Callback() {
  const navigate = useNavigate();
  const result = useBenjiRedirectResult<{ cart: number }>({
    path: "/benji/callback",
    replaceUrl: (url) => void navigate({ href: url, replace: true }),
  });
  return <CallbackPage result={result} />;
}
