import Link from "next/link";
import { Connect } from "../Connect";

/** No server action here: in Next.js 14 it gets plain objects only, and so no signal. */
export default function Other() {
  return (
    <main>
      <h1>Other</h1>
      <Connect cart={3} />
      <Link href="/">Home</Link>
    </main>
  );
}
