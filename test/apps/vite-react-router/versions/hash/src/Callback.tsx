import { useBenjiRedirectResult } from "react-benji-connect";
import { CallbackPage } from "./pages.js";

// The query is before the hash, where this router does not read: it needs no replaceUrl.
export function Callback() {
  const result = useBenjiRedirectResult<{ cart: number }>();
  return <CallbackPage result={result} />;
}
