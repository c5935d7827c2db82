import { useBenjiRedirectResult } from "react-benji-connect";
import { CallbackPage } from "./pages.js";

// The query stands before the hash, where this router does not look: nothing to tell it.
export function Callback() {
  const result = useBenjiRedirectResult<{ cart: number }>();
  return <CallbackPage result={result} />;
}
