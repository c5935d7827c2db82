import { useBenjiRedirectResult } from "react-benji-connect";
import { CallbackPage } from "./pages.js";

// TanStack Router sees every history.replaceState: it needs no replaceUrl.
export function Callback() {
  const result = useBenjiRedirectResult<{ cart: number }>({ path: "/shop/benji/callback" });
  return <CallbackPage result={result} />;
}
