import { BenjiConnectButton, type BenjiRedirectResult } from "react-benji-connect";
import { Link, useLocation } from "react-router-dom";
import { fetchConnectToken } from "./fetchConnectToken.js";

export const Home = () => (
  <main>
    <h1>Home</h1>
    <BenjiConnectButton
      fetchConnectToken={fetchConnectToken}
      appState={{ cart: 3 }}
      returnTo="/other?keep=1#part"
    />
    <Link to="/other?keep=1#part">Other</Link>
  </main>
);

export const Other = () => (
  <main>
    <h1>Other</h1>
    <Link to="/">Home</Link>
  </main>
);

export function CallbackPage({ result }: { result: BenjiRedirectResult<{ cart: number }> }) {
  const { search, hash } = useLocation();
  return (
    <main>
      <h1>Callback</h1>
      <p data-result>
        {result.status === "success" ? `success, cart ${result.appState?.cart}` : result.status}
      </p>
      <p data-location>{search + hash}</p>
      <Link to={`/other${search}`}>Keep the query</Link>
      <Link to="/">Home</Link>
    </main>
  );
}
