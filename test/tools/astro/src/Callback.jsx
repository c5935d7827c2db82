import { useBenjiRedirectResult } from "react-benji-connect";

export function Callback() {
  const result = useBenjiRedirectResult({ path: "/callback", confirm: "/api/benji/confirm" });
  return <p id="result">{result.status}</p>;
}
