import { BenjiConnectButton, type BenjiRedirectResult } from "react-benji-connect";
import { Link, useSearch } from "wouter";
import { fetchConnectToken } from "./fetchConnectToken.js";

export const Home = () => (
  <main>
    <h1>Home</h1>
    <BenjiConnectButton
      fetchConnectToken={fetchConnectToken}
      appState={{ cart: 3 }}
      returnTo="/other?keep=1#part"
    />
    <Link href="/other?keep=1#part">Other</Link>
  </main>
);

export const Other = () => (
  <main>
    <h1>Other</h1>
    <Link href="/">Home</Link>
  </main>
);

export function CallbackPage({ result }: { result: BenjiRedirectResult<{ cart: number }> }) {
  const search = useSearch();
  return (
    <main>
      <h1>Callback</h1>
      <p data-result>
        {result.status === "success" ? `success, cart ${result.appState?.cart}` : result.status}
      </p>
      <p data-location>{search && `?${search}`}</p>
      <Link href={`/other?${search}`}>Keep the query</Link>
      <Link href="/">Home</Link>
    </main>
  );
}
