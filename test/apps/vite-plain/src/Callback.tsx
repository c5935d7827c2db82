import { useBenjiRedirectResult } from "react-benji-connect";
import { CallbackPage } from "./pages.js";

export function Callback() {
  const result = useBenjiRedirectResult<{ cart: number }, unknown>({
    confirm: "/api/benji/confirm",
  });
  return <CallbackPage result={result} />;
}
