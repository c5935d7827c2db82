import Link from "next/link";
import { BenjiConnectButton } from "react-benji-connect";
import { askForToken } from "../actions";

/** A server component: it can pass no functions except server actions. */
export default function Other() {
  return (
    <main>
      <h1>Other</h1>
      <BenjiConnectButton fetchConnectToken={askForToken} />
      <Link href="/">Home</Link>
    </main>
  );
}
