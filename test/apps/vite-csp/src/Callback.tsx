import { useBenjiRedirectResult } from "react-benji-connect";
import { CallbackPage } from "./pages.js";

// wouter sees every history.replaceState: it needs no replaceUrl.
export function Callback() {
  const result = useBenjiRedirectResult<{ cart: number }>({ path: "/benji/callback" });
  return <CallbackPage result={result} />;
}
