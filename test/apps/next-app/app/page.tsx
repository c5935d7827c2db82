import Link from "next/link";
import { removeRedirectParams } from "react-benji-connect/core";
import { Connect } from "./Connect";

/** A server component: it can call the functions of /core. */
export default function Home() {
  return (
    <main>
      <h1>Home</h1>
      <Connect cart={3} />
      <p data-core>{removeRedirectParams("/cart?id=7&status=success#top")}</p>
      <Link href="/other?keep=1#part">Other</Link>
    </main>
  );
}
