import { Result, show } from "./harness.jsx";

function Callback() {
  const params = new URLSearchParams(location.search);
  return <Result>{params.get("status") + params.get("benji_user_uuid")}</Result>;
}

show(<Callback />);
