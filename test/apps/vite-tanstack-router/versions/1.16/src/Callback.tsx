import { useRouter } from "@tanstack/react-router";
import { useBenjiRedirectResult } from "react-benji-connect";
import { CallbackPage } from "./pages.js";

export function Callback() {
  const { history } = useRouter();
  const result = useBenjiRedirectResult<{ cart: number }>({
    path: "/benji/callback",
    replaceUrl: (url) => history.replace(url),
  });
  return <CallbackPage result={result} />;
}
