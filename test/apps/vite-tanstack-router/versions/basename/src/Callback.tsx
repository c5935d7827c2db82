import { useBenjiRedirectResult } from "react-benji-connect";
import { CallbackPage } from "./pages.js";

// TanStack Router hears of every history.replaceState: nothing to tell it.
export function Callback() {
  const result = useBenjiRedirectResult<{ cart: number }>({ path: "/shop/benji/callback" });
  return <CallbackPage result={result} />;
}
