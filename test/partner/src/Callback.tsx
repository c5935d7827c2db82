import { useBenjiRedirectResult } from "react-benji-connect";
import { useNavigate } from "react-router";

export function Callback() {
  const navigate = useNavigate();
  const result = useBenjiRedirectResult<{ cart: number }, object>({
    confirm: "/api/benji/confirm",
    replaceUrl: (url) => navigate(url, { replace: true }),
  });
  switch (result.status) {
    case "pending":
      return <p role="status">One moment</p>;
    case "success":
      return <p role="status">Done, cart {result.appState?.cart ?? 0}</p>;
    case "unconfirmed":
      return <button onClick={result.retry}>Not confirmed yet: ask again</button>;
    default:
      return (
        <p role="status">Start again ({"reason" in result ? result.reason : result.status})</p>
      );
  }
}
