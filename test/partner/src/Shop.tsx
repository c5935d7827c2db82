import { BenjiConnectButton } from "react-benji-connect";

export const Shop = () => (
  <main>
    <h1>Partner's shop</h1>
    <BenjiConnectButton />
    <BenjiConnectButton mode="transfer" amount={500} appState={{ cart: 3 }} />
  </main>
);
