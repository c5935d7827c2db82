import { useBenjiRedirectResult } from "react-benji-connect";
import { CallbackPage } from "./pages.js";

// This router reads only the hash, and the query is before it: it needs no replaceUrl.
export function Callback() {
  const result = useBenjiRedirectResult<{ cart: number }>();
  return <CallbackPage result={result} />;
}
