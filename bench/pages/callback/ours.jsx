import { useBenjiRedirectResult } from "react-benji-connect";
import { Result, show } from "./harness.jsx";

function Callback() {
  const result = useBenjiRedirectResult();
  if (result.status !== "success") return <i>{result.status}</i>;
  return <Result>{result.status + result.benjiUserUuid}</Result>;
}

show(<Callback />);
