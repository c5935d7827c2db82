import { useBenjiRedirectResult } from "react-benji-connect";
import { CallbackPage } from "./pages.js";

// wouter hears of every history.replaceState: nothing to tell it.
export function Callback() {
  const result = useBenjiRedirectResult<{ cart: number }>({ path: "/benji/callback" });
  return <CallbackPage result={result} />;
}
