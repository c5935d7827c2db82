import { useBenjiRedirectResult } from "react-benji-connect";
import { useNavigate } from "react-router";
import { CallbackPage } from "./pages.js";

export function Callback() {
  const navigate = useNavigate();
  const result = useBenjiRedirectResult<{ cart: number }>({
    path: "/shop/benji/callback",
    // navigate prepends the basename to every path.
    replaceUrl: (url) => navigate(url.slice("/shop".length), { replace: true }),
  });
  return <CallbackPage result={result} />;
}
