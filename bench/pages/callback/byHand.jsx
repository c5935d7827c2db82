import { useHandResult } from "../byHand.jsx";
import { Result, show } from "./harness.jsx";

function Callback() {
  const result = useHandResult();
  if (result.status !== "success") return <i>{result.status}</i>;
  return <Result>{result.status + result.benjiUserUuid}</Result>;
}

show(<Callback />);
