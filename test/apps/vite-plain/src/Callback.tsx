import { useBenjiRedirectResult } from "react-benji-connect";
import { confirm } from "./confirm.js";
import { CallbackPage } from "./pages.js";

export function Callback() {
  const result = useBenjiRedirectResult<{ cart: number }, unknown>({ confirm });
  return <CallbackPage result={result} />;
}
