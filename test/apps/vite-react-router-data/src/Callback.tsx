import { useBenjiRedirectResult } from "react-benji-connect";
import { useNavigate } from "react-router";
import { CallbackPage } from "./pages.js";

export function Callback() {
  const navigate = useNavigate();
  const result = useBenjiRedirectResult<{ cart: number }>({
    path: "/benji/callback",
    replaceUrl: (url) => navigate(url, { replace: true }),
  });
  return <CallbackPage result={result} />;
}
