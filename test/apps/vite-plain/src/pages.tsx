import { BenjiConnectButton, type BenjiRedirectResult } from "react-benji-connect";
import { useEffect, useState } from "react";
import { fetchConnectToken } from "./fetchConnectToken.js";

export const Home = () => (
  <main>
    <h1>Home</h1>
    <BenjiConnectButton fetchConnectToken={fetchConnectToken} appState={{ cart: 3 }} />
    <a href="/other?keep=1#part">Other</a>
  </main>
);

export const Other = () => (
  <main>
    <h1>Other</h1>
    <a href="/">Home</a>
  </main>
);

export function CallbackPage({
  result,
}: {
  result: BenjiRedirectResult<{ cart: number }, unknown>;
}) {
  const [{ search, hash }, setLocation] = useState({ search: "", hash: "" });
  useEffect(() => setLocation({ ...window.location }), []);
  return (
    <main>
      <h1>Callback</h1>
      <p data-result>
        {result.status === "success" ? `success, cart ${result.appState?.cart}` : result.status}
      </p>
      <p data-location>{search + hash}</p>
      <a href={`/other${search}`}>Keep the query</a>
      <a href="/">Home</a>
    </main>
  );
}
