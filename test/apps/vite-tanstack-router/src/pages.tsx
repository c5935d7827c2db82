import { BenjiConnectButton, type BenjiRedirectResult } from "react-benji-connect";

import { Link, Navigate, useRouterState } from "@tanstack/react-router";
import { fetchConnectToken } from "./fetchConnectToken.js";
import { isLeaving } from "./leaving.js";

export const Home = () => (
  <main>
    <h1>Home</h1>
    <BenjiConnectButton fetchConnectToken={fetchConnectToken} appState={{ cart: 3 }} />
    <Link to="/other" search={{ keep: 1 }} hash="part">
      Other
    </Link>
  </main>
);

export const Other = () => (
  <main>
    <h1>Other</h1>
    <Link to="/">Home</Link>
  </main>
);

export function CallbackPage({ result }: { result: BenjiRedirectResult<{ cart: number }> }) {
  if (isLeaving() && result.status === "success")
    return <Navigate to="/other" search={{ keep: 1 }} hash="part" replace />;
  if (isLeaving() && result.status === "none") return <Navigate to="/" />;
  const { searchStr, hash } = useRouterState({ select: ({ location }) => location });
  return (
    <main>
      <h1>Callback</h1>
      <p data-result>
        {result.status === "success" ? `success, cart ${result.appState?.cart}` : result.status}
      </p>
      <p data-location>{searchStr + (hash && `#${hash}`)}</p>
      <Link to="/other" search={true}>
        Keep the query
      </Link>
      <Link to="/">Home</Link>
    </main>
  );
}
