import Link from "next/link";
import { BenjiConnectButton } from "react-benji-connect";

export default function Home() {
  return (
    <main>
      <h1>Home</h1>
      <BenjiConnectButton appState={{ cart: 3 }} fetchConnectToken="/api/benji/connect-token" />
      <Link href="/other?keep=1#part">Other</Link>
    </main>
  );
}
